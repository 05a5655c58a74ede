// The exercise on the big screen: turns the steps in place (so that full screen stays), and keeps their time.
// Without it each step is a page of its own and the minutes are a text.

import { Timer } from "./timer.js";

const stage = document.querySelector("[data-present]");
const said = document.querySelector("[data-said]");
const slides = [...stage.querySelectorAll("[data-slide]")];
const turns = [...document.querySelectorAll("[data-turn]")];
const last = slides.length;
let here = Number(stage.dataset.here);

function say(sentence) {
  said.textContent = sentence;
}

function show(number) {
  here = Math.min(Math.max(number, 1), last);
  for (const slide of slides) slide.hidden = Number(slide.dataset.slide) !== here;
  for (const dot of document.querySelectorAll("[data-dot]")) dot.classList.toggle("is-here", Number(dot.dataset.dot) === here);
  for (const turn of turns) {
    const to = here + Number(turn.dataset.turn);
    const isThere = to >= 1 && to <= last;
    // A button that goes away hands its focus to the other one.
    if (!isThere && document.activeElement === turn) turns.find((other) => other !== turn).focus();
    turn.hidden = !isThere;
    turn.href = `?steg=${to}`;
  }
  if (document.activeElement?.hidden) turns.find((turn) => !turn.hidden)?.focus();
  const slide = slides[here - 1];
  const words = [".slide__place", ".slide__title"].map((part) => slide.querySelector(part).textContent.trim());
  say(words.join(": "));
  history.replaceState(null, "", `?steg=${here}`);
  window.scrollTo(0, 0);
}

for (const turn of turns) {
  turn.addEventListener("click", (event) => {
    event.preventDefault();
    show(here + Number(turn.dataset.turn));
  });
}

// The keys of a keyboard and of a presenter's remote control.
const KEYS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1, Home: -Infinity, End: Infinity };

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.key === "Escape" && !document.fullscreenElement) {
    location.assign(document.querySelector("[data-leave]").href);
  } else if (event.key in KEYS) {
    event.preventDefault();
    show(here + KEYS[event.key]);
  }
});

const fullScreen = document.querySelector("[data-full-screen]");
if (document.fullscreenEnabled) {
  fullScreen.hidden = false;
  fullScreen.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  });
}

for (const slide of slides) {
  if (slide.querySelector("[data-timer]")) new Timer(slide, { name: `present:${stage.dataset.present}:${slide.dataset.slide}`, words: stage.dataset, say });
}
