// A day's list opened without network: what this browser has kept of it is put into the empty frame, and then it is
// the list like any other. Marks wait in the browser and are sent when there is a network.

import { openList } from "./kept.js";

const frame = JSON.parse(document.getElementById("kept-list-data").textContent);
const { texts } = frame;
const list = await openList();

if (list) {
  show(list);
  const data = document.getElementById("attendance-data");
  data.textContent = JSON.stringify({ ...list, texts, states: frame.states });
  tell(list);
  for (const event of ["online", "offline"]) window.addEventListener(event, () => tell(list));
  await import("./attendance.js");
} else {
  document.querySelector("[data-nothing-kept]").hidden = false;
}

function show({ title, course, where, people, length, hasCome, day }) {
  document.title = title;
  set("[data-day]", day);
  set("[data-course]", course);
  set("[data-where]", where);
  const section = document.querySelector("[data-the-list]");
  const empty = section.querySelector("[data-booking]");
  // Present can be marked when the day has come, also where the list was kept before.
  const come = new Date(hasCome) <= new Date();
  empty.replaceWith(...people.map((person) => fillIn(empty.cloneNode(true), person, length, come)));
  section.querySelector("[data-print]")?.remove();
  if (!come) section.querySelector("[data-mark-rest]").remove();
  section.hidden = false;
}

function fillIn(row, { booking, name, listed, state, says, mark, claim, claimed_at }, length, come) {
  row.id = `person-${booking}`;
  Object.assign(row.dataset, { booking, state, name, mark: mark ?? "", claimed: claimed_at ?? "" });
  row.querySelector("[data-claim]").textContent = claim ?? "";
  row.querySelector(".attendance__name").textContent = listed;
  row.querySelector("[data-says]").textContent = says;
  for (const field of row.querySelectorAll("[name=booking]")) field.value = booking;
  for (const field of row.querySelectorAll("[name=minutes]")) field.max = length;
  for (const spoken of row.querySelectorAll(".visually-hidden")) spoken.textContent = `, ${name}`;
  for (const each of row.querySelectorAll("[id]")) each.id = each.id.replace(/-0$/, `-${booking}`);
  for (const each of row.querySelectorAll("[for]")) each.htmlFor = each.htmlFor.replace(/-0$/, `-${booking}`);
  if (!come) row.querySelector("[value=present].attendance__mark")?.remove();
  return row;
}

function tell({ saved }) {
  const place = document.querySelector("[data-saved]");
  place.hidden = false;
  place.querySelector("p").textContent = (navigator.onLine ? texts.silent : texts.offline).replace("%s", moment(new Date(saved)));
}

function moment(at) {
  const language = document.documentElement.lang;
  const time = at.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
  const said = language === "sv" ? time.replace(":", ".") : time;
  if (at.toDateString() === new Date().toDateString()) return said;
  return `${at.toLocaleDateString(language, { day: "numeric", month: "long" })} ${said}`;
}

function set(where, words) {
  document.querySelector(where).textContent = words;
}
