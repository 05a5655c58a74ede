// What waits in a browser on its way to the site: sent in batches, in order and one batch at a time; where that fails,
// again after a while, the longer the more often it has failed. What waits, and where it is kept, the heirs know.

export class Sending {
  // `words` are the states that a page tells of: { done, busy, away }.
  constructor({ batch, pause, words }) {
    this.batch = batch;
    this.pause = pause;
    this.words = words;
    this.status = words.done;
    this.sending = false;
    this.failures = 0;
    this.timer = null;
    window.addEventListener("online", () => this.soon(0));
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
    if (this.sending) return;
    const batch = this.next(this.oneByOne ? 1 : this.batch);
    if (!batch.length) {
      this.say(this.words.done);
      return;
    }
    this.sending = true;
    if (this.isCalm()) this.say(this.words.busy);
    let again = 0;
    try {
      const answer = await this.send(batch);
      this.failures = 0;
      if (answer) {
        this.oneByOne = false;
        this.take(answer, batch);
      }
    } catch (problem) {
      this.failures += 1;
      again = problem.status ? 15000 : Math.min(this.pause * 2 ** this.failures, 20000) * (0.7 + Math.random() * 0.6);
      this.say(problem.status ?? this.words.away);
    }
    this.sending = false;
    if (again) this.soon(again);
    else if (this.next(1).length) this.soon(0);
    else this.say(this.words.done);
  }

  // The answer; null where something in the batch can't even be read, and each is to go alone, so that the bad one comes
  // back to the person: `refused` makes the answer of what was said about it. `meaning` tells what a refusal means.
  async post(url, body, { batch, refused, meaning }) {
    const response = await postJson(url, body);
    if (response.ok) return response.json();
    const problem = await response.json().catch(() => ({}));
    if (response.status === 400 || response.status === 413) {
      if (batch.length === 1) return refused(problem);
      this.oneByOne = true;
      return null;
    }
    const error = new Error(`HTTP ${response.status}`);
    error.status = meaning(response.status, problem);
    throw error;
  }
}

export function postJson(url, body) {
  return fetch(url, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json",
      "Accept-Language": document.documentElement.lang,
      "X-CSRFToken": token(),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(15000),
  });
}

function token() {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
  return cookie ? cookie.slice(10) : (document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
}
