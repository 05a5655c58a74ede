// What is typed for a task is kept in this tab until it is saved: a reload, a closed form or a session that ran out
// loses none of it. Kept for the person who typed, and gone with the tab: others may use the computer.

const form = document.querySelector("[data-task-draft]");
const key = `stigen.task.${form.dataset.taskDraft}`;
const version = Number(form.dataset.version);
const texts = () => [...form.querySelectorAll("textarea")];

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null; // a browser that keeps nothing
  }
}

function keep() {
  try {
    sessionStorage.setItem(key, JSON.stringify({ version, texts: texts().map((each) => each.value) }));
  } catch {
    // The page's own button saves it.
  }
}

const kept = read();
if (kept && kept.version === version && !form.querySelector("[data-error-summary]")) {
  let differs = false;
  for (const [number, field] of texts().entries()) {
    const typed = kept.texts[number];
    if (typeof typed === "string" && typed !== field.value) {
      field.value = typed;
      differs = true;
    }
  }
  form.querySelector("[data-restored]").hidden = !differs;
} else if (kept && kept.version !== version) {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}
form.addEventListener("input", keep);
