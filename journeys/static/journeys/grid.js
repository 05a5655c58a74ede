// The map as a grid: draws what the journey says, and touches only what has changed.

import { drawCurve } from "./curve.js";
import { arrange, button, fill, h, icon } from "./dom.js";

const STRENGTH = { assumption: 1, staff: 2, citizen: 3, data: 4 };

export class Grid {
  constructor({ root, journey, texts, acts }) {
    this.root = root;
    this.journey = journey;
    this.texts = texts;
    this.acts = acts; // what buttons and keys do: see main.js
    this.noteElements = new Map();
    this.shape = "";
    this.editing = null; // the element that holds an open editor
    this.tabStop = null;
    this.currentStep = null; // the step that a narrow screen shows
  }

  get view() {
    return this.journey.view;
  }

  // The grid is drawn anew only when its rows or columns have changed.
  draw({ fresh = new Set() } = {}) {
    const columns = this.view.columns();
    const lanes = this.view.living("lane");
    const shape = JSON.stringify([
      columns.map(({ phase, step }) => [phase.id, phase.title, step?.id, step?.title]),
      lanes.map((lane) => [lane.id, lane.title, lane.kind]),
      this.journey.mayChange,
    ]);
    const focus = this.rememberFocus();
    if (shape !== this.shape) {
      this.shape = shape;
      this.build(columns, lanes);
    }
    this.fillCells(columns, lanes, fresh);
    this.drawFeelings(columns);
    this.showStep(this.currentStep);
    this.giveFocusBack(focus);
  }

  build(columns, lanes) {
    const texts = this.texts;
    let number = 0;
    const phases = [];
    for (const column of columns) {
      if (phases.at(-1)?.phase === column.phase) phases.at(-1).span += 1;
      else phases.push({ phase: column.phase, span: 1 });
    }
    const corner = (text) => h("td", { class: "map__corner", role: "presentation" }, text ?? "");
    const phaseRow = h(
      "tr",
      { class: "map__phases", role: "row" },
      corner(),
      phases.map(({ phase, span }) => this.header("phase", phase, "map__phase", { role: "columnheader", colspan: span, scope: "colgroup" })),
    );
    const stepRow = h(
      "tr",
      { class: "map__steps", role: "row" },
      corner(),
      columns.map(({ phase, step }, place) => {
        if (step) {
          number += 1;
          const header = this.header("step", step, "map__step", { role: "columnheader", scope: "col", "data-column": place });
          header.prepend(h("span", { class: "map__number" }, String(number)));
          return header;
        }
        return h("td", { class: "map__step map__step--none", role: "gridcell", tabindex: -1, "data-empty-phase": phase.id, "data-column": place }, texts.noStep, this.journey.mayChange ? button(texts.addStep, () => this.acts.addStep(phase.id), { sign: "plus", tabindex: -1 }) : null);
      }),
    );
    this.cells = new Map();
    const rows = lanes.map((lane) => {
      const curve = lane.kind === "feeling";
      return h(
        "tr",
        { class: `map__row${curve ? " map__row--curve" : ""}`, role: "row", "data-lane": lane.id },
        this.header("lane", lane, "map__lane", { role: "rowheader", scope: "row" }),
        columns.map(({ step }, place) => {
          const cell = h("td", {
            class: `cell${curve ? " cell--feeling" : ""}`,
            role: "gridcell",
            tabindex: -1,
            "data-step": step?.id,
            "data-lane": lane.id,
            "data-column": place,
          });
          if (step) this.cells.set(`${step.id} ${lane.id}`, cell);
          if (step && !curve && this.journey.mayChange) cell.append(this.addButton(step, lane));
          return cell;
        }),
      );
    });
    const table = h(
      "table",
      { class: "map__table", role: "grid", "aria-label": texts.grid, "aria-readonly": this.journey.mayChange ? undefined : "true" },
      h("colgroup", {}, h("col", { class: "map__lane-column" }), columns.map(() => h("col", { class: "map__column" }))),
      h("thead", { role: "rowgroup" }, phaseRow, stepRow),
      h("tbody", { role: "rowgroup" }, rows),
    );
    this.table = table;
    const old = this.root.querySelector(".map__table");
    old.replaceWith(table);
    this.root.classList.add("is-live");
  }

