// Forms marked data-part are sent without leaving the page: the answer is the part that takes the form's place.
// Without this script they are ordinary forms.

const LATER = new WeakMap();

async function send(form, data, submitter) {
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: data,
      headers: { "X-Requested-With": "fetch" },
      redirect: "manual",
    });
    if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("text/html")) throw new Error(answer.status);
    return await answer.text();
  } catch {
    // Logged out, or no contact: let the browser do it, which says what happened.
    form.removeAttribute("data-part");
    form.requestSubmit(submitter);
    return null;
  }
}

function put(form, html) {
  const answer = document.createRange().createContextualFragment(html);
  const old = form.closest("[data-part-place]") ?? form;
  const part = answer.querySelector(old === form ? "form" : "[data-part-place]");
  if (!part) return;
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(part);
  name(part);
  if (hadFocus) (part.querySelector("[aria-invalid=true]") ?? part.querySelector("[role=status][tabindex]") ?? part.querySelector("button"))?.focus({ preventScroll: true });
}

// An answer that is sent twice is the same answer: each gets a name of its own, which says nothing about who gives it.
function name(place) {
  for (const form of place.querySelectorAll("form[data-once]")) {
    const once = document.createElement("input");
    Object.assign(once, { type: "hidden", name: "once", value: newName() });
    form.append(once);
  }
}

function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

name(document);

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches?.("form[data-part]")) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const html = await send(form, new FormData(form, event.submitter), event.submitter);
  if (html !== null) put(form, html);
});

// A checklist is saved line by line, one after the other, so that a later tick never loses to an earlier one.
document.addEventListener("change", (event) => {
  const box = event.target;
  const form = box.form;
  if (!form?.matches("form[data-sends-at-once]")) return;
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  data.append("shown", box.value);
  if (box.checked) data.append("ticked", box.value);
  const sent = (LATER.get(form) ?? Promise.resolve()).then(async () => {
    const html = await send(form, data);
    if (html === null) return;
    const said = document.createRange().createContextualFragment(html).querySelector("[role=status]");
    form.querySelector("[role=status]").textContent = said?.textContent ?? "";
  });
  LATER.set(form, sent);
});

for (const button of document.querySelectorAll("[data-sends-at-once] [data-not-needed]")) button.hidden = true;
