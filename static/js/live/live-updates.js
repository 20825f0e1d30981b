// Connects the page to the event stream, and passes events on to the other elements as "live" events of the document:
// {name, data}; contract.js lists the names. Without a stream it polls for changes every few seconds.
import { CONNECTION_EVENTS, SELECTORS, SERVER_EVENTS } from "../contract.js";
import { fragment } from "../shell/fragment.js";
import { announce } from "./events.js";

const { open, trouble, refused } = CONNECTION_EVENTS;
const { messages, gone, reload, signedOut } = SERVER_EVENTS;
const STATUS_DELAY_MS = 3000;
const POLL_INTERVAL_MS = 5000;
const POLL_TIMEOUT_MS = 15_000;

class LiveUpdates extends HTMLElement {
  connectedCallback() {
    this.address = new URL(this.dataset.events, location).href;
    this.status = this.querySelector(".connection-status");
    this.words = this.dataset.connecting;
    const { asOf } = document.documentElement.dataset;
    if (asOf) {
      this.words = this.dataset.offline.replace("{time}", formatTime(new Date(Number(asOf))));
      this.showStatus(this.words);
    }
    this.start();
    // A page in the background may be frozen, or stored for Back: it must not hold the stream of the others.
    addEventListener("pagehide", () => this.close());
    document.addEventListener("freeze", () => this.close());
    document.addEventListener("resume", () => this.open());
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.open();
    });
  }

  async start() {
    if (window.SharedWorker) {
      const worker = new SharedWorker(this.dataset.worker, { type: "module" });
      worker.port.onmessage = ({ data }) => this.receive(data);
      this.report = (page) => worker.port.postMessage({ address: this.address, page });
    } else {
      const { shareStream } = await import(new URL(this.dataset.worker, location));
      const stream = shareStream(this.address, (event) => this.receive(event));
      this.report = (page) => stream.report(page);
    }
    this.open();
  }

  get timeline() {
    return document.querySelector(SELECTORS.timeline);
  }

  open() {
    const page = { since: Number(this.dataset.since) };
    if (this.timeline && !this.isGone) {
      page.conversation = this.timeline.dataset.conversation;
      page.after = Number(this.timeline.dataset.revision);
    }
    this.report?.(page);
  }

  close() {
    this.report?.(null);
    this.stopPolling();
  }

  receive({ name, data }) {
    if (name === open) {
      this.recover();
    } else if (name === trouble) {
      this.statusTimer ??= setTimeout(() => this.showStatus(this.words), STATUS_DELAY_MS);
    } else if (name === refused) {
      this.polling ??= setInterval(() => this.poll(), POLL_INTERVAL_MS);
      return this.poll();
    } else if (name === signedOut) {
      this.close();
      this.showStatus(this.dataset.signedOut);
    }
    this.dispatch(name, data);
  }

  dispatch(name, data) {
    announce(name, data);
    if (name !== gone || data !== this.timeline?.dataset.conversation || this.isGone) return;
    this.isGone = true;
    this.stopPolling();
    this.open(); // without the conversation, so that the inbox stays live
  }

  recover() {
    this.hideStatus();
    this.stopPolling();
  }

  hideStatus() {
    this.words = this.dataset.connecting;
    clearTimeout(this.statusTimer);
    this.statusTimer = undefined;
    this.status.hidden = true;
  }

  showStatus(words) {
    this.status.textContent = words;
    this.status.hidden = false;
  }

  stopPolling() {
    clearInterval(this.polling);
    this.polling = undefined;
  }

  // Poll for changes, and repeat at once while an answer has more to follow.
  async poll() {
    if (this.isPolling) return;
    this.isPolling = true;
    while (await this.catchUp());
    this.isPolling = false;
  }

  // Apply one answer; return whether there are more changes.
  async catchUp() {
    const timeline = this.isGone ? null : this.timeline;
    const { revision, conversation } = timeline?.dataset ?? {};
    const changes = timeline?.closest(SELECTORS.main).querySelector(SELECTORS.head).dataset.changes;
    try {
      const address = timeline ? `${changes}?after=${revision}` : this.dataset.alive;
      const answer = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(POLL_TIMEOUT_MS) });
      if (answer.type === "opaqueredirect") return this.receive({ name: signedOut });
      this.hideStatus();
      const name = timeline && { 200: messages, 404: gone, 410: reload }[answer.status];
      if (!name) return false;
      const data = name === messages ? await answer.text() : conversation;
      this.dispatch(name, data);
      const hasMore = name === messages && fragment(data).querySelector(SELECTORS.moreChanges);
      return Boolean(hasMore && this.polling && timeline.dataset.revision !== revision);
    } catch {
      this.statusTimer ??= setTimeout(() => this.showStatus(this.words), STATUS_DELAY_MS);
      return false;
    }
  }
}

function formatTime(moment) {
  const day = moment.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" };
  return moment.toLocaleString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...day });
}

customElements.define("live-updates", LiveUpdates);
