// Connects the page with the stream of events, and hands what comes to the other elements as "live" events of the
// document: {name, data}. Where no stream can be had, it asks for changes every few seconds instead.
const PATIENCE = 3000;
const POLLING = 5000;

class LiveUpdates extends HTMLElement {
  connectedCallback() {
    this.address = new URL(this.dataset.events, location).href;
    this.status = this.querySelector(".trouble");
    this.words = this.dataset.connecting;
    const { asOf } = document.documentElement.dataset;
    if (asOf) this.show((this.words = this.dataset.offline.replace("{time}", asTime(new Date(Number(asOf))))));
    this.start();
    addEventListener("pagehide", () => this.close());
    addEventListener("pageshow", (event) => event.persisted && this.open());
  }

  async start() {
    if (window.SharedWorker) {
      const worker = new SharedWorker(this.dataset.worker, { type: "module" });
      worker.port.onmessage = ({ data }) => this.receive(data);
      this.say = (page) => worker.port.postMessage({ address: this.address, page });
    } else {
      const { Stream } = await import(new URL(this.dataset.worker, location));
      const stream = new Stream(this.address);
      const tell = (event) => this.receive(event);
      this.say = (page) => (page ? stream.open(tell, page) : stream.close(tell));
    }
    this.open();
  }

  get timeline() {
    return document.querySelector(".timeline");
  }

  open() {
    const page = { since: Number(this.dataset.since) };
    if (this.timeline && !this.isGone) {
      page.conversation = this.timeline.dataset.conversation;
      page.after = Number(this.timeline.dataset.revision);
    }
    this.say(page);
  }

  close() {
    this.say?.(null);
    this.stopPolling();
  }

  receive({ name, data }) {
    if (name === "open") {
      this.recovered();
    } else if (name === "trouble") {
      this.worry ??= setTimeout(() => this.show(this.words), PATIENCE);
    } else if (name === "refused") {
      this.polling ??= setInterval(() => this.poll(), POLLING);
      return this.poll();
    } else if (name === "signed-out") {
      this.close();
      this.show(this.dataset.signedOut);
    }
    this.hand(name, data);
  }

  hand(name, data) {
    document.dispatchEvent(new CustomEvent("live", { detail: { name, data } }));
    if (name !== "gone" || data !== this.timeline?.dataset.conversation || this.isGone) return;
    this.isGone = true;
    this.stopPolling();
    this.open(); // without it: the inbox goes on
  }

  recovered() {
    this.calmDown();
    this.stopPolling();
  }

  calmDown() {
    this.words = this.dataset.connecting;
    clearTimeout(this.worry);
    this.worry = undefined;
    this.status.hidden = true;
  }

  show(words) {
    this.status.textContent = words;
    this.status.hidden = false;
  }

  stopPolling() {
    clearInterval(this.polling);
    this.polling = undefined;
  }

  async poll() {
    const timeline = this.isGone ? null : this.timeline;
    const changes = timeline?.closest("main").querySelector(".head").dataset.changes;
    const address = timeline ? `${changes}?after=${timeline.dataset.revision}` : this.dataset.alive;
    try {
      const answer = await fetch(address, { redirect: "manual" });
      if (answer.type === "opaqueredirect") return this.receive({ name: "signed-out" });
      this.calmDown();
      if (!timeline) return;
      const names = { 200: "messages", 404: "gone", 410: "reload" };
      if (!names[answer.status]) return;
      const data = answer.status === 200 ? await answer.text() : timeline.dataset.conversation;
      this.hand(names[answer.status], data);
    } catch {
      this.worry ??= setTimeout(() => this.show(this.words), PATIENCE);
    }
  }
}

function asTime(moment) {
  const day = moment.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" };
  return moment.toLocaleString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...day });
}

customElements.define("live-updates", LiveUpdates);
