// One step's time: counts down by the clock on the wall (not by ticks, which a sleeping tab loses), survives a reload,
// and ends calmly: a colour and a sentence, no sound.

const SECOND = 1000;
const MINUTE = 60 * SECOND;

function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name)) ?? {};
  } catch {
    return {};
  }
}

export class Timer {
  constructor(slide, { name, words, say }) {
    this.box = slide.querySelector("[data-timer]");
    this.planned = Number(slide.dataset.minutes) * MINUTE;
    this.name = name;
    this.words = words;
    this.say = say;
    // `endsAt` while it runs, `left` while it doesn't; `whole` grows with each minute added.
    const { whole = this.planned, left = this.planned, endsAt = null } = kept(name);
    Object.assign(this, { whole, endsAt, pausedWith: left });
    this.told = this.left();
    for (const part of ["left", "bar", "buttons"]) this.part(part).hidden = false;
    this.part("run").addEventListener("click", () => (this.endsAt ? this.pause() : this.start()));
    this.part("more").addEventListener("click", () => this.add(MINUTE));
    this.part("again").addEventListener("click", () => this.startOver());
    this.draw();
    if (this.endsAt) this.tick();
  }

  part(name) {
    return this.box.querySelector(`[data-timer-${name}]`);
  }

  left() {
    return this.endsAt ? this.endsAt - Date.now() : this.pausedWith;
  }

  start() {
    if (this.pausedWith <= 0) this.pausedWith = this.whole = MINUTE;
    this.endsAt = Date.now() + this.pausedWith;
    this.told = this.pausedWith;
    this.keep();
    this.tick();
  }

  pause() {
    this.pausedWith = Math.max(this.left(), 0);
    this.endsAt = null;
    this.keep();
  }

  add(more) {
    const left = Math.max(this.left(), 0);
    this.whole = Math.max(this.whole, left) + more;
    if (this.endsAt) this.endsAt = Date.now() + left + more;
    else this.pausedWith = left + more;
    this.told = left + more;
    this.keep();
  }

  startOver() {
    Object.assign(this, { endsAt: null, pausedWith: this.planned, whole: this.planned, told: this.planned });
    this.keep();
  }

  keep() {
    const { whole, endsAt, pausedWith: left } = this;
    try {
      sessionStorage.setItem(this.name, JSON.stringify({ whole, endsAt, left }));
    } catch {
      // A browser that keeps nothing still counts.
    }
    this.draw();
  }

  tick() {
    clearTimeout(this.next);
    this.draw();
    this.tell();
    // A little after the second has turned, however late the last one came.
    if (this.endsAt) this.next = setTimeout(() => this.tick(), (((this.left() % SECOND) + SECOND) % SECOND) + 20);
  }

  // Said once each, and only while someone may still need to know.
  tell() {
    const left = this.left();
    if (left <= 0 && this.told > 0) this.say(this.words.timeIsUp);
    else if (left <= MINUTE && this.told > MINUTE) this.say(this.words.oneMinute);
    this.told = left;
  }

  draw() {
    const left = this.left();
    const seconds = Math.max(Math.ceil(left / SECOND), 0);
    this.part("left").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    this.part("bar").value = 1 - Math.min(Math.max(left / this.whole, 0), 1);
    const isUp = left <= 0;
    this.box.classList.toggle("timer--up", isUp);
    this.part("note").hidden = !isUp;
    this.part("note").textContent = isUp ? this.words.timeIsUp : "";
    const state = this.endsAt && !isUp ? "running" : left < this.whole && !isUp ? "paused" : "stopped";
    for (const label of this.part("run").querySelectorAll("[data-when]")) label.hidden = label.dataset.when !== state;
    if (isUp && this.endsAt) {
      this.endsAt = null;
      this.pausedWith = 0;
      this.tell();
      this.keep();
    }
  }
}
