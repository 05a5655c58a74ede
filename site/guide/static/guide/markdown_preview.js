// Shows below a Markdown block what the reader will see. The server makes and cleans the HTML; nothing is run here.
const { Controller } = window.StimulusModule;

class MarkdownPreview extends Controller {
  static values = { url: String, heading: String, empty: String, failed: String };

  connect() {
    this.asked = 0;
    this.panel = document.createElement("section");
    this.panel.className = "markdown-preview";
    const heading = document.createElement("h4");
    heading.className = "markdown-preview__heading";
    heading.id = `${this.element.id || "markdown"}-preview`;
    heading.textContent = this.headingValue;
    this.panel.setAttribute("aria-labelledby", heading.id);
    this.faults = document.createElement("ul");
    this.faults.className = "markdown-preview__faults";
    this.faults.setAttribute("role", "status");
    this.faults.hidden = true;
    this.shown = document.createElement("div");
    this.shown.className = "markdown-preview__text";
    this.panel.append(heading, this.faults, this.shown);
    this.element.after(this.panel);
    this.later = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.show(), 400);
    };
    this.element.addEventListener("input", this.later);
    this.show();
  }

  disconnect() {
    clearTimeout(this.timer);
    this.element.removeEventListener("input", this.later);
    this.panel.remove();
  }

  async show() {
    const text = this.element.value;
    if (!text.trim()) {
      this.shown.textContent = this.emptyValue;
      this.tell([]);
      return;
    }
    const number = ++this.asked;
    try {
      const token = document.querySelector("[name=csrfmiddlewaretoken]");
      const answer = await fetch(this.urlValue, {
        method: "POST",
        headers: { "X-CSRFToken": token ? token.value : "" },
        body: new URLSearchParams({ text }),
      });
      if (!answer.ok) throw new Error(answer.status);
      const { html, faults } = await answer.json();
      // A slower answer to an older text is not shown over a newer one.
      if (number !== this.asked) return;
      this.shown.innerHTML = html;
      this.shown.querySelectorAll("a").forEach((link) => link.setAttribute("target", "_blank"));
      this.tell(faults.map((fault) => fault.sentence));
    } catch {
      if (number === this.asked) this.tell([this.failedValue]);
    }
  }

  tell(sentences) {
    this.faults.hidden = sentences.length === 0;
    this.faults.replaceChildren(
      ...sentences.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence })),
    );
  }
}

window.wagtail.app.register("guide-markdown", MarkdownPreview);
