// Operations on their way: kept in this browser until the server has answered, so that a reload, a lost network or a
// session that ran out loses nothing that was typed. Each is stored on its own under its id; sent twice it is known.

import { Sending } from "../shared/sending.js";

export class Outbox extends Sending {
  constructor({ url, journey, person, hear }) {
    super({ batch: 50, pause: 500, words: { done: "saved", busy: "saving", away: "offline" } });
    this.url = url;
    this.prefix = `stigen.journey.${journey}.${person}.`;
    this.hear = hear; // called with ("status"), ("answer", answer, batch)
    this.waiting = []; // not yet answered, in order
    this.waiting = this.stored("op.").sort((one, other) => one.at - other.at);
    this.kept = this.stored("kept.");
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

  next(most) {
    return this.waiting.slice(0, most);
  }

  isCalm() {
    return this.status !== "offline";
  }

  take(answer, batch) {
    this.hear("answer", answer, batch);
  }

  send(batch) {
    const body = batch.map(({ id, type, target, based_on, fields }) => ({ id, type, target, based_on, fields }));
    const [{ id, fields }] = batch;
    return this.post(this.url, body, {
      batch,
      refused: ({ code, detail }) => ({ revision: null, results: [{ id, result: "refused", code, detail, fields }] }),
      meaning,
    });
  }
}

function meaning(status, { code }) {
  if (status === 401) return "loggedOut";
  if (status === 403) return code === "may_not_change" ? "closed" : "loggedOut";
  return status === 404 ? "closed" : undefined;
}
