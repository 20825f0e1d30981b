// Keeps what its reader read last, to be read without a network: the inbox and conversations, and how they look. The
// network always goes first, and only pages that one goes to are answered from here: no form, no stream, no file.
// What is kept is one person's: it goes when they sign out, when somebody else is signed in, and after a week.
const LOOKS = "looks";
const PAGES = "pages of "; // a person's number
const MOST = 20; // pages
const LONGEST = 7 * 24 * 60 * 60 * 1000;
const isKept = (path) => /^\/(c\/\d+\/)?$/.test(path);
const isHashed = (path) => /^\/static\/.+\.[0-9a-f]{12}\.\w+$/.test(path);
let forgotten = 0; // how often, so that what was asked for before is not kept after it

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(install());
});
addEventListener("activate", (event) => event.waitUntil(begin()));

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname, search } = new URL(url);
  if (origin !== location.origin) return;
  if (method === "POST" && pathname.endsWith("/logout/")) event.waitUntil(forget());
  if (method !== "GET") return;
  if (isHashed(pathname)) event.respondWith(look(event.request));
  else if (mode === "navigate") event.respondWith(visit(event, pathname, !search));
});

async function install() {
  const looks = await caches.open(LOOKS);
  await looks.addAll(FILES);
  await looks.put(OFFLINE, await fetch(OFFLINE, { credentials: "omit" })); // it is nobody's
}

// Be there at once for the pages that are open, which the worker of before, or none, has loaded.
async function begin() {
  await clients.claim();
  const before = forgotten;
  for (const { url } of await clients.matchAll({ type: "window" })) {
    const { pathname } = new URL(url);
    if (isKept(pathname)) await fetch(pathname).then((answer) => take(answer, pathname, before), () => {});
  }
  await tidyLooks();
}

async function look(request) {
  const found = await caches.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(LOOKS)).put(request, answer.clone());
  return answer;
}

// What an address with a question shows is another part of the page: it is not kept in its place.
async function visit(event, path, isWhole) {
  const before = forgotten;
  try {
    const answer = await fetch(event.request);
    event.waitUntil(take(answer.clone(), isWhole ? path : "", before));
    return answer;
  } catch {
    return (await keptPage(path)) ?? (await caches.match(OFFLINE)) ?? Response.error();
  }
}

// A page tells whose it is. Where one has to sign in, nobody is.
async function take(answer, path, before) {
  if (answer.type === "opaqueredirect" || !answer.headers.get("content-type")?.startsWith("text/html")) return;
  const html = await answer.text();
  const person = /<main [^>]*data-person="(\d+)"/.exec(html)?.[1];
  if (!person && html.includes(" data-signed-out>")) return forget();
  if (!person || before !== forgotten) return;
  await forget(PAGES + person);
  if (!isKept(path)) return;
  const pages = await caches.open(PAGES + person);
  await pages.delete(path); // the order is that of reading
  if (answer.ok) await pages.put(path, asOf(html, answer.headers));
  await tidy();
}

function asOf(html, headers) {
  const kept = new Headers(headers);
  for (const name of ["content-encoding", "content-length"]) kept.delete(name);
  kept.set("x-as-of", Date.now());
  return new Response(html, { headers: kept });
}

async function keptPage(path) {
  await tidy();
  const found = isKept(path) && (await caches.match(path));
  if (!found) return undefined;
  const html = (await found.text()).replace("<html ", `<html data-as-of="${found.headers.get("x-as-of")}" `);
  return new Response(html, { headers: found.headers });
}

async function pageCaches() {
  return (await caches.keys()).filter((name) => name.startsWith(PAGES));
}

async function forget(but = "") {
  const others = (await pageCaches()).filter((name) => name !== but);
  if (!but || others.length) forgotten += 1;
  await Promise.all(others.map((name) => caches.delete(name)));
}

async function tidy() {
  for (const name of await pageCaches()) {
    const pages = await caches.open(name);
    const paths = await pages.keys();
    for (const [place, path] of paths.entries()) {
      const age = Date.now() - Number((await pages.match(path))?.headers.get("x-as-of"));
      if (age > LONGEST || place < paths.length - MOST) await pages.delete(path);
    }
  }
}

// Files of before go once no page that is kept shows them.
async function tidyLooks() {
  const texts = [];
  for (const name of await pageCaches()) {
    const pages = await caches.open(name);
    for (const path of await pages.keys()) texts.push(await (await pages.match(path)).text());
  }
  const looks = await caches.open(LOOKS);
  for (const { url } of await looks.keys()) {
    const { pathname } = new URL(url);
    const isNeeded = [OFFLINE, ...FILES].includes(pathname) || texts.some((text) => text.includes(pathname));
    if (!isNeeded) await looks.delete(url);
  }
}
