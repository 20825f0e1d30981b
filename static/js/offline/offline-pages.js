// Registers the service worker, which caches pages for reading offline, and updates the cached copy of the open page. The
// name of the cache must not change: pages and the service worker of release 0.1 use it.
import { PAGE_EVENTS, SELECTORS, SERVER_EVENTS, STORED } from "../contract.js";
import { onLive } from "../live/events.js";
import { addressOf } from "../shell/addresses.js";

const UPDATE_DELAY_MS = 2000;
const LIVE_PARTS = [SELECTORS.timeline, SELECTORS.sidebar, SELECTORS.inbox];
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

  // Copy the live parts of the page into its cached copy, if there still is one.
  async update() {
    this.timer = undefined;
    const found = !location.search && (await caches.match(location.pathname, { cacheName: this.cacheName }));
    if (!found) return;
    const page = new DOMParser().parseFromString(await found.text(), "text/html");
    for (const part of LIVE_PARTS) page.querySelector(part)?.replaceWith(copyOf(document.querySelector(part)));
    const box = page.querySelector(SELECTORS.messageBox);
    if (box && !document.querySelector(SELECTORS.messageBox).value) box.textContent = ""; // its draft is sent
    const headers = new Headers(found.headers);
    headers.set(STORED.storedAt, Date.now());
    const html = `<!doctype html>\n${page.documentElement.outerHTML}`;
    if (await caches.has(this.cacheName)) await (await caches.open(this.cacheName)).put(location.pathname, new Response(html, { headers }));
  }
}

function copyOf(part) {
  const copy = part.cloneNode(true);
  for (const each of copy.querySelectorAll(".tools, .editing")) each.remove();
  return copy;
}

customElements.define("offline-pages", OfflinePages);
