// The journey editor: joins the parts.

import { askWhere, compare, showKeys } from "./dialogs.js";
import { button, fill, h, icon, shorten } from "./dom.js";
import { listenToDrags } from "./drag.js";
import { Grid } from "./grid.js";
import { Journey } from "./journey.js";
import { listenToKeys } from "./keys.js";
import { Ear } from "./live.js";
import { rankAt } from "./ranks.js";
import { verbAndKind } from "./state.js";
import { Teller } from "./teller.js";
import { Writing } from "./writing.js";

const data = JSON.parse(document.getElementById("journey-data").textContent);
const { texts } = data;
const journey = new Journey(data);
const teller = new Teller({ journey, texts, urls: data.urls, compare: () => compareNext() });
const acts = {};
const grid = new Grid({ root: document.getElementById("map"), journey, texts, acts });
const writing = new Writing({ grid, journey, texts, say: (...what) => teller.toast(...what) });

const placeOf = (note) => fill(texts.in, journey.view.rows("step").get(note.step)?.title ?? "", journey.view.rows("lane").get(note.lane)?.title ?? "");
const removedWords = { note: texts.removedNote, step: texts.removedStep, lane: texts.removedLane, phase: texts.removedPhase };

// --- What one can do -----------------------------------------------------------------------------

Object.assign(acts, {
  edit(stop) {
    if (!journey.mayChange) return;
    if (stop.matches(".note[data-id]")) writing.note(stop);
    else if (stop.matches("th[data-kind]")) writing.title(stop);
    else if (stop.matches(".cell--feeling")) writing.feeling(stop);
    else acts.addAt(stop);
  },
  addAt(stop) {
    if (!journey.mayChange) return;
    const cell = stop.closest(".cell");
    if (cell?.matches(".cell--feeling")) writing.feeling(cell);
    else if (cell?.dataset.step) writing.newNote(cell.dataset.step, cell.dataset.lane);
    else if (stop.dataset.kind === "step") acts.addStep(journey.view.rows("step").get(stop.dataset.id).phase, stop.dataset.id);
    else if (stop.dataset.emptyPhase) acts.addStep(stop.dataset.emptyPhase);
    else if (stop.dataset.kind === "lane") acts.addLane(stop.dataset.id);
    else if (stop.dataset.kind === "phase") acts.addPhase(stop.dataset.id);
  },
  addNote: (step, lane) => writing.newNote(step, lane),
  addStep(phase, after = null) {
    add("step", { phase, title: texts.newStep }, journey.view.stepsOf(phase), after);
  },
  addLane(after = null) {
    add("lane", { title: texts.newLane }, journey.view.living("lane"), after);
  },
  addPhase(after = null) {
    add("phase", { title: texts.newPhase }, journey.view.living("phase"), after);
  },
  remove(kind, id) {
    if (!journey.mayChange) return;
    writing.finish();
    const cell = grid.noteElements.get(id)?.closest(".cell");
    const operation = journey.do(`remove_${kind}`, id, {});
    if (cell?.isConnected) grid.focus(grid.stopIn(cell));
    teller.toast(removedWords[kind], { label: texts.undo, act: () => undo(operation) });
  },
  move(kind, id) {
    if (!journey.mayChange) return;
    writing.finish();
    askWhere({ kind, id, view: journey.view, texts, act: ({ parents, others, place }) => move(kind, id, parents, others, place) });
  },
  // Alt and an arrow: one place at a time.
  nudge(kind, id, key) {
    if (!journey.mayChange) return;
    const { view } = journey;
    const row = view.rows(kind).get(id);
    const step = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
    const sideways = key === "ArrowRight" || key === "ArrowLeft";
    if (kind === "note" && sideways) {
      const steps = view.stepsInOrder();
      const target = steps[steps.findIndex((one) => one.id === row.step) + step];
      if (target) move(kind, id, { step: target.id, lane: row.lane }, view.notesIn(target.id, row.lane), Infinity);
    } else if (kind === "note") {
      const own = view.notesIn(row.step, row.lane);
      const place = own.findIndex((one) => one.id === id) + step;
      const others = own.filter((one) => one.id !== id);
      if (place >= 0 && place <= others.length) return void move(kind, id, { step: row.step, lane: row.lane }, others, place);
      const lanes = view.living("lane").filter((lane) => lane.kind === "notes");
      const lane = lanes[lanes.findIndex((one) => one.id === row.lane) + step];
      if (lane) move(kind, id, { step: row.step, lane: lane.id }, view.notesIn(row.step, lane.id), step > 0 ? 0 : Infinity);
    } else if ((kind === "lane") !== sideways) {
      const all = kind === "step" ? view.stepsOf(row.phase) : view.living(kind);
      const place = all.findIndex((one) => one.id === id) + step;
      const others = all.filter((one) => one.id !== id);
      if (place >= 0 && place <= others.length) move(kind, id, kind === "step" ? { phase: row.phase } : {}, others, place);
    }
  },
  feel(cell, change) {
    if (!journey.mayChange || !cell.dataset.step) return;
    const step = journey.view.rows("step").get(cell.dataset.step);
    const feeling = Math.max(-2, Math.min(2, (step.feeling ?? 0) + change));
    if (feeling !== step.feeling) journey.do("set_feeling", step.id, { feeling });
    teller.say(fill(texts.feelingAt, step.title, texts.feelings[feeling]));
  },
  undo: () => undo(),
  help: () => showKeys(texts),
});

