// The menu of a small window: Escape closes it, and so do the keys when they go on past it, so that what has focus is
// never behind it. Without this its button opens and closes it.

const menu = document.querySelector(".site-menu");

menu?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// To nowhere is not past it: the window lost its focus, or someone pointed at the panel itself.
menu?.addEventListener("focusout", ({ relatedTarget }) => {
  if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
});
