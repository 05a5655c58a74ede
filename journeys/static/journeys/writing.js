// Writing in place: a note, a title, a feeling. What is being typed is kept in this browser letter by letter.

import { button, h } from "./dom.js";
import { rankAt } from "./ranks.js";

export class Writing {
  constructor({ grid, journey, texts, say }) {
    Object.assign(this, { grid, journey, texts, say });
    this.close = null;
  }

  // Ends what is open, keeping what was typed.
  finish() {
    this.close?.(true);
  }

  note(element, { draft = null } = {}) {
    const id = element.dataset.id;
    const note = this.journey.view.notes.get(id);
    if (!note) return;
    const first = { text: note.text, evidence: note.evidence, colour: note.colour };
    this.open(element, {
      draft: draft ?? { target: id, basedOn: this.journey.base.revision, fields: first },
      first,
      save: (fields, basedOn) => {
        const changed = Object.fromEntries(Object.entries(fields).filter(([name, value]) => value !== first[name]));
        if (Object.keys(changed).length) this.journey.do("change_note", id, changed, { basedOn });
      },
      done: () => {
        element.dataset.written = "";
        const now = this.journey.view.notes.get(id);
        if (now && !now.removed) this.grid.fillNote(element, now);
        this.grid.focusNote(id);
      },
    });
  }

  newNote(step, lane, { draft = null } = {}) {
    const cell = this.grid.cells.get(`${step} ${lane}`);
    if (!cell) return;
    this.finish();
    const element = h("div", { class: "note note--yellow note--draft", role: "group" });
    cell.insertBefore(element, cell.querySelector(":scope > .cell__add"));
    const target = draft?.target ?? crypto.randomUUID();
    const id = draft?.id ?? crypto.randomUUID();
    const first = { text: "", evidence: "assumption", colour: "yellow" };
    let saved = false;
    this.open(element, {
      draft: draft ?? { target, id, step, lane, basedOn: this.journey.base.revision, fields: first },
      first,
      save: (fields, basedOn) => {
        if (!fields.text) return;
        saved = true;
        element.remove();
        this.journey.do("add_note", target, { step, lane, ...fields, rank: this.lastRank(step, lane) }, { basedOn, id });
      },
      done: () => {
        element.remove();
        if (saved) this.grid.focusNote(target);
        else this.grid.focus(this.grid.stopIn(cell, { last: true }));
      },
    });
  }

