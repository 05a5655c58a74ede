// Forms marked data-part are sent without leaving the page: the answer is the part that takes the form's place.
// Without this script they are ordinary forms.

const LATER = new WeakMap();

async function send(form, data) {
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
    form.submit();
    return null;
  }
}

function put(form, html) {
  const part = document.createRange().createContextualFragment(html).firstElementChild;
  if (!part) return;
  const focused = form.contains(document.activeElement) ? document.activeElement.id : null;
  form.replaceWith(part);
  if (focused === null) return;
  const place = (focused && document.getElementById(focused)) || part.querySelector("button, [tabindex]") || part;
  place.focus({ preventScroll: true });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches?.("form[data-part]")) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const html = await send(form, new FormData(form, event.submitter));
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
