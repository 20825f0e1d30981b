// Registers the service worker, which caches pages for reading offline, and updates the cached copy of the open page. The
// name of the cache must not change: pages and the service worker of release 0.1 use it.
import { PAGE_EVENTS, SELECTORS, SERVER_EVENTS, STORED } from "../contract.js";
import { onLive } from "../live/events.js";
import { addressOf } from "../shell/addresses.js";

const UPDATE_DELAY_MS = 2000;
const { messages, inbox, left, gone, signedOut } = SERVER_EVENTS;
const SHOWN_EVENTS = [messages, inbox, ...Object.values(PAGE_EVENTS)];

class OfflinePages extends HTMLElement {
  connectedCallback() {
    if (!navigator.serviceWorker) return;
    this.cacheName = STORED.pages + document.querySelector(SELECTORS.main).dataset.person;
    this.register();
    onLive((name, data) => this.receive(name, data));
  }

  async register() {
    if (document.readyState !== "complete") await new Promise((go) => addEventListener("load", go, { once: true }));
    // Without a service worker everything else works.
    await navigator.serviceWorker.register(this.dataset.worker, { updateViaCache: "none" }).catch(() => {});
  }

  async receive(name, data) {
    if (name === signedOut) {
      for (const each of await caches.keys()) if (each.startsWith(STORED.pages)) caches.delete(each);
    } else if ((name === gone || name === left) && (await caches.has(this.cacheName))) {
      await (await caches.open(this.cacheName)).delete(addressOf("conversation", data));
    } else if (SHOWN_EVENTS.includes(name)) {
      if (name === PAGE_EVENTS.loaded) this.timer = clearTimeout(this.timer); // not while the reader scrolls
      this.timer ??= setTimeout(() => this.update(), UPDATE_DELAY_MS);
    }
  }

  update() {
    this.timer = undefined;
    import("./cached-copy.js").then(({ updateCopy }) => updateCopy(this.cacheName), () => {});
  }
}

customElements.define("offline-pages", OfflinePages);
