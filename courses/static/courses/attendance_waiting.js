// Marks of attendance that were made on a course day's list and still wait in this browser: told, and sent, wherever
// the person is next. On the page for logging out they are only told: what waits stays until the next log-in.

import { Outbox, sayWaiting } from "./attendance_outbox.js";
import { guardLists } from "./kept.js";

const place = document.querySelector("[data-attendance-waiting]");
const texts = JSON.parse(document.getElementById("attendance-texts").textContent);
const outbox = new Outbox(Number(place.dataset.person), () => {
  const sentence = sayWaiting(outbox, texts);
  if (place.dataset.said === sentence) return;
  place.dataset.said = sentence;
  place.hidden = !sentence;
  place.querySelector("p").textContent = sentence;
});
outbox.soon(0);
guardLists(Number(place.dataset.person));