  header(kind, row, look, attributes) {
    const tools = this.journey.mayChange ? this.headerTools(kind, row) : null;
    return h("th", { class: look, tabindex: -1, "data-kind": kind, "data-id": row.id, ...attributes }, h("span", { class: "map__label" }, row.title), tools);
  }

  headerTools(kind, row) {
    const { texts, acts } = this;
    const tool = (label, sign, act) => button(label, act, { sign, quiet: true, tabindex: -1 });
    return h(
      "span",
      { class: "tools" },
      tool(texts.edit, "pencil", () => acts.edit(this.headerOf(kind, row.id))),
      tool(texts.move, "arrow-right", () => acts.move(kind, row.id)),
      kind === "step" ? tool(texts.addStepAfter, "plus", () => acts.addStep(row.phase, row.id)) : null,
      tool(texts.remove, "trash", () => acts.remove(kind, row.id)),
    );
  }

  headerOf(kind, id) {
    return this.table.querySelector(`th[data-kind="${kind}"][data-id="${id}"]`);
  }

  addButton(step, lane) {
    const label = fill(this.texts.addIn, fill(this.texts.in, step.title, lane.title));
    return h("button", { class: "cell__add", type: "button", tabindex: -1, "aria-label": label, onclick: () => this.acts.addNote(step.id, lane.id) }, icon("plus"), this.texts.add);
  }

  fillCells(columns, lanes, fresh) {
    const byCell = this.view.cells();
    const seen = new Set();
    for (const [key, cell] of this.cells) {
      if (cell.classList.contains("cell--feeling")) continue;
      const notes = byCell.get(key) ?? [];
      const elements = notes.map((note) => {
        seen.add(note.id);
        return this.noteElement(note, fresh.has(note.id));
      });
      const draft = cell.querySelector(":scope > .note--draft");
      const add = cell.querySelector(":scope > .cell__add");
      arrange(cell, [...elements, draft, add].filter(Boolean));
    }
    for (const id of this.noteElements.keys()) {
      if (!seen.has(id) && this.noteElements.get(id) !== this.editing) this.noteElements.delete(id);
    }
  }

  noteElement(note, isFresh) {
    let element = this.noteElements.get(note.id);
    if (!element) {
      element = h("div", { class: "note", tabindex: -1, role: "group", "data-id": note.id, id: `note-${note.id}` });
      this.noteElements.set(note.id, element);
    }
    if (element !== this.editing) this.fillNote(element, note);
    if (isFresh) {
      element.classList.remove("is-fresh");
      requestAnimationFrame(() => element.classList.add("is-fresh"));
    }
    return element;
  }

  fillNote(element, note) {
    const written = JSON.stringify([note.text, note.evidence, note.colour, this.journey.mayChange]);
    if (element.dataset.written === written) return;
    element.dataset.written = written;
    element.className = `note note--${note.colour}`;
    element.setAttribute("aria-label", `${this.texts.note}: ${note.text}. ${this.texts.evidence[note.evidence]}`);
    element.title = note.written_by ? fill(this.texts.writtenBy, note.written_by) : "";
    element.replaceChildren(
      h("p", { class: "note__text" }, note.text),
      h(
        "p",
        { class: "note__foot" },
        h("span", { class: "evidence" }, dots(STRENGTH[note.evidence]), this.texts.evidence[note.evidence]),
      ),
      this.journey.mayChange
        ? h(
            "span",
            { class: "tools" },
            button(this.texts.edit, () => this.acts.edit(element), { sign: "pencil", quiet: true, tabindex: -1 }),
            button(this.texts.move, () => this.acts.move("note", note.id), { sign: "arrow-right", quiet: true, tabindex: -1 }),
            button(this.texts.remove, () => this.acts.remove("note", note.id), { sign: "trash", quiet: true, tabindex: -1 }),
          )
        : "",
    );
  }

