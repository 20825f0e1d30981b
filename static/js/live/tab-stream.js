// One event stream for all tabs of a browser without shared workers: the tab that holds a lock has the stream, and passes
// its events on. When that tab is closed or frozen, another tab gets the lock.
import { Stream } from "./stream.js";

export class TabStream {
  constructor(address, notify) {
    Object.assign(this, { address, notify });
    this.id = Math.random(); // differs from those of the other tabs
    this.tabs = new BroadcastChannel(address);
    this.tabs.onmessage = ({ data }) => this.receive(data);
  }

  // Report what the page has open; null if it needs no more events.
  report(page) {
    this.page = page;
    if (this.stream) this.put(this.id, page);
    else this.tabs.postMessage({ id: this.id, page });
    if (!page) this.leave();
    else if (!this.place) this.wait();
  }

  wait() {
    this.place = new AbortController();
    const { signal } = this.place;
    const left = new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    const lead = () => {
      this.lead();
      return left;
    };
    navigator.locks.request(`stream of ${this.address}`, { signal }, lead).catch(() => {}); // the page left before its turn
  }

  lead() {
    this.stream = new Stream(this.address, (event) => {
      this.notify(event);
      this.tabs.postMessage({ event });
    });
    this.stream.open(this.id, this.page);
    this.tabs.postMessage({ isNew: true });
  }

  leave() {
    this.stream?.disconnect();
    this.stream = undefined;
    this.place?.abort();
    this.place = undefined;
  }

  put(id, page) {
    if (page) this.stream.open(id, page);
    else this.stream.close(id);
  }

  receive({ event, isNew, id, page }) {
    if (event && this.page) this.notify(event);
    else if (isNew && this.page) this.tabs.postMessage({ id: this.id, page: this.page });
    else if (id && this.stream) this.put(id, page);
  }
}

// Without locks, as on a site without TLS, each page has its own stream while it is visible.
export class OwnStream {
  constructor(address, notify) {
    this.stream = new Stream(address, notify);
    document.addEventListener("visibilitychange", () => this.report(this.page));
  }

  report(page) {
    this.page = page;
    if (page && document.visibilityState === "visible") this.stream.open(this, page);
    else this.stream.close(this);
  }
}
