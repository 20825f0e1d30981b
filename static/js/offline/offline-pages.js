// Lets the service worker keep what one reads, and keeps the page that is open there as it has become since.
const PAUSE = 2000;
const SHOWN = [".timeline", ".inbox"];

class OfflinePages extends HTMLElement {
  connectedCallback() {
    if (!navigator.serviceWorker) return;
    this.name = `pages of ${document.getElementById("main").dataset.person}`;
    this.register();
    document.addEventListener("live", ({ detail: { name, data } }) => this.receive(name, data));
  }

  async register() {
    if (document.readyState !== "complete") await new Promise((go) => addEventListener("load", go, { once: true }));
    // Where it can't be had, all is as without it.
    await navigator.serviceWorker.register(this.dataset.worker, { updateViaCache: "none" }).catch(() => {});
  }

  async receive(name, data) {
    if (name === "signed-out") {
      for (const each of await caches.keys()) if (each.startsWith("pages of ")) caches.delete(each);
    } else if ((name === "gone" || name === "left") && (await caches.has(this.name))) {
      await (await caches.open(this.name)).delete(`/c/${data}/`);
    } else if (["messages", "posted", "changed", "inbox", "read"].includes(name)) {
      this.timer ??= setTimeout(() => this.keep(), PAUSE);
    }
  }

  // Put what the page shows by now into what is kept of it, if anything is: it may just have been forgotten.
  async keep() {
    this.timer = undefined;
    const found = !location.search && (await caches.match(location.pathname, { cacheName: this.name }));
    if (!found) return;
    const page = new DOMParser().parseFromString(await found.text(), "text/html");
    for (const part of SHOWN) page.querySelector(part)?.replaceWith(shown(document.querySelector(part)));
    const box = page.querySelector("message-composer textarea");
    if (box && !document.querySelector("message-composer textarea").value) box.textContent = ""; // its draft is sent
    const headers = new Headers(found.headers);
    headers.set("x-as-of", Date.now());
    const html = `<!doctype html>\n${page.documentElement.outerHTML}`;
    if (await caches.has(this.name)) await (await caches.open(this.name)).put(location.pathname, new Response(html, { headers }));
  }
}

function shown(part) {
  const copy = part.cloneNode(true);
  for (const each of copy.querySelectorAll(".tools, .editing")) each.remove();
  return copy;
}

customElements.define("offline-pages", OfflinePages);
