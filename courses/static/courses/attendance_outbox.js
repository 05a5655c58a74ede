// Marks of attendance on their way: kept in this browser until the server has answered, so that a reload, a lost
// network or a session that ran out loses none. Each has an id of its own; sent twice it is known. What is kept holds
// numbers and words typed as a reason, no names, and is sent only by the person who made it.

import { Sending } from "../shared/sending.js";

const LONGEST = 30 * 24 * 3600 * 1000;

export class Outbox extends Sending {
  constructor(person, hear) {
    super({ batch: 25, pause: 1000, words: { done: "sent", busy: "sending", away: "waiting" } });
    this.prefix = `stigen.attendance.${person}.`;
    this.person = person;
    this.hear = hear; // called with ("status") and ("answer", url, answer)
    this.memory = new Map(); // what a browser that keeps nothing can't store
    this.forgetTheLongLost();
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

  // Of one list at a time.
  next(most) {
    const waiting = this.waiting();
    return waiting.filter((mark) => mark.url === waiting[0].url).slice(0, most);
  }

  isCalm() {
    return this.status === "sent";
  }

  take(answer, [{ url }]) {
    for (const result of answer.results) this.settle(result);
    this.hear("answer", url, answer);
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

  send(batch) {
    const marks = batch.map(({ id, booking, state, minutes, why, based_on, at, press }) => ({ id, booking, state, minutes, why, based_on, at, press }));
    const meanings = { 401: "loggedOut", 403: "loggedOut", 404: "closed", 409: "someoneElse" };
    return this.post(batch[0].url, { person: this.person, marks }, {
      batch,
      refused: ({ detail }) => ({ results: [{ id: batch[0].id, result: "refused", stands: null, says: detail ?? "" }], people: [] }),
      meaning: (status) => meanings[status] ?? "trouble",
    });
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