function add(kind, fields, siblings, after) {
  if (!journey.mayChange) return;
  writing.finish();
  const place = after ? siblings.findIndex((one) => one.id === after) + 1 : Infinity;
  const id = crypto.randomUUID();
  journey.do(`add_${kind}`, id, { ...fields, rank: rankAt(siblings, place) });
  if (kind === "step") showStep(id);
  const header = grid.headerOf(kind, id);
  header.scrollIntoView({ block: "nearest", inline: "nearest" });
  writing.title(header);
}

function move(kind, id, parents, others, place) {
  const fields = { ...parents, rank: rankAt(others, place) };
  const operation = journey.do(`move_${kind}`, id, fields);
  grid.focus(kind === "note" ? grid.noteElements.get(id) : grid.headerOf(kind, id));
  const where = kind === "note" ? placeOf(fields) : (journey.view.rows("phase").get(fields.phase)?.title ?? "");
  if (where) teller.toast(fill(texts.moved, where), { label: texts.undo, act: () => undo(operation) });
}

function undo(operation) {
  writing.finish();
  if (journey.undo(operation)) teller.toast(texts.undone);
}

// --- What comes back ----------------------------------------------------------------------------

journey.listen((what, detail) => {
  if (what === "status") teller.status();
  if (what === "changed") {
    grid.draw({ fresh: new Set((detail.others ?? []).map((operation) => operation.target)) });
    document.getElementById("journey-title").textContent = journey.view.about.title;
    drawStepBar();
    teller.status();
    if (detail.others?.length) tellOfOthers(detail.others);
  }
  if (what === "conflict" || what === "refused") comeBack(what, detail);
});

// What could not be stored: a text goes to the side and waits for a choice; the rest is said in a sentence.
function comeBack(what, { operation, result }) {
  const text = operation.fields.text ?? operation.fields.title;
  const name = result.changed_by || texts.someone;
  if (text !== undefined && operation.type !== "change_journey") {
    journey.outbox.keep({ id: operation.id, result: what, text, operation, current: normal(result.current), changedBy: result.changed_by, revision: result.revision, detail: result.detail });
    teller.status();
    if (what === "refused") teller.toast(result.detail, { label: texts.compare, act: compareNext });
    else teller.toast(fill(texts.otherChanged, name), { label: texts.compare, act: compareNext });
  } else if (operation.type === "remove_note" && what === "conflict") {
    const again = () => journey.do("remove_note", operation.target, {}, { basedOn: result.revision });
    teller.toast(fill(texts.otherChanged, name), { label: texts.removeAnyway, act: again });
  } else {
    teller.toast(what === "conflict" ? fill(texts.otherMoved, name) : result.detail);
  }
  journey.catchUp();
}

const normal = (current) => (current ? { ...current, text: current.text ?? current.title ?? "" } : current);

function compareNext() {
  const entry = journey.outbox.kept[0];
  if (entry) compare({ entry, texts, settle });
}

function settle(entry, decision, text) {
  const { operation } = entry;
  journey.outbox.let_go(entry);
  if (decision === "mine" && text) {
    const field = operation.fields.title === undefined ? "text" : "title";
    const [verb, kind] = verbAndKind(operation.type);
    const basedOn = Math.max(entry.revision ?? 0, journey.base.revision);
    if (entry.current?.removed) journey.do(`restore_${kind}`, operation.target, {}, { basedOn });
    if (verb === "add") journey.do(operation.type, crypto.randomUUID(), { ...operation.fields, [field]: text }, { basedOn });
    else journey.do(operation.type, operation.target, { ...operation.fields, [field]: text }, { basedOn });
  }
  teller.status();
  if (journey.outbox.kept.length) compareNext();
}

