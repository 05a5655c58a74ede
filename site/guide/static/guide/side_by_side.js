// Names the rich text editors of the two languages by their labels: here they stand outside of Wagtail's own panels.
function name(cell) {
  const label = cell.querySelector("label");
  const field = cell.querySelector("[role=textbox]");
  if (label && field) field.setAttribute("aria-labelledby", label.id);
  return Boolean(field);
}

for (const cell of document.querySelectorAll(".guide-cell:has([data-draftail-input])")) {
  if (name(cell)) continue;
  const watch = new MutationObserver(() => name(cell) && watch.disconnect());
  watch.observe(cell, { childList: true, subtree: true });
}
