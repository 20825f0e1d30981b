// Connects the page to the event stream, and passes events on to the other elements as "live" events of the document:
// {name, data}. Without a stream it asks for changes every few seconds instead.
// The names of events are in contract.js.
import { CONNECTION_EVENTS, SELECTORS, SERVER_EVENTS } from "../contract.js";
import { announce } from "./events.js";

const { open, trouble, refused } = CONNECTION_EVENTS;
const { messages, gone, reload, signedOut } = SERVER_EVENTS;
const STATUS_DELAY_MS = 3000;
const POLL_INTERVAL_MS = 5000;

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
    addEventListener("pagehide", () => this.close());
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
      const { Stream } = await import(new URL(this.dataset.worker, location));
      const stream = new Stream(this.address);
      const notify = (event) => this.receive(event);
      this.report = (page) => (page ? stream.open(notify, page) : stream.close(notify));
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
    this.report(page);
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
    this.open(); // without the conversation: the inbox stays live
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

  async poll() {
    const timeline = this.isGone ? null : this.timeline;
    const changes = timeline?.closest(SELECTORS.main).querySelector(SELECTORS.head).dataset.changes;
    const address = timeline ? `${changes}?after=${timeline.dataset.revision}` : this.dataset.alive;
    try {
      const answer = await fetch(address, { redirect: "manual" });
      if (answer.type === "opaqueredirect") return this.receive({ name: signedOut });
      this.hideStatus();
      if (!timeline) return;
      const names = { 200: messages, 404: gone, 410: reload };
      if (!names[answer.status]) return;
      const data = answer.status === 200 ? await answer.text() : timeline.dataset.conversation;
      this.dispatch(names[answer.status], data);
    } catch {
      this.statusTimer ??= setTimeout(() => this.showStatus(this.words), STATUS_DELAY_MS);
    }
  }
}

function formatTime(moment) {
  const day = moment.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" };
  return moment.toLocaleString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...day });
}

customElements.define("live-updates", LiveUpdates);
