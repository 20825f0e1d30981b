// An event stream for several pages: it follows all that they have open, and reconnects.
import { CONNECTION_EVENTS, SERVER_EVENTS } from "../contract.js";

const FIRST_PAUSE_MS = 1000;
const MAX_PAUSE_MS = 30_000;

export class Stream {
  // `broadcast` passes an event on to all pages.
  constructor(address, broadcast) {
    Object.assign(this, { address, broadcast });
    this.pages = new Map(); // by any key: the {conversation, after, since} of a page
    this.pause = FIRST_PAUSE_MS;
  }

  // Restart from the oldest cursor of all pages: a page that opens later may be behind the others.
  open(id, page) {
    this.pages.set(id, page);
    this.connect();
  }

  close(id) {
    this.pages.delete(id);
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
}
