// Operations on their way: kept in this browser until the server has answered, so that a reload, a lost network or a
// session that ran out loses nothing that was typed. Each is stored on its own under its id; sent twice it is known.

const BATCH = 50;

export class Outbox {
  constructor({ url, journey, person, hear }) {
    this.url = url;
    this.prefix = `stigen.journey.${journey}.${person}.`;
    this.hear = hear; // called with ("status"), ("answer", answer, batch)
    this.waiting = []; // not yet answered, in order
    this.status = "saved";
    this.busy = false;
    this.failures = 0;
    this.timer = null;
    this.waiting = this.stored("op.").sort((one, other) => one.at - other.at);
    this.kept = this.stored("kept.");
    window.addEventListener("online", () => this.soon(0));
    if (this.waiting.length) this.soon(0);
  }

  stored(kind) {
    const found = [];
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(this.prefix + kind)) found.push(JSON.parse(localStorage.getItem(key)));
      }
    } catch {
      // A browser that keeps nothing: then the page itself is all there is.
    }
    return found;
  }

  store(kind, id, value) {
    try {
      if (value === null) localStorage.removeItem(`${this.prefix}${kind}${id}`);
      else localStorage.setItem(`${this.prefix}${kind}${id}`, JSON.stringify(value));
    } catch {
      // Full or forbidden: the operation is still in memory.
    }
  }

  add(operation) {
    operation.at = Math.max(Date.now(), (this.waiting.at(-1)?.at ?? 0) + 1);
    this.waiting.push(operation);
    this.store("op.", operation.id, operation);
    this.soon(0);
  }

  settle(operation) {
    this.waiting = this.waiting.filter((one) => one.id !== operation.id);
    this.store("op.", operation.id, null);
  }

  keep(entry) {
    this.kept = [...this.kept.filter((one) => one.id !== entry.id), entry];
    this.store("kept.", entry.id, entry);
  }

  let_go(entry) {
    this.kept = this.kept.filter((one) => one.id !== entry.id);
    this.store("kept.", entry.id, null);
  }

  soon(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), delay);
  }

  say(status) {
    this.status = status;
    this.hear("status");
  }

  async flush() {
    if (this.busy) return;
    const batch = this.waiting.slice(0, this.oneByOne ? 1 : BATCH);
    if (!batch.length) {
      this.say("saved");
      return;
    }
    this.busy = true;
    if (this.status !== "offline") this.say("saving");
    let again = 0;
    try {
      const answer = await this.send(batch);
      this.failures = 0;
      if (answer) {
        this.oneByOne = false;
        this.hear("answer", answer, batch);
      }
    } catch (problem) {
      this.failures += 1;
      again = Math.min(500 * 2 ** this.failures, 20000) * (0.7 + Math.random() * 0.6);
      this.say(problem.status ?? "offline");
      if (problem.status) again = 15000;
    }
    this.busy = false;
    if (again) this.soon(again);
    else if (this.waiting.length) this.soon(0);
    else this.say("saved");
  }

  async send(batch) {
    const body = batch.map(({ id, type, target, based_on, fields }) => ({ id, type, target, based_on, fields }));
    const response = await fetch(this.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(15000),
    });
    if (response.ok) return response.json();
    if (response.status === 400 || response.status === 413) {
      // Something in the batch can't even be read: one by one, the bad one comes back to the person.
      if (batch.length > 1) {
        this.oneByOne = true;
        return null;
      }
      const problem = await response.json().catch(() => ({}));
      return { revision: null, results: [{ id: batch[0].id, result: "refused", code: problem.code, detail: problem.detail, fields: batch[0].fields }] };
    }
    const problem = await response.json().catch(() => ({}));
    const error = new Error(`HTTP ${response.status}`);
    if (response.status === 401) error.status = "loggedOut";
    if (response.status === 403) error.status = problem.code === "may_not_change" ? "closed" : "loggedOut";
    if (response.status === 404) error.status = "closed";
    throw error;
  }
}

function token() {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
  return cookie ? cookie.slice(10) : (document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
}
