// The journey in this browser: what the server has, and on top of it what is on its way there.

import { Outbox } from "./outbox.js";
import { inverse, JourneyMap, verbAndKind } from "./state.js";

const sameOrFewer = (fields, others) => Object.keys(fields).every((name) => name in others);

export class Journey {
  constructor(data) {
    this.urls = data.urls;
    this.me = data.me;
    this.mayChange = data.map.role === "owner" || data.map.role === "editor";
    this.base = JourneyMap.from(data.map);
    this.acked = []; // answered, but not yet seen in the log
    this.own = new Set(); // ids of operations made here
    this.mine = new Map(); // target → what was answered here, with its revision
    this.history = []; // what can be undone
    this.listeners = new Set();
    this.catching = null;
    this.outbox = new Outbox({
      url: data.urls.operations,
      journey: data.map.id,
      person: data.me.id,
      hear: (what, ...more) => (what === "answer" ? this.answered(...more) : this.tell("status")),
    });
    for (const operation of this.outbox.waiting) this.own.add(operation.id);
    this.look();
  }

  listen(listener) {
    this.listeners.add(listener);
  }

  tell(what, detail = {}) {
    for (const listener of this.listeners) listener(what, detail);
  }

  look() {
    this.view = this.base.copy();
    for (const operation of [...this.acked, ...this.outbox.waiting]) this.view.apply({ ...operation, by: this.me.name });
  }

  // Does it here at once, and sends it. Answers the operation.
  do(type, target, fields, { basedOn = this.base.revision, id = crypto.randomUUID(), undoable = true } = {}) {
    // Our own answered change of the same is no news to us, even if it was answered while this was being written.
    const seen = (this.mine.get(target) ?? []).filter((one) => sameOrFewer(fields, one.fields)).map((one) => one.revision);
    const operation = { id, type, target, based_on: Math.max(basedOn, ...seen), fields };
    const undo = inverse(operation, this.view);
    this.own.add(id);
    this.outbox.add(operation);
    if (undoable) this.history.push({ operation, undo });
    this.look();
    this.tell("changed", { own: true });
    return operation;
  }

  undo(operation = this.history.at(-1)?.operation) {
    const place = this.history.findIndex((one) => one.operation === operation);
    if (place < 0) return false;
    const [{ undo }] = this.history.splice(place, 1);
    const basedOn = Math.max(operation.revision ?? 0, operation.based_on);
    this.do(undo.type, undo.target, undo.fields, { basedOn, undoable: false });
    return true;
  }

  answered(answer, batch) {
    const asked = new Map(batch.map((operation) => [operation.id, operation]));
    let changed = false;
    for (const result of answer.results) {
      const operation = asked.get(result.id);
      this.outbox.settle(operation);
      if (result.result === "applied" || result.result === "known") {
        operation.revision = result.revision;
        if (result.revision > this.base.revision) this.acked.push({ ...operation, fields: result.result === "applied" ? result.fields : operation.fields });
        this.mine.set(operation.target, [...(this.mine.get(operation.target) ?? []), { fields: operation.fields, revision: result.revision }]);
        this.rebase(operation, result.revision);
      } else {
        this.history = this.history.filter((one) => one.operation !== operation);
        changed = true;
        this.tell(result.result, { operation, result });
      }
    }
    // All that is new is ours: no need to ask for it.
    const fresh = this.acked.filter((one) => one.revision > this.base.revision).sort((one, other) => one.revision - other.revision);
    if (answer.revision === this.base.revision + fresh.length && fresh.every((one, place) => one.revision === this.base.revision + place + 1)) {
      for (const operation of fresh) this.base.apply({ ...operation, by: this.me.name });
      this.base.revision = answer.revision;
      this.acked = [];
    } else if (answer.revision > this.base.revision) {
      this.catchUp();
    }
    if (changed) {
      this.look();
      this.tell("changed", { own: true });
    }
  }

  // What waits and changes only what was just answered has in truth seen that answer.
  rebase(answered, revision) {
    for (const operation of this.outbox.waiting) {
      const sameTarget = operation.target === answered.target;
      if (sameTarget && operation.based_on < revision && sameOrFewer(operation.fields, answered.fields)) {
        operation.based_on = revision;
        this.outbox.store("op.", operation.id, operation);
      }
    }
  }

  // Fetches what happened since the revision that we have. One at a time; a bell meanwhile makes it ask again.
  catchUp(revision = Infinity) {
    if (revision <= this.base.revision) return;
    if (this.catching) {
      this.catchAgain = true;
      return;
    }
    this.catching = this.fetchNew()
      .catch(() => this.tell("status"))
      .finally(() => {
        this.catching = null;
        if (this.catchAgain) {
          this.catchAgain = false;
          this.catchUp();
        }
      });
  }

  async fetchNew() {
    let url = `${this.urls.operations}?after=${this.base.revision}`;
    const news = [];
    while (url) {
      const response = await fetch(url, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(15000) });
      if (response.status === 401) this.outbox.say("loggedOut");
      if (response.status === 404) this.outbox.say("closed");
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      const page = await response.json();
      for (const operation of page.results) {
        if (operation.number <= this.base.revision) continue;
        const [verb, kind] = verbAndKind(operation.type);
        // What comes back into sight may bring things along that we have never seen.
        if (!this.base.apply(operation) || (verb === "restore" && kind !== "note")) return this.fetchAll(news);
        this.base.revision = operation.number;
        news.push(operation);
      }
      url = page.next;
    }
    this.caughtUp(news);
  }

  async fetchAll(news) {
    const response = await fetch(this.urls.map, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(15000) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const json = await response.json();
    this.base = JourneyMap.from(json);
    this.mayChange = json.role === "owner" || json.role === "editor";
    this.caughtUp(news);
  }

  caughtUp(news) {
    this.acked = this.acked.filter((operation) => operation.revision > this.base.revision);
    const before = this.view;
    this.look();
    const others = news.filter((operation) => !this.own.has(operation.id));
    this.tell("changed", { own: false, others, before });
  }
}
