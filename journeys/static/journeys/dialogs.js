// What asks: where to move something, which text should stand, and which keys there are.

import { button, fill, h, shorten } from "./dom.js";

function show(dialog) {
  document.body.append(dialog);
  const before = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before?.isConnected && document.activeElement === document.body) before.focus();
  });
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.showModal();
}

function frame(title, texts, ...content) {
  const id = `dialog-${crypto.randomUUID()}`;
  const dialog = h("dialog", { class: "ask", "aria-labelledby": id }, h("h2", { id, class: "ask__title" }, title), ...content);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return dialog;
}

function choice(label, options, chosen) {
  const select = h("select", { class: "ds-input" }, options.map(([value, text]) => h("option", { value, selected: value === chosen }, shorten(text, 70))));
  return { select, field: h("label", { class: "ask__field" }, h("span", { class: "ds-label" }, label), select) };
}

// Calls `act` with the fields of a move: the new parents and the place among the new siblings.
export function askWhere({ kind, id, view, texts, act }) {
  const row = view.rows(kind).get(id);
  const parents = { note: ["step", "lane"], step: ["phase"], lane: [], phase: [] }[kind];
  const options = {
    step: () => view.columns().filter(({ step }) => step).map(({ step, phase }) => [step.id, `${phase.title} – ${step.title}`]),
    lane: () => view.living("lane").filter((lane) => lane.kind === "notes").map((lane) => [lane.id, lane.title]),
    phase: () => view.living("phase").map((phase) => [phase.id, phase.title]),
  };
  const choices = Object.fromEntries(parents.map((name) => [name, choice(texts[name], options[name](), row[name])]));
  const place = choice(texts.place, [], null);
  const siblings = () =>
    ({
      note: () => view.notesIn(choices.step.select.value, choices.lane.select.value),
      step: () => view.stepsOf(choices.phase.select.value),
      lane: () => view.living("lane"),
      phase: () => view.living("phase"),
    })[kind]();
  const fillPlaces = () => {
    const all = siblings();
    const others = all.filter((one) => one.id !== id);
    const now = all.findIndex((one) => one.id === id);
    const chosen = now < 0 ? others.length : now;
    place.select.replaceChildren(
      h("option", { value: 0, selected: chosen === 0 }, texts.first),
      ...others.map((one, at) => h("option", { value: at + 1, selected: chosen === at + 1 }, fill(texts.after, shorten(one.title ?? one.text)))),
    );
  };
  for (const { select } of Object.values(choices)) select.addEventListener("change", fillPlaces);
  fillPlaces();
  const form = h(
    "form",
    { method: "dialog", class: "ask__form" },
    Object.values(choices).map(({ field }) => field),
    place.field,
    h("p", { class: "ask__acts" }, h("button", { class: "ds-button", type: "submit" }, texts.moveHere), button(texts.cancel, () => dialog.close(), { "data-size": "md" })),
  );
  const dialog = frame(fill(texts.moveWhat, shorten(row.title ?? row.text)), texts, form);
  form.addEventListener("submit", () => {
    const others = siblings().filter((one) => one.id !== id);
    act({ parents: Object.fromEntries(parents.map((name) => [name, choices[name].select.value])), others, place: Number(place.select.value) });
  });
  show(dialog);
}

// One text at a time, both versions beside each other. `settle(entry, decision, text)`.
export function compare({ entry, texts, settle }) {
  const removed = entry.current?.removed;
  const refused = entry.result === "refused";
  const name = entry.changedBy || texts.someone;
  const mine = h("textarea", { class: "ds-input compare__text", rows: 6, "aria-label": texts.yours });
  mine.value = entry.text;
  const act = (decision) => {
    dialog.close();
    settle(entry, decision, mine.value.trim());
  };
  const merge = () => {
    mine.value = `${entry.current.text}\n${entry.text}`;
    mine.focus();
  };
  const acts = refused
    ? [button(texts.tryAgain, () => act("mine"), { look: "primary" }), button(texts.throwAway, () => act("theirs"))]
    : removed
      ? [button(texts.putBack, () => act("mine"), { look: "primary" }), button(texts.leaveAway, () => act("theirs"), { look: "secondary" })]
      : [
          button(texts.useMine, () => act("mine"), { look: "primary" }),
          button(texts.keepTheirs, () => act("theirs"), { look: "secondary" }),
          button(texts.merge, merge),
        ];
  const theirs = refused
    ? h("div", {}, h("p", {}, entry.detail ?? ""))
    : h("div", {}, h("h3", { class: "compare__who" }, fill(removed ? texts.theyRemoved : texts.theirs, name)), h("p", { class: "compare__theirs" }, entry.current?.text ?? ""));
  const dialog = frame(
    refused ? texts.refusedTitle : texts.conflictTitle,
    texts,
    h("p", { class: "muted" }, refused ? "" : texts.conflictLead),
    h("div", { class: "compare" }, h("div", {}, h("h3", { class: "compare__who" }, texts.yours), mine), theirs),
    h("p", { class: "ask__acts" }, acts),
  );
  dialog.classList.add("ask--wide");
  show(dialog);
}

export function showKeys(texts) {
  const rows = texts.keys.map(([keys, what]) => h("div", {}, h("dt", {}, keys.split(" ").map((key) => h("kbd", {}, key))), h("dd", {}, what)));
  const dialog = frame(texts.keysTitle, texts, h("dl", { class: "keys" }, rows), h("p", { class: "ask__acts" }, button(texts.close, () => dialog.close(), { look: "secondary" })));
  show(dialog);
}
