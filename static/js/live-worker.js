// One stream of events for all tabs of a browser, as browsers allow six connections to a site. It runs in a shared
// worker; where there are none, each page imports it and has a stream of its own.
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30000;

export class Stream {
  constructor(address) {
    this.address = address;
    this.pages = new Map(); // how to tell a page: what it has open, as {conversation, after, since}
    this.pause = FIRST_PAUSE;
  }

  // Begin anew from what the pages know: one that comes later may know less than the stream has told the others.
  open(tell, page) {
    this.pages.set(tell, page);
    this.connect();
  }

  close(tell) {
    this.pages.delete(tell);
    if (!this.pages.size) this.disconnect();
  }

  disconnect() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
  }

  connect() {
    this.disconnect();
    const source = (this.source = new EventSource(this.wanted()));
    source.onopen = () => {
      this.pause = FIRST_PAUSE;
      this.tellAll({ name: "open" });
    };
    source.onerror = () => {
      this.tellAll({ name: "trouble" });
      if (source.readyState !== EventSource.CLOSED) return; // it tries again by itself
      this.tellAll({ name: "refused" });
      this.timer = setTimeout(() => this.connect(), this.pause);
      this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
    };
    for (const name of ["messages", "inbox", "typing", "left", "gone", "reload", "signed-out"]) {
      source.addEventListener(name, (event) => {
        this.remember(event.lastEventId);
        this.tellAll({ name, data: event.data });
      });
    }
  }

  wanted() {
    const cursors = new Map();
    for (const { conversation, after } of this.pages.values()) {
      if (conversation) cursors.set(conversation, Math.min(after, cursors.get(conversation) ?? after));
    }
    const since = Math.min(...[...this.pages.values()].map((page) => page.since));
    const pairs = [...cursors].flatMap(([conversation, after]) => [["conversation", conversation], ["after", after]]);
    return `${this.address}?${new URLSearchParams([...pairs, ["inbox", since]])}`;
  }

  remember(cursors) {
    for (const [conversation, after] of cursors.split(" ").map((word) => word.split("."))) {
      for (const page of this.pages.values()) {
        if (page.conversation === conversation) page.after = Math.max(page.after, Number(after));
      }
    }
  }

  tellAll(event) {
    for (const tell of this.pages.keys()) tell(event);
  }
}

const streams = new Map();

globalThis.onconnect = ({ ports: [port] }) => {
  const tell = (event) => port.postMessage(event);
  port.onmessage = ({ data: { address, page } }) => {
    if (!streams.has(address)) streams.set(address, new Stream(address));
    if (page) streams.get(address).open(tell, page);
    else streams.get(address).close(tell);
  };
};