  drawFeelings(columns) {
    const row = this.table.querySelector(".map__row--curve");
    if (row) {
      const cells = [...row.querySelectorAll(".cell--feeling")];
      cells.forEach((cell, place) => {
        const { step } = columns[place];
        if (cell === this.editing) return;
        const feeling = step?.feeling ?? null;
        const word = feeling === null ? this.texts.noFeeling : this.texts.feelings[feeling];
        cell.setAttribute("aria-label", step ? fill(this.texts.feelingAt, step.title, word) : this.texts.empty);
        cell.replaceChildren(
          ...(feeling === null ? [] : [h("span", { class: "feeling", "data-feeling": feeling }, h("span", { class: "feeling__point" }), h("span", { class: "feeling__word" }, word))]),
        );
      });
      cells[0]?.prepend(drawCurve(columns.map(({ step }) => step?.feeling ?? null)));
    }
    const words = columns.filter(({ step }) => step).map(({ step }) => h("tr", {}, h("th", { scope: "row" }, step.title), h("td", {}, step.feeling === null ? "–" : this.texts.feelings[step.feeling])));
    document.getElementById("feelings-rows")?.replaceChildren(...words);
  }

  // --- Focus: one tab stop for the whole grid -------------------------------------------------------

  rememberFocus() {
    const active = document.activeElement;
    if (!active || !this.table?.contains(active)) return null;
    const stop = active.closest("[data-id], .cell, .map__step--none");
    const text = active.matches("textarea, input") ? [active.selectionStart, active.selectionEnd] : null;
    return { active, stop, text, key: this.keyOf(stop) };
  }

  keyOf(stop) {
    if (!stop) return null;
    if (stop.dataset.id) return { id: stop.dataset.id, cell: this.cellKey(stop.closest(".cell")) };
    return { cell: this.cellKey(stop) };
  }

  cellKey(cell) {
    return cell ? `${cell.dataset.step} ${cell.dataset.lane}` : null;
  }

  giveFocusBack(focus) {
    if (focus && document.activeElement !== focus.active) {
      if (focus.active.isConnected) {
        focus.active.focus({ preventScroll: true });
        if (focus.text) focus.active.setSelectionRange(...focus.text);
      } else {
        const same = focus.key?.id && this.table.querySelector(`[data-id="${focus.key.id}"]`);
        const cell = this.cells.get(focus.key?.cell);
        this.focus(same || (cell && this.stopIn(cell)) || this.firstStop(), { preventScroll: true });
      }
    }
    if (!this.tabStop?.isConnected) this.setTabStop(this.firstStop());
  }

  firstStop() {
    return this.table.querySelector(".map__step, .map__lane");
  }

  setTabStop(stop) {
    if (this.tabStop && this.tabStop !== stop) this.tabStop.tabIndex = -1;
    this.tabStop = stop;
    if (stop) stop.tabIndex = 0;
  }

  focus(stop, options = {}) {
    if (!stop) return;
    this.setTabStop(stop);
    stop.focus(options);
  }

  stopIn(cell, { last = false } = {}) {
    const notes = cell.querySelectorAll(":scope > .note[data-id]");
    return notes.length ? notes[last ? notes.length - 1 : 0] : cell;
  }

  focusNote(id) {
    this.focus(this.noteElements.get(id));
  }

  // --- One step at a time, on a narrow screen --------------------------------------------------------

  showStep(id) {
    const columns = this.view.columns();
    let place = columns.findIndex(({ step, phase }) => (step?.id ?? phase.id) === id);
    if (place < 0) place = 0;
    this.currentStep = columns[place]?.step?.id ?? columns[place]?.phase.id ?? null;
    for (const element of this.table.querySelectorAll(".is-current")) element.classList.remove("is-current");
    for (const element of this.table.querySelectorAll(`[data-column="${place}"]`)) element.classList.add("is-current");
    const phase = columns[place]?.phase;
    if (phase) this.headerOf("phase", phase.id)?.classList.add("is-current");
    return { place, columns };
  }
}

function dots(filled) {
  return h("span", { class: `evidence__dots evidence__dots--${filled}`, "aria-hidden": "true" }, h("i"), h("i"), h("i"), h("i"));
}
