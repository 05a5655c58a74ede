// Terms explain themselves in place: a click or Enter on a term's link opens a small panel with the explanation.
// Without this script, or with a modifier key, the link leads to the term's own page.
const pattern = document.getElementById("term-panel");
const links = document.querySelectorAll("a.term[data-explanation]");

if (pattern && links.length && "popover" in HTMLElement.prototype) {
  const panel = pattern.content.firstElementChild.cloneNode(true);
  const [name, explanation, more, close] = ["name", "explanation", "more", "close"].map((part) =>
    panel.querySelector(`[data-part="${part}"]`),
  );
  let opener = null;
  // The browser closes the panel when it is pressed outside, before the link hears of its click.
  let closedBy = null;

  for (const link of links) link.setAttribute("aria-haspopup", "dialog");

  function place() {
    const link = opener.getClientRects()[0] ?? opener.getBoundingClientRect();
    const edge = 16;
    const left = Math.min(Math.max(link.left, edge), document.documentElement.clientWidth - panel.offsetWidth - edge);
    const below = link.bottom + 8;
    const fits = below + panel.offsetHeight + edge < window.innerHeight || link.top < panel.offsetHeight + edge;
    const top = fits ? below : link.top - panel.offsetHeight - 8;
    panel.style.setProperty("--term-left", `${Math.max(left, edge) + window.scrollX}px`);
    panel.style.setProperty("--term-top", `${top + window.scrollY}px`);
  }

  function open(link) {
    opener = link;
    name.textContent = link.dataset.term;
    explanation.textContent = link.dataset.explanation;
    more.href = link.href;
    // Beside its word, so that Tab goes on from there.
    link.after(panel);
    panel.showPopover();
    place();
    // The panel itself, not its link: a screen reader then reads its name and the explanation.
    panel.focus({ preventScroll: true });
  }

  document.addEventListener("pointerdown", () => {
    closedBy = panel.matches(":popover-open") ? opener : null;
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.term[data-explanation]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    // A second press on the same word closes what the first one opened.
    if (closedBy === link && event.detail > 0) closedBy = null;
    else open(link);
  });

  close.addEventListener("click", () => panel.hidePopover());
  panel.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !panel.contains(event.relatedTarget)) panel.hidePopover();
  });
  panel.addEventListener("toggle", (event) => {
    if (event.newState !== "closed" || !opener) return;
    if (document.activeElement === document.body || panel.contains(document.activeElement)) opener.focus();
  });
  window.addEventListener("resize", () => {
    if (panel.matches(":popover-open")) place();
  });
}
