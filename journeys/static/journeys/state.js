// The map as rows, and what an operation does to it: the same here as on the server.

const ROWS = { phase: "phases", step: "steps", lane: "lanes", note: "notes" };
const FIRST = { phase: {}, lane: { kind: "notes" }, step: { feeling: null }, note: { evidence: "assumption", colour: "yellow" } };
const inOrder = (one, other) => (one.rank < other.rank ? -1 : one.rank > other.rank ? 1 : one.id < other.id ? -1 : 1);

export function verbAndKind(type) {
  return type === "set_feeling" ? ["change", "step"] : type.split("_");
}

export class JourneyMap {
  static from(json) {
    const map = new JourneyMap();
    map.revision = json.revision;
    map.about = { title: json.title, aim: json.aim, state: json.state };
    for (const name of Object.values(ROWS)) map[name] = new Map(json[name].map((row) => [row.id, row]));
    return map;
  }

  copy() {
    const map = new JourneyMap();
    map.revision = this.revision;
    map.about = { ...this.about };
    for (const name of Object.values(ROWS)) map[name] = new Map(this[name]);
    return map;
  }

  rows(kind) {
    return this[ROWS[kind]];
  }

  // False when the operation is about something that this map has never seen.
  apply(operation) {
    if (operation.type === "change_journey") {
      Object.assign(this.about, operation.fields);
      return true;
    }
    const [verb, kind] = verbAndKind(operation.type);
    const rows = this.rows(kind);
    const row = rows.get(operation.target);
    if (verb === "add") {
      rows.set(operation.target, { ...FIRST[kind], ...operation.fields, id: operation.target, written_by: operation.by ?? null });
      return true;
    }
    if (!row) return false;
    if (verb === "remove") rows.set(row.id, { ...row, removed: true });
    else if (verb === "restore") rows.set(row.id, { ...row, removed: false });
    else rows.set(row.id, { ...row, ...operation.fields });
    return true;
  }

  living(kind) {
    return [...this.rows(kind).values()].filter((row) => !row.removed).sort(inOrder);
  }

  stepsOf(phase) {
    return this.living("step").filter((step) => step.phase === phase);
  }

  // The columns from left to right; a phase without steps keeps an empty one.
  columns() {
    const columns = [];
    const steps = this.living("step");
    for (const phase of this.living("phase")) {
      const own = steps.filter((step) => step.phase === phase.id);
      if (own.length) columns.push(...own.map((step) => ({ phase, step })));
      else columns.push({ phase, step: null });
    }
    return columns;
  }

  stepsInOrder() {
    return this.columns().filter((column) => column.step).map((column) => column.step);
  }

  notesIn(step, lane) {
    return this.living("note").filter((note) => note.step === step && note.lane === lane);
  }

  cells() {
    const cells = new Map();
    for (const note of this.living("note")) {
      const key = `${note.step} ${note.lane}`;
      if (!cells.has(key)) cells.set(key, []);
      cells.get(key).push(note);
    }
    return cells;
  }
}

// What undoes an operation, given the map as it was before it.
export function inverse(operation, before) {
  if (operation.type === "change_journey") {
    return { type: operation.type, target: null, fields: pick(before.about, operation.fields) };
  }
  const [verb, kind] = verbAndKind(operation.type);
  const opposite = { add: "remove", remove: "restore", restore: "remove" }[verb];
  if (opposite) return { type: `${opposite}_${kind}`, target: operation.target, fields: {} };
  return { type: operation.type, target: operation.target, fields: pick(before.rows(kind).get(operation.target), operation.fields) };
}

const pick = (row, fields) => Object.fromEntries(Object.keys(fields).map((name) => [name, row[name]]));
