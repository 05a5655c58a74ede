// One key a person: the letter marks the row and goes on to the next. Without this script the rows are plain choices.

const form = document.querySelector("[data-typing]");
const rows = [...(form?.querySelectorAll("[data-row]") ?? [])];

form?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const row = event.target.closest("[data-row]");
  if (!row) return;
  const inField = event.target.matches("input:not([type=radio])");
  if (event.key === "Enter" || (event.key === " " && !inField)) {
    event.preventDefault();
    go(row, event.shiftKey ? -1 : 1);
  } else if (!inField) {
    const choice = [...row.querySelectorAll("[data-key]")].find((one) => one.dataset.key.toLowerCase() === event.key.toLowerCase());
    if (!choice) return;
    event.preventDefault();
    choice.checked = true;
    if (choice.value === "left_early") row.querySelector("[name^=left-]").focus();
    else go(row, 1);
  }
});

function go(row, step) {
  const next = rows[rows.indexOf(row) + step];
  if (next) (next.querySelector(":checked") ?? next.querySelector("[data-key]")).focus();
  else if (step > 0) form.querySelector("[type=submit]").focus();
}

if (form) {
  document.querySelector("[data-keys]").hidden = false;
  const first = rows.find((row) => row.matches(".typing__row--wrong")) ?? rows.find((row) => !row.querySelector(":checked")) ?? rows[0];
  (first.querySelector("[aria-invalid]") ?? first.querySelector(":checked") ?? first.querySelector("[data-key]")).focus();
}
