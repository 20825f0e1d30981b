// One event stream for all tabs of a browser, because browsers allow only six connections to a site. It runs in a shared
// worker; in browsers without shared workers, each page imports it and has its own stream.
import { CONNECTION_EVENTS, SERVER_EVENTS } from "./contract.js";

const FIRST_PAUSE_MS = 1000;
const MAX_PAUSE_MS = 30_000;

export class Stream {
  constructor(address) {
    this.address = address;
    this.pages = new Map(); // by the function that notifies a page: its {conversation, after, since}
    this.pause = FIRST_PAUSE_MS;
  }

  // Restart from the oldest cursor of all pages: a page that opens later may be behind the others.
  open(notify, page) {
    this.pages.set(notify, page);
    this.connect();
  }

  close(notify) {
    this.pages.delete(notify);
    if (!this.pages.size) this.disconnect();
  }

  disconnect() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
  }

  connect() {
    this.disconnect();
    const source = new EventSource(this.url());
    this.source = source;
    source.onopen = () => {
      this.pause = FIRST_PAUSE_MS;
      this.broadcast({ name: CONNECTION_EVENTS.open });
    };
    source.onerror = () => {
      this.broadcast({ name: CONNECTION_EVENTS.trouble });
      if (source.readyState !== EventSource.CLOSED) return; // it reconnects by itself
      this.broadcast({ name: CONNECTION_EVENTS.refused });
      this.timer = setTimeout(() => this.connect(), this.pause);
      this.pause = Math.min(2 * this.pause, MAX_PAUSE_MS);
    };
    for (const name of Object.values(SERVER_EVENTS)) {
      source.addEventListener(name, (event) => {
        this.advance(event.lastEventId);
        this.broadcast({ name, data: event.data });
      });
    }
  }

  url() {
    const cursors = new Map();
    for (const { conversation, after } of this.pages.values()) {
      if (conversation) cursors.set(conversation, Math.min(after, cursors.get(conversation) ?? after));
    }
    const since = Math.min(...[...this.pages.values()].map((page) => page.since));
    const pairs = [...cursors].flatMap(([conversation, after]) => [["conversation", conversation], ["after", after]]);
    return `${this.address}?${new URLSearchParams([...pairs, ["inbox", since]])}`;
  }

  advance(cursors) {
    for (const [conversation, after] of cursors.split(" ").map((word) => word.split("."))) {
      for (const page of this.pages.values()) {
        if (page.conversation === conversation) page.after = Math.max(page.after, Number(after));
      }
    }
  }

  broadcast(event) {
    for (const notify of this.pages.keys()) notify(event);
  }
}

const streams = new Map();

globalThis.onconnect = ({ ports: [port] }) => {
  const notify = (event) => port.postMessage(event);
  port.onmessage = ({ data: { address, page } }) => {
    if (!streams.has(address)) streams.set(address, new Stream(address));
    if (page) streams.get(address).open(notify, page);
    else streams.get(address).close(notify);
  };
};
