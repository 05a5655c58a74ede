// Marks of attendance on their way: kept in this browser until the server has answered, so that a reload, a lost
// network or a session that ran out loses none. Each has an id of its own; sent twice it is known. What is kept holds
// numbers and words typed as a reason, no names, and is sent only by the person who made it.

const BATCH = 25;
const LONGEST = 30 * 24 * 3600 * 1000;

export class Outbox {
  constructor(person, hear) {
    this.prefix = `stigen.attendance.${person}.`;
    this.person = person;
    this.hear = hear; // called with ("status") and ("answer", url, answer)
    this.status = "sent";
    this.memory = new Map(); // what a browser that keeps nothing can't store
    this.busy = false;
    this.failures = 0;
    this.timer = null;
    this.forgetTheLongLost();
    window.addEventListener("online", () => this.soon(0));
    document.addEventListener("visibilitychange", () => document.hidden || this.soon(0));
    window.addEventListener("storage", (event) => event.key?.startsWith(this.prefix) && this.hear("status"));
    window.addEventListener("beforeunload", (event) => this.memory.size && event.preventDefault());
  }

  // In the order in which they were made. Asked of the store each time: another tab may have sent some of them.
  all() {
    const found = [...this.memory.values()];
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(this.prefix)) found.push(JSON.parse(localStorage.getItem(key)));
      }
    } catch {
      // Nothing is stored here: then the page itself is all there is.
    }
    return found.sort((one, other) => one.order - other.order);
  }

  waiting() {
    return this.all().filter((mark) => !mark.kept);
  }

  kept() {
    return this.all().filter((mark) => mark.kept);
  }

  add(mark) {
    mark.order = Math.max(Date.now(), (this.all().at(-1)?.order ?? 0) + 1);
    this.store(mark);
    this.hear("status");
    this.soon(0);
  }

  store(mark) {
    try {
      localStorage.setItem(this.prefix + mark.id, JSON.stringify(mark));
      this.memory.delete(mark.id);
    } catch {
      this.memory.set(mark.id, mark);
    }
  }

  letGo(id) {
    this.memory.delete(id);
    try {
      localStorage.removeItem(this.prefix + id);
    } catch {
      // Nothing was stored.
    }
  }

  forgetTheLongLost() {
    try {
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith("stigen.attendance.")) continue;
        if (Date.now() - JSON.parse(localStorage.getItem(key)).order > LONGEST) localStorage.removeItem(key);
      }
    } catch {
      // As above.
    }
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
    const [first] = this.waiting();
    if (!first) {
      this.say("sent");
      return;
    }
    const batch = this.waiting().filter((mark) => mark.url === first.url).slice(0, this.oneByOne ? 1 : BATCH);
    this.busy = true;
    if (this.status === "sent") this.say("sending");
    let again = 0;
    try {
      const answer = await this.send(first.url, batch);
      this.failures = 0;
      if (answer) {
        this.oneByOne = false;
        for (const result of answer.results) this.settle(result);
        this.hear("answer", first.url, answer);
      }
    } catch (problem) {
      this.failures += 1;
      again = problem.status ? 15000 : Math.min(1000 * 2 ** this.failures, 20000) * (0.7 + Math.random() * 0.6);
      this.say(problem.status ?? "waiting");
    }
    this.busy = false;
    if (again) this.soon(again);
    else if (this.waiting().length) this.soon(0);
    else this.say("sent");
  }

  settle({ id, result, stands, says }) {
    const mark = this.all().find((one) => one.id === id);
    if (!mark) return;
    if (result === "lost" || result === "refused") {
      // A later mark by the same hand says it all: that one is shown.
      const later = this.all().some((one) => one.order > mark.order && one.url === mark.url && one.booking === mark.booking);
      if (later) this.letGo(id);
      else this.store({ ...mark, kept: result, says, stands });
      return;
    }
    if (result === "same") {
      for (const one of this.waiting()) if (one.based_on === id) this.store({ ...one, based_on: stands });
    }
    this.letGo(id);
  }

  async send(url, batch) {
    const marks = batch.map(({ id, booking, state, minutes, why, based_on, at }) => ({ id, booking, state, minutes, why, based_on, at }));
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "Accept-Language": document.documentElement.lang,
        "X-CSRFToken": token(),
      },
      body: JSON.stringify({ person: this.person, marks }),
      signal: AbortSignal.timeout(15000),
    });
    if (response.ok) return response.json();
    const problem = await response.json().catch(() => ({}));
    if (response.status === 400 || response.status === 413) {
      // Something in the batch can't even be read: one by one, the bad one comes back to the person.
      if (batch.length > 1) {
        this.oneByOne = true;
        return null;
      }
      return { results: [{ id: batch[0].id, result: "refused", stands: null, says: problem.detail ?? "" }], people: [] };
    }
    const error = new Error(`HTTP ${response.status}`);
    error.status = { 401: "loggedOut", 403: "loggedOut", 404: "closed", 409: "someoneElse" }[response.status] ?? "trouble";
    throw error;
  }
}

// One sentence about what waits; empty when there is nothing to say.
export function sayWaiting(outbox, texts) {
  const count = outbox.waiting().length;
  // A mark that is only just on its way waits for nothing.
  if (!count || ["sent", "sending"].includes(outbox.status)) return "";
  const some = (one, many) => (count === 1 ? texts[one] : texts[many].replace("%s", count));
  if (outbox.status === "loggedOut") return some("loggedOutOne", "loggedOutMany");
  if (["someoneElse", "closed", "trouble"].includes(outbox.status)) return texts[outbox.status];
  return some("waitingOne", "waitingMany");
}

function token() {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
  return cookie ? cookie.slice(10) : (document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
}
