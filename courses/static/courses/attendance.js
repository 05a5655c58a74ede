// The list of a course day: a tap is shown at once, kept in this browser, and sent when there is a network.
// Without this script each button is a form of its own.

import { Outbox, sayWaiting } from "./attendance_outbox.js";
import { forgetLists, guardLists, keepList, prepareFor } from "./kept.js";
import { postJson } from "../shared/sending.js";

const data = JSON.parse(document.getElementById("attendance-data").textContent);
const { texts } = data;
const rows = new Map([...document.querySelectorAll("[data-booking]")].map((row) => [Number(row.dataset.booking), row]));
const queue = document.querySelector("[data-queue]");
const kept = document.querySelector("[data-kept]");
const undo = document.querySelector("[data-undo]");
const pressed = document.getElementById("undo-says");
const undone = document.querySelector("[data-undone]");
let offered = !undo || undo.hidden ? null : { press: undo.elements.press.value, says: pressed.textContent };
let undoing = false;
const known = new Map(); // how each line stands by the server's last answer
for (const [booking, row] of rows) known.set(booking, { booking, state: row.dataset.state, says: words(row).textContent, mark: row.dataset.mark || null, claim: claimOf(row).textContent, claimed_at: row.dataset.claimed || null });

const outbox = new Outbox(data.person, (what, url, answer) => {
  if (what === "answer" && url === data.url) hearAll(answer);
  draw();
});

if (rows.size) {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-marks]")) {
      event.preventDefault();
      takeForm(form, event.submitter);
    } else if (form.matches("[data-mark-rest]")) {
      event.preventDefault();
      markTheRest();
    } else if (form === undo) {
      event.preventDefault();
      takeBack();
    } else if (form.matches("[data-confirm-claims]")) {
      event.preventDefault();
      for (const booking of rows.keys()) if (stateOf(booking).claimed_at && !stateOf(booking).state) take(booking, { state: "present" });
    }
  });
  if (data.listens) setInterval(() => document.hidden || refresh(), 10000);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  window.addEventListener("online", refresh);
  draw();
  outbox.soon(0);
  document.documentElement.dataset.attendance = "ready";
}

await guardLists(data.person);
if (data.kept && rows.size) {
  // Opened from what was kept, it stays as old as it is until the site answers.
  if (!data.saved) keep();
  prepareFor(data.kept).then(() => (document.documentElement.dataset.kept = "ready"));
} else {
  forgetLists((_entry, path) => path === location.pathname);
}

function keep() {
  if (!data.kept || !rows.size) return;
  const people = [...rows].map(([booking, row]) => ({
    ...known.get(booking),
    log: undefined,
    name: row.dataset.name,
    listed: row.querySelector(".attendance__name").textContent,
  }));
  const { texts: _texts, states: _states, ...day } = data;
  keepList(data.kept, { ...day, people, title: document.title, saved: new Date().toISOString() });
}

function hearAll(answer) {
  for (const line of answer.people) hear(line);
  if ("undo" in answer) offered = answer.undo;
  keep();
}

function words(row) {
  return row.querySelector("[data-says]");
}

function claimOf(row) {
  return row.querySelector("[data-claim]");
}

function takeForm(form, submitter) {
  const given = new FormData(form, submitter);
  const state = given.get("state");
  const field = form.elements.minutes;
  const booking = Number(given.get("booking"));
  const isOwed = needsWhy(booking);
  if (isOwed && !field) {
    if (stateOf(booking).state !== state) askWhy({ booking, state });
    return;
  }
  if (field) {
    // The browser's own word beside the field, before anything is kept.
    field.required = state === "left_early";
    form.elements.why.required = isOwed;
    const optional = form.querySelector("[data-why-optional]");
    if (optional) optional.hidden = isOwed;
    if (!form.reportValidity()) return;
  }
  const minutes = state === "left_early" ? Number(given.get("minutes")) : null;
  take(booking, { state, minutes, why: (given.get("why") ?? "").trim() });
  if (field) {
    form.elements.why.value = "";
    const more = form.closest("details");
    more.open = false;
    more.querySelector("summary").focus();
  }
}

