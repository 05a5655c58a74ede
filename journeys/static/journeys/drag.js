// Dragging notes with a pointer. Every drag is also "Move to…" (dialogs.js).

import { h } from "./dom.js";

const FAR = 6; // pixels before a press becomes a drag
const LONG = 350; // milliseconds before a finger's press becomes a drag: before that it scrolls

export function listenToDrags({ grid, drop }) {
  const root = grid.root;
  let press = null;
  let drag = null;

  root.addEventListener("pointerdown", (event) => {
    const note = event.target.closest(".note[data-id]");
    if (!note || event.button !== 0 || !grid.journey.mayChange || event.target.closest("button, form, a")) return;
    press = { note, x: event.clientX, y: event.clientY, pointer: event.pointerId };
    if (event.pointerType === "touch") press.timer = setTimeout(() => begin(event), LONG);
  });

  window.addEventListener("pointermove", (event) => {
    if (drag) return follow(event);
    if (!press || event.pointerId !== press.pointer) return;
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) < FAR) return;
    if (press.timer) release();
    else begin(event);
  });

  // A finger that drags must not scroll; one that scrolls must not drag.
  root.addEventListener("touchmove", (event) => drag && event.preventDefault(), { passive: false });
  window.addEventListener("pointerup", () => (drag ? land() : release()));
  window.addEventListener("pointercancel", () => (drag ? stop() : release()));
  window.addEventListener("keydown", (event) => {
    if (drag && event.key === "Escape") stop();
  });

  function release() {
    clearTimeout(press?.timer);
    press = null;
  }

  function begin(event) {
    const { note } = press;
    const box = note.getBoundingClientRect();
    const ghost = note.cloneNode(true);
    ghost.removeAttribute("id");
    ghost.classList.add("note--ghost");
    ghost.style.width = `${box.width}px`;
    document.body.append(ghost);
    note.classList.add("is-dragged");
    root.classList.add("is-dragging");
    drag = { note, ghost, dx: press.x - box.left, dy: press.y - box.top, mark: h("div", { class: "drop-mark" }), place: null };
    release();
    getSelection()?.removeAllRanges();
    follow(event);
  }

  function follow(event) {
    drag.ghost.style.translate = `${event.clientX - drag.dx}px ${event.clientY - drag.dy}px`;
    const cell = document.elementsFromPoint(event.clientX, event.clientY).map((element) => element.closest?.(".cell:not(.cell--feeling)")).find(Boolean);
    scrollAtEdge(event);
    drag.place = null;
    if (!cell?.dataset.step || !root.contains(cell)) {
      drag.mark.remove();
      return;
    }
    const notes = [...cell.querySelectorAll(":scope > .note[data-id]")].filter((note) => note !== drag.note);
    const before = notes.findIndex((note) => {
      const box = note.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    drag.place = { step: cell.dataset.step, lane: cell.dataset.lane, place: before < 0 ? notes.length : before };
    cell.insertBefore(drag.mark, before < 0 ? cell.querySelector(":scope > .cell__add") : notes[before]);
  }

  function scrollAtEdge(event) {
    const area = root.querySelector(".map__scroll");
    const box = area.getBoundingClientRect();
    if (event.clientX > box.right - 48) area.scrollLeft += 12;
    if (event.clientX < box.left + 48) area.scrollLeft -= 12;
    if (event.clientY > box.bottom - 48) area.scrollTop += 12;
    if (event.clientY < box.top + 48) area.scrollTop -= 12;
  }

  function land() {
    const { note, place } = drag;
    stop();
    if (place) drop(note.dataset.id, place);
  }

  function stop() {
    drag.ghost.remove();
    drag.mark.remove();
    drag.note.classList.remove("is-dragged");
    root.classList.remove("is-dragging");
    drag = null;
  }
}
