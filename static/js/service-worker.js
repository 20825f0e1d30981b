// Receives pushes, and caches the inbox and the conversations that were read last, with their style and scripts, for reading offline. The
// network always goes first, and only page visits are answered from the cache: no forms, no streams, no attachments.
// The pages belong to one person: they are deleted when that person signs out, when someone else signs in, and after a
// week. The page of the service worker (templates/service-worker.js) declares FILES, OFFLINE and NEW_MESSAGE.
import "./push/receiving.js";
import "./push/opening.js";
import { ADDRESSES, PERSON_ATTRIBUTE, SIGNED_OUT_ATTRIBUTE, STORED } from "./contract.js";
import { isAddressOf } from "./shell/addresses.js";

const PERSON = new RegExp(`<main [^>]*${PERSON_ATTRIBUTE}="(\\d+)"`);
const HASHED = new RegExp(`^${ADDRESSES.staticFiles}.+\\.[0-9a-f]{12}\\.\\w+$`);
const MAX_PAGES = 20;
const MAX_AGE_MS = 7 * 24 * 60 * 60 * 1000;
const isCacheable = (path) => isAddressOf("inbox", path) || isAddressOf("conversation", path);
const isSignOut = (path) => isAddressOf("signOut", path) || isAddressOf("signOutOfAdmin", path);
let deletions = 0; // how often pages were deleted, so that no page requested earlier is cached afterwards

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(install());
});
addEventListener("activate", (event) => event.waitUntil(activate()));

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname, search } = new URL(url);
  if (origin !== location.origin) return;
  if (method === "POST" && isSignOut(pathname)) event.waitUntil(deletePages());
  if (method !== "GET") return;
  if (HASHED.test(pathname)) event.respondWith(findAsset(event.request));
  else if (mode === "navigate") event.respondWith(visit(event, pathname, !search));
});

async function install() {
  const assets = await caches.open(STORED.assets);
  await assets.addAll(FILES);
  await assets.put(OFFLINE, await fetch(OFFLINE, { credentials: "omit" })); // it belongs to nobody
}

// Cache the pages that are already open, which were loaded before this worker took over.
async function activate() {
  await clients.claim();
  const before = deletions;
  for (const { url } of await clients.matchAll({ type: "window" })) {
    const { pathname } = new URL(url);
    if (isCacheable(pathname)) await fetch(pathname).then((answer) => store(answer, pathname, before), () => {});
  }
  await tidyAssets();
}

async function findAsset(request) {
  const found = await caches.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(STORED.assets)).put(request, answer.clone());
  return answer;
}

// An address with a query shows another part of a conversation: do not store it in place of the page.
async function visit(event, path, isWhole) {
  const before = deletions;
  try {
    const answer = await fetch(event.request);
    event.waitUntil(store(answer.clone(), isWhole ? path : "", before));
    return answer;
  } catch {
    return (await cachedPage(path)) ?? (await caches.match(OFFLINE)) ?? Response.error();
  }
}

// Each page names the person it belongs to; the sign-in page states that nobody is signed in.
async function store(answer, path, before) {
  if (answer.type === "opaqueredirect" || !answer.headers.get("content-type")?.startsWith("text/html")) return;
  const html = await answer.text();
  const person = PERSON.exec(html)?.[1];
  if (!person && html.includes(` ${SIGNED_OUT_ATTRIBUTE}>`)) return deletePages();
  if (!person || before !== deletions) return;
  await deletePages(STORED.pages + person);
  if (!isCacheable(path)) return;
  const pages = await caches.open(STORED.pages + person);
  await pages.delete(path); // so that the order is that of reading
  if (answer.ok) await pages.put(path, withTime(html, answer.headers));
  await tidy();
}

function withTime(html, headers) {
  const stored = new Headers(headers);
  for (const name of ["content-encoding", "content-length"]) stored.delete(name);
  stored.set(STORED.storedAt, Date.now());
  return new Response(html, { headers: stored });
}

async function cachedPage(path) {
  await tidy();
  const found = isCacheable(path) && (await caches.match(path));
  if (!found) return undefined;
  const html = (await found.text()).replace("<html ", `<html data-as-of="${found.headers.get(STORED.storedAt)}" `);
  return new Response(html, { headers: found.headers });
}

async function pageCaches() {
  return (await caches.keys()).filter((name) => name.startsWith(STORED.pages));
}

// Delete all pages, except those in the cache `except`.
async function deletePages(except = "") {
  const others = (await pageCaches()).filter((name) => name !== except);
  if (!except || others.length) deletions += 1;
  await Promise.all(others.map((name) => caches.delete(name)));
}

async function tidy() {
  for (const name of await pageCaches()) {
    const pages = await caches.open(name);
    const paths = await pages.keys();
    for (const [position, path] of paths.entries()) {
      const age = Date.now() - Number((await pages.match(path))?.headers.get(STORED.storedAt));
      if (age > MAX_AGE_MS || position < paths.length - MAX_PAGES) await pages.delete(path);
    }
  }
}

// Delete the assets of earlier releases once no cached page needs them.
async function tidyAssets() {
  const texts = [];
  for (const name of await pageCaches()) {
    const pages = await caches.open(name);
    for (const path of await pages.keys()) texts.push(await (await pages.match(path)).text());
  }
  const assets = await caches.open(STORED.assets);
  for (const { url } of await assets.keys()) {
    const { pathname } = new URL(url);
    const isNeeded = [OFFLINE, ...FILES].includes(pathname) || texts.some((text) => text.includes(pathname));
    if (!isNeeded) await assets.delete(url);
  }
}