function tellOfOthers(others) {
  if (others.length > 2) return void teller.others(fill(texts.theyChangedMany, others.length));
  for (const operation of others) {
    const [verb, kind] = operation.type === "change_journey" ? ["change", ""] : verbAndKind(operation.type);
    const row = kind ? journey.view.rows(kind).get(operation.target) : journey.view.about;
    const name = operation.by ?? texts.someone;
    if (verb === "add" && kind === "note") teller.others(fill(texts.theyAdded, name, placeOf(row)));
    else teller.others(fill(texts.theyChanged, name, row?.title ? `“${shorten(row.title)}”` : kind === "note" && row ? `${texts.aNote}, ${placeOf(row)}` : texts.aNote));
  }
}

// --- One step at a time, on a narrow screen -------------------------------------------------------

const stepSelect = h("select", { class: "ds-input", "aria-label": texts.step, onchange: (event) => showStep(event.target.value) });
const stepBefore = button(texts.previous, () => walkSteps(-1), { sign: "arrow-left", quiet: true, look: "secondary" });
const stepNext = button(texts.next, () => walkSteps(1), { sign: "arrow-right", quiet: true, look: "secondary" });
const stepBar = h("nav", { class: "step-bar", "aria-label": texts.step }, stepBefore, stepSelect, stepNext);
grid.root.prepend(stepBar);

function drawStepBar() {
  const { place, columns } = grid.showStep(grid.currentStep);
  stepSelect.replaceChildren(
    ...columns.map(({ step, phase }, at) => h("option", { value: step?.id ?? phase.id, selected: at === place }, `${fill(texts.stepOf, at + 1, columns.length)}: ${step?.title ?? phase.title}`)),
  );
  stepBefore.disabled = place <= 0;
  stepNext.disabled = place >= columns.length - 1;
}

function showStep(id) {
  grid.showStep(id);
  drawStepBar();
}

function walkSteps(by) {
  const { place, columns } = grid.showStep(grid.currentStep);
  const column = columns[place + by];
  if (column) showStep(column.step?.id ?? column.phase.id);
}

// --- Tools ----------------------------------------------------------------------------------------

function menu(label, sign, look, ...content) {
  const summary = h("summary", { class: "ds-button", "data-variant": look, "data-size": "sm" }, icon(sign), label);
  const details = h("details", { class: "tool-menu" }, summary, h("div", { class: "tool-menu__panel" }, content));
  const away = () => (details.open = false);
  details.addEventListener("click", (event) => event.target.closest(".tool-menu__panel button") && away());
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    away();
    summary.focus();
  });
  document.addEventListener("pointerdown", (event) => details.contains(event.target) || away());
  return details;
}

const tools = document.getElementById("journey-tools");
const more = menu(
  texts.more,
  "menu",
  "tertiary",
  teller.silencer(),
  button(texts.keysTitle, () => acts.help(), { sign: "info" }),
  button(texts.print, () => window.print(), { sign: "print" }),
);
if (journey.mayChange) {
  const lastPhase = () => journey.view.living("phase").at(-1)?.id;
  tools.querySelector("#journey-status").after(
    button(texts.undo, () => undo(), { sign: "arrow-left" }),
    menu(
      texts.addWhat,
      "plus",
      "secondary",
      button(texts.addStep, () => acts.addStep(lastPhase()), { sign: "plus" }),
      button(texts.addLane, () => acts.addLane(), { sign: "plus" }),
      button(texts.addPhase, () => acts.addPhase(), { sign: "plus" }),
    ),
  );
}
tools.append(more);

grid.root.addEventListener("dblclick", (event) => {
  const stop = event.target.closest(".note[data-id], th[data-kind], .cell");
  if (stop && !event.target.closest("button, form, input, select")) acts.edit(stop);
});
grid.root.addEventListener("click", (event) => {
  const cell = event.target.closest(".cell--feeling");
  if (cell && !event.target.closest("select")) acts.edit(cell);
});
// A press anywhere else ends the writing, and keeps it.
document.addEventListener("pointerdown", (event) => {
  if (writing.close && !event.target.closest(".is-writing, .writing__feeling, dialog, .toast")) writing.finish();
});

listenToKeys({ grid, acts });
listenToDrags({
  grid,
  drop(id, { step, lane, place }) {
    const others = journey.view.notesIn(step, lane).filter((note) => note.id !== id);
    const own = journey.view.notesIn(step, lane).findIndex((note) => note.id === id);
    if (own !== place) move("note", id, { step, lane }, others, place);
  },
});
grid.draw();
drawStepBar();
teller.status();
new Ear({ url: data.urls.events, hear: (revision) => journey.catchUp(revision ?? Infinity) });

const [draft] = journey.mayChange ? journey.outbox.stored("draft.") : [];
if (draft && writing.reopen(draft)) teller.toast(texts.draftKept);
document.documentElement.dataset.journey = "ready";
