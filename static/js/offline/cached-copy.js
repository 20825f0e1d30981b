// Updates the copy of the open page that the service worker has cached.
import { SELECTORS, STORED } from "../contract.js";

const LIVE_PARTS = [SELECTORS.timeline, SELECTORS.sidebar, SELECTORS.inbox];

// Copy the live parts of the page into its cached copy, if there still is one.
export async function updateCopy(cacheName) {
  const found = !location.search && (await caches.match(location.pathname, { cacheName }));
  if (!found) return;
  const page = new DOMParser().parseFromString(await found.text(), "text/html");
  for (const part of LIVE_PARTS) page.querySelector(part)?.replaceWith(copyOf(document.querySelector(part)));
  const box = page.querySelector(SELECTORS.messageBox);
  if (box && !document.querySelector(SELECTORS.messageBox).value) box.textContent = ""; // its draft is sent
  const headers = new Headers(found.headers);
  headers.set(STORED.storedAt, Date.now());
  const html = `<!doctype html>\n${page.documentElement.outerHTML}`;
  if (await caches.has(cacheName)) await (await caches.open(cacheName)).put(location.pathname, new Response(html, { headers }));
}

function copyOf(part) {
  const copy = part.cloneNode(true);
  for (const each of copy.querySelectorAll(".tools, .editing")) each.remove();
  return copy;
}