// Once the day is over a mark that stands is changed with a reason.
function needsWhy(booking) {
  return new Date() >= new Date(data.asksWhyFrom) && Boolean(stateOf(booking).state);
}

function askWhy({ booking, state, minutes = null }) {
  const more = rows.get(booking).querySelector("details");
  const form = more.querySelector("form");
  const { elements } = form;
  const optional = form.querySelector("[data-why-optional]");
  if (optional) optional.hidden = true;
  more.open = true;
  elements.state.value = state;
  elements.minutes.value = minutes ?? "";
  elements.why.required = true;
  elements.why.focus();
}

function take(booking, { state, minutes = null, why = "", based_on = undefined, press = undefined }) {
  const base = based_on === undefined ? stateOf(booking).mark : based_on;
  undone.textContent = "";
  outbox.add({ id: makeId(), url: data.url, booking, state, minutes, why, based_on: base, at: new Date().toISOString(), press });
}

function markTheRest() {
  const press = makeId();
  const unmarked = [...rows.keys()].filter((booking) => !stateOf(booking).state);
  sayPressed(unmarked.length);
  for (const booking of unmarked) take(booking, { state: "present", press });
}

function sayPressed(count) {
  pressed.textContent = count === 1 ? texts.pressedOne : fill(texts.pressedMany, count);
}

// Offered when the server has answered that there is something to take back; asked for twice it is one.
async function takeBack() {
  if (undoing || !offered) return;
  undoing = true;
  undone.textContent = "";
  try {
    const response = await postJson(`${data.url}undo/`, { press: offered.press });
    const answer = await response.json();
    if (response.ok) hearAll(answer);
    undone.textContent = response.ok ? answer.says : (answer.code && answer.detail) || texts.notUndone;
  } catch {
    undone.textContent = texts.notUndone;
  }
  undoing = false;
  draw();
}

// What this browser knows: the last mark that waits, else what the server said.
function stateOf(booking) {
  const mine = outbox.waiting().filter((mark) => mark.url === data.url && mark.booking === booking).at(-1);
  if (!mine) return known.get(booking);
  const waits = !["sent", "sending"].includes(outbox.status);
  return { booking, state: mine.state, says: waits ? `${say(mine)} · ${texts.waits}` : say(mine), mark: mine.id, waits };
}

function say({ state, minutes }) {
  return minutes === null ? data.states[state] : `${data.states[state]}, ${texts.minutes.replace("%s", minutes)}`;
}

function hear(line) {
  known.set(line.booking, line);
  const row = rows.get(line.booking);
  if (!row) return;
  row.querySelector("[data-log]").replaceChildren(...line.log.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence })));
}

function draw() {
  let marked = 0;
  let there = 0;
  let claims = 0;
  for (const [booking, row] of rows) {
    const line = stateOf(booking);
    marked += line.state ? 1 : 0;
    there += line.state === "present" || line.state === "left_early" ? 1 : 0;
    claims += line.claimed_at && !line.state ? 1 : 0;
    row.dataset.state = line.state;
    drawClaim(claimOf(row), line);
    row.classList.toggle("attendance__person--waits", Boolean(line.waits));
    if (words(row).textContent !== line.says) words(row).textContent = line.says;
    for (const button of row.querySelectorAll(".attendance__mark")) button.setAttribute("aria-pressed", String(button.value === line.state));
    for (const field of row.querySelectorAll("[name=based_on]")) field.value = known.get(booking).mark ?? "";
  }
  const count = fill(texts.count, marked, rows.size, there);
  const told = document.querySelector("[data-count] strong");
  if (told && told.textContent !== count) told.textContent = count;
  const rest = document.querySelector("[data-mark-rest]");
  if (rest) hide(rest, marked === rows.size);
  drawUndo();
  const confirm = document.querySelector("[data-confirm-claims]");
  hide(confirm, !claims);
  if (claims) confirm.querySelector("button").textContent = claims === 1 ? texts.confirmOne : fill(texts.confirmMany, claims);
  drawQueue();
  drawKept();
}

