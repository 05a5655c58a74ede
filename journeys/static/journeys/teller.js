// What the page says: the state of what was written, sentences that pass, and changes by others.

import { button, fill, h } from "./dom.js";

const QUIET = "stigen.journey.quiet";

export class Teller {
  constructor({ journey, texts, urls, compare }) {
    Object.assign(this, { journey, texts, urls, compare });
    this.line = document.getElementById("journey-status");
    this.spoken = h("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
    this.toasts = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
    document.body.append(this.spoken, this.toasts);
    this.quiet = localStorage.getItem(QUIET) === "yes";
    this.shown = "";
  }

  // The sentence stays the same while the same holds, so that it is said once.
  status() {
    const { outbox } = this.journey;
    const kept = outbox.kept.length;
    const key = `${outbox.status} ${kept}`;
    if (key === this.shown || !this.journey.mayChange) return;
    this.shown = key;
    const { texts } = this;
    const content = [h("span", { class: `status status--${outbox.status}` }, texts[outbox.status])];
    if (outbox.status === "loggedOut") content.push(h("a", { href: this.urls.login }, texts.logIn));
    if (kept) content.push(button(kept === 1 ? texts.conflictOne : fill(texts.conflictMany, kept), this.compare, { look: "secondary" }));
    this.line.replaceChildren(...content);
  }

  say(sentence) {
    this.spoken.textContent = sentence;
  }

  toast(sentence, choice = null) {
    const toast = h("div", { class: "toast" }, h("span", {}, sentence));
    const away = () => {
      clearTimeout(timer);
      toast.remove();
    };
    if (choice) {
      toast.append(
        button(choice.label, () => {
          away();
          choice.act();
        }, { look: "secondary" }),
      );
    }
    toast.append(button(this.texts.close, away, { sign: "close", quiet: true }));
    // Time enough to read and to reach: it waits while it is pointed at or has focus.
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(away, choice ? 12000 : 5000);
    };
    for (const stay of ["pointerenter", "focusin"]) toast.addEventListener(stay, () => clearTimeout(timer));
    for (const leave of ["pointerleave", "focusout"]) toast.addEventListener(leave, wait);
    this.toasts.replaceChildren(toast);
    wait();
  }

  others(sentence) {
    if (!this.quiet) this.spoken.textContent = sentence;
  }

  silencer() {
    const box = h("input", {
      type: "checkbox",
      checked: !this.quiet,
      onchange: () => {
        this.quiet = !box.checked;
        localStorage.setItem(QUIET, this.quiet ? "yes" : "no");
        document.documentElement.classList.toggle("is-quiet", this.quiet);
      },
    });
    document.documentElement.classList.toggle("is-quiet", this.quiet);
    return h("label", { class: "silencer" }, box, this.texts.tellMe);
  }
}
