// Hears that a revision exists: by an event stream, or by asking now and then where streams are blocked.
// A hidden tab closes its stream; when it is seen again it asks at once.

const jitter = (milliseconds) => milliseconds * (0.7 + Math.random() * 0.6);

export class Ear {
  constructor({ url, hear }) {
    this.url = url;
    this.hear = hear; // called with a revision, or with null: "ask"
    this.source = null;
    this.poll = null;
    this.retry = null;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.close() : this.open()));
    window.addEventListener("pagehide", () => this.close());
    window.addEventListener("pageshow", () => this.open());
    window.addEventListener("online", () => this.open());
    this.open();
  }

  open() {
    if (document.hidden || this.source) return;
    clearTimeout(this.retry);
    const source = new EventSource(this.url);
    this.source = source;
    source.addEventListener("revision", (event) => {
      this.stopPolling();
      this.hear(JSON.parse(event.data).revision);
    });
    source.addEventListener("closed", () => {
      this.close();
      this.hear(null);
    });
    source.addEventListener("error", () => {
      // While it is connecting again by itself, and after it has given up, we ask.
      this.startPolling();
      if (source.readyState === EventSource.CLOSED && this.source === source) {
        this.source = null;
        this.retry = setTimeout(() => this.open(), jitter(30000));
      }
    });
  }

  close() {
    this.source?.close();
    this.source = null;
    clearTimeout(this.retry);
    this.stopPolling();
  }

  startPolling() {
    if (this.poll || document.hidden) return;
    const ask = () => {
      this.hear(null);
      this.poll = setTimeout(ask, jitter(3000));
    };
    this.poll = setTimeout(ask, jitter(1500));
  }

  stopPolling() {
    clearTimeout(this.poll);
    this.poll = null;
  }
}