// What vanishes under someone's finger leaves the keyboard at the heading, not at the top of the page.
function hide(element, isHidden) {
  const held = isHidden && element.contains(document.activeElement);
  element.hidden = isHidden;
  if (held) document.getElementById("attendance-heading").focus();
}

// A tap that waits has to arrive before the press is undone: it corrects what the press has marked. The button keeps its room
// meanwhile, so that nothing moves under a finger when it comes.
function drawUndo() {
  const waiting = outbox.waiting().filter((mark) => mark.url === data.url);
  const waits = waiting.filter((mark) => mark.press).length;
  if (waiting.length) {
    if (waits && !pressed.textContent) sayPressed(waits);
  } else if (offered) {
    undo.elements.press.value = offered.press;
    if (pressed.textContent !== offered.says) pressed.textContent = offered.says;
  }
  undo.classList.toggle("attendance-undo__waits", waiting.length > 0);
  hide(undo, !offered && !waits);
}

function drawClaim(told, { claimed_at, claim }) {
  told.hidden = !claimed_at;
  if (claimed_at && told.textContent !== claim) told.textContent = claim;
}

function drawQueue() {
  const said = queue.dataset.said ?? "";
  const sentence = sayWaiting(outbox, texts) || (said && !outbox.waiting().length ? texts.sent : "");
  if (said === sentence) return;
  queue.dataset.said = sentence;
  queue.hidden = !sentence;
  const line = document.createElement("p");
  line.textContent = sentence;
  if (outbox.status === "loggedOut") {
    const link = Object.assign(document.createElement("a"), { href: data.logIn, textContent: texts.logIn });
    line.append(" ", link);
  }
  queue.replaceChildren(line);
}

function drawKept() {
  const marks = outbox.kept().filter((mark) => mark.url === data.url);
  const ids = marks.map((mark) => mark.id).join();
  if (kept.dataset.drawn === ids) return;
  kept.dataset.drawn = ids;
  const held = kept.contains(document.activeElement);
  hide(kept, !marks.length);
  kept.querySelector("[data-kept-list]").replaceChildren(...marks.map(drawOneKept));
  if (held && marks.length) kept.querySelector("button").focus();
}

function drawOneKept(mark) {
  const item = document.createElement("li");
  const name = rows.get(mark.booking)?.dataset.name ?? "";
  const line = document.createElement("p");
  line.append(Object.assign(document.createElement("strong"), { textContent: name }), " ", fill(texts.yours, say(mark)), " ", mark.says ?? "");
  const choices = document.createElement("div");
  choices.className = "cluster";
  if (mark.kept === "lost") {
    choices.append(
      button(texts.useMine, "secondary", () => {
        outbox.letGo(mark.id);
        if (mark.why || !needsWhy(mark.booking)) return take(mark.booking, { ...mark, based_on: mark.stands });
        draw();
        askWhy(mark);
      }),
    );
  }
  choices.append(
    button(mark.kept === "lost" ? texts.letStand : texts.close, "tertiary", () => {
      outbox.letGo(mark.id);
      draw();
    }),
  );
  item.append(line, choices);
  return item;
}

function button(label, look, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "ds-button", textContent: label });
  made.dataset.variant = look;
  made.dataset.size = "sm";
  made.addEventListener("click", act);
  return made;
}

// What others have marked meanwhile.
async function refresh() {
  try {
    const answer = await fetch(data.url, {
      headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang },
      signal: AbortSignal.timeout(15000),
    });
    if (!answer.ok) return;
    hearAll(await answer.json());
    draw();
  } catch {
    // No network: what is shown is what was known.
  }
}

function fill(sentence, ...values) {
  let next = 0;
  return sentence.replace(/%(?:(\d)\$)?s/g, (_, place) => values[place ? place - 1 : next++] ?? "");
}

// Also where the page is not served over TLS, and the browser lends no randomUUID.
function makeId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