  open(element, { draft, first, save, done }) {
    this.finish();
    const { texts } = this;
    const store = () => this.journey.outbox.store("draft.", draft.target, draft);
    const text = h("textarea", { class: "ds-input writing__text", "aria-label": texts.noteText, rows: 3, maxlength: 2000 });
    text.value = draft.fields.text;
    const evidence = h(
      "select",
      { class: "ds-input writing__evidence", "aria-label": texts.howWeKnow },
      Object.entries(texts.evidenceLong).map(([value, label]) => h("option", { value, selected: value === draft.fields.evidence }, label)),
    );
    const name = `colour-${draft.target}`;
    const colours = h(
      "span",
      { class: "writing__colours", role: "radiogroup", "aria-label": texts.colour },
      Object.entries(texts.colours).map(([value, label]) =>
        h("label", { class: `swatch swatch--${value}`, title: label }, h("input", { type: "radio", name, value, checked: value === draft.fields.colour }), h("span", { class: "visually-hidden" }, label)),
      ),
    );
    const fields = () => ({ text: text.value.trim(), evidence: evidence.value, colour: form.elements[name].value });
    const form = h(
      "form",
      { class: "writing", novalidate: true },
      text,
      evidence,
      h("span", { class: "writing__row" }, colours, h("button", { class: "ds-button", "data-size": "sm", type: "submit" }, texts.save), button(texts.cancel, () => finish(false))),
      h("span", { class: "writing__hint" }, texts.hintKeys),
    );
    const grow = () => {
      text.style.height = "auto";
      text.style.height = `${text.scrollHeight + 2}px`;
    };
    const finish = (keep) => {
      if (this.close !== finish) return;
      this.close = null;
      this.grid.editing = null;
      const given = { ...fields() };
      element.classList.remove("is-writing");
      this.journey.outbox.store("draft.", draft.target, null);
      if (keep && given.text) save(given, draft.basedOn);
      else if (keep && !given.text && first.text) this.say(texts.thrown);
      done();
      if (!keep && given.text && given.text !== first.text) {
        // Escape is no loss either.
        this.say(texts.thrown, { label: texts.takeBack, act: () => this.reopen({ ...draft, fields: given }) });
      }
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      finish(true);
    });
    form.addEventListener("input", () => {
      draft.fields = fields();
      element.className = element.className.replace(/note--(yellow|blue|green|pink)/, `note--${draft.fields.colour}`);
      store();
      grow();
    });
    form.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") {
        event.preventDefault();
        finish(false);
      }
      const touch = matchMedia("(pointer: coarse)").matches;
      if (event.key === "Enter" && event.target === text && !event.isComposing && ((!event.shiftKey && !touch) || event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        finish(true);
      }
    });
    element.replaceChildren(form);
    element.classList.add("is-writing");
    element.dataset.written = "";
    this.grid.editing = element;
    this.close = finish;
    grow();
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
    form.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // What was being written when the page went away, or what Escape put aside.
  reopen(draft) {
    const existing = this.journey.view.notes.get(draft.target);
    if (existing && !existing.removed) this.note(this.grid.noteElements.get(draft.target), { draft });
    else if (draft.step) this.newNote(draft.step, draft.lane, { draft });
    return Boolean(this.close);
  }

  title(header) {
    const { kind, id } = header.dataset;
    const row = this.journey.view.rows(kind).get(id);
    const label = header.querySelector(".map__label");
    const basedOn = this.journey.base.revision;
    this.finish();
    const input = h("input", { class: "ds-input writing__title", "aria-label": this.texts.title, maxlength: 160 });
    input.value = row.title;
    const finish = (keep) => {
      if (this.close !== finish) return;
      this.close = null;
      this.grid.editing = null;
      input.replaceWith(label);
      header.classList.remove("is-writing");
      const title = input.value.trim();
      if (keep && title && title !== row.title) this.journey.do(`change_${kind}`, id, { title }, { basedOn });
      this.grid.focus(this.grid.headerOf(kind, id));
    };
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter" || event.key === "Escape") {
        event.preventDefault();
        finish(event.key === "Enter");
      }
    });
    input.addEventListener("blur", () => setTimeout(() => input.isConnected && document.activeElement !== input && finish(true), 100));
    label.replaceWith(input);
    header.classList.add("is-writing");
    this.grid.editing = header;
    this.close = finish;
    input.focus();
    input.select();
  }

  feeling(cell) {
    const id = cell.dataset.step;
    const step = this.journey.view.rows("step").get(id);
    if (!step) return;
    const basedOn = this.journey.base.revision;
    this.finish();
    const option = (value, label) => h("option", { value, selected: String(step.feeling ?? "") === value }, label);
    const select = h(
      "select",
      { class: "ds-input writing__feeling", "aria-label": this.texts.feeling },
      [2, 1, 0, -1, -2].map((value) => option(String(value), this.texts.feelings[value])),
      option("", this.texts.noFeeling),
    );
    const finish = (keep) => {
      if (this.close !== finish) return;
      this.close = null;
      this.grid.editing = null;
      const feeling = select.value === "" ? null : Number(select.value);
      select.remove();
      if (keep && feeling !== step.feeling) this.journey.do("set_feeling", id, { feeling }, { basedOn });
      else this.grid.draw();
      this.grid.focus(this.grid.cells.get(`${id} ${cell.dataset.lane}`));
    };
    select.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape" || event.key === "Enter") {
        event.preventDefault();
        finish(event.key === "Enter");
      }
    });
    select.addEventListener("blur", () => finish(true));
    cell.append(select);
    this.grid.editing = cell;
    this.close = finish;
    select.focus();
  }

  lastRank(step, lane) {
    return rankAt(this.journey.view.notesIn(step, lane), Infinity);
  }
}
