// The messages on the page are a window on the conversation: loads older and newer ones before the reader reaches the
// edge, and removes those that are far away. At each edge is the link that does the same without scripts; above the
// one to older messages is room, which they fill and which removed ones leave, so that what is in view stays in place.
import { PAGE_EVENTS, SCRIPT_HEADERS, SELECTORS } from "../contract.js";
import { announce } from "../live/events.js";
import { regroup } from "../message/grouping.js";
import { fragment } from "../shell/fragment.js";
import { cursorOf, followView } from "./address.js";
import { dayOf } from "./order.js";

const AHEAD = "200%"; // of the height of the view
const AHEAD_OF_SCROLLING = "600%"; // so that it is still ahead when the answer arrives
const FAR_SCREENS = 8;
const ROOM_SCREENS = 300; // more than anybody scrolls through without a pause
const MAX_ARTICLES = 400; // removed at once; fewer are removed when the reader pauses
const PAUSE_MS = 1000;
const RETRY_MS = 5000;
const EDGES = `.turn:has(${SELECTORS.firstPage}, ${SELECTORS.lastPage})`;

export class TimelineWindow {
  // `owner` is the live-timeline.
  constructor(owner) {
    this.owner = owner;
    this.timeline = owner.timeline;
    this.near = new Set(); // the edges within reach
    new MutationObserver(() => this.watch()).observe(this.timeline, { childList: true });
    this.reach(AHEAD);
    owner.scroller.addEventListener("scroll", () => this.reach(AHEAD_OF_SCROLLING), { once: true });
    owner.scroller.addEventListener("scroll", () => this.trimLater(), { passive: true });
    followView(owner);
    this.steady(() => {}, true);
  }

  // Change messages without moving those in view. What arrives above them takes from the room there, and what is removed
  // adds to it: scrolling instead would move them, as the reader may scroll at the same time. At rest, there is room
  // again. A reader who is ahead of what is loaded meets it where they are.
  steady(change, isAtRest = false) {
    const { position, scroller } = this.owner;
    const anchor = position.last() ?? position.first(); // the first one may change its height, as it continues others
    const top = anchor?.getBoundingClientRect().top;
    change();
    if (!anchor?.isConnected) return;
    const { clientHeight, scrollHeight } = scroller;
    const room = scrollHeight > clientHeight && this.timeline.querySelector(`.turn:has(${SELECTORS.firstPage})`);
    const left = room && room.offsetHeight - anchor.getBoundingClientRect().top + top;
    if (room) leaveRoom(room, isAtRest || left < clientHeight ? ROOM_SCREENS * clientHeight : left);
    position.move(anchor, Math.min(top, scroller.getBoundingClientRect().bottom));
  }

  // Load what is within this distance of the view.
  reach(distance) {
    this.observer?.disconnect();
    this.near.clear();
    this.observer = new IntersectionObserver((entries) => this.see(entries), { root: this.owner.scroller, rootMargin: `${distance} 0px` });
    this.watch();
  }

  watch() {
    for (const edge of this.timeline.querySelectorAll(EDGES)) this.observer.observe(edge);
    const line = this.timeline.querySelector(".new");
    if (line && document.querySelector(".unread-bar:not([hidden])")) this.hideBarAt(line);
  }

  // The bar says where the unread messages begin, until the reader sees it.
  hideBarAt(line) {
    this.line ??= new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) document.querySelector(".unread-bar").hidden = true;
    });
    this.line.observe(line);
  }

  see(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.near.add(target);
      else this.near.delete(target);
    }
    this.extend();
  }

  async extend() {
    if (this.isLoading) return;
    this.isLoading = true;
    let isLoaded = true;
    while (isLoaded && this.nextEdge) isLoaded = await this.loadAt(this.nextEdge);
    this.isLoading = false;
    if (!isLoaded) setTimeout(() => this.extend(), RETRY_MS);
  }

  get nextEdge() {
    return [...this.near].find(({ isConnected }) => isConnected);
  }

  // Load the piece behind an edge; return whether there was an answer.
  async loadAt(edge) {
    const link = edge.querySelector("[rel]");
    const isOlder = link.matches(SELECTORS.firstPage);
    return this.load(new URL(link.href).search, (piece) => {
      if (!edge.isConnected) return;
      this.steady(() => {
        join(edge, piece, isOlder);
        if (this.owner.articles.length > MAX_ARTICLES) this.trim();
      });
      this.trimLater();
    });
  }

  // Replace the messages by the newest ones; return whether they were loaded.
  showNewest() {
    return this.load("", (piece) => this.timeline.replaceChildren(...piece.childNodes));
  }

  // Load a piece and show it. Changes that arrive meanwhile may be newer than the piece: they are applied afterwards.
  async load(search, show) {
    const changes = [];
    this.owner.requests.add(changes);
    const piece = await this.fetch(search);
    this.owner.requests.delete(changes);
    if (!piece) return false;
    const articles = [...piece.querySelectorAll("article")];
    show(piece);
    for (const [article, day] of changes) this.owner.put(article, day);
    announce(PAGE_EVENTS.loaded, articles.filter(({ isConnected }) => isConnected));
    this.owner.scrolled();
    return true;
  }

  async fetch(search) {
    const query = new URLSearchParams(search);
    const { pieces, new: first } = this.timeline.dataset;
    if (first) query.set("new", first);
    try {
      const answer = await fetch(`${pieces}?${query}`, { headers: SCRIPT_HEADERS, redirect: "error" });
      const piece = answer.ok && fragment(await answer.text()).querySelector(SELECTORS.timeline);
      if (!piece) return undefined;
      for (const article of piece.querySelectorAll("article")) {
        if (this.owner.isDeleted(article)) article.remove();
      }
      piece.querySelector(":scope > .empty")?.remove();
      return piece;
    } catch {
      return undefined;
    }
  }

  trimLater() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.steady(() => this.trim(), true), PAUSE_MS);
  }

  // Remove the messages that are far from the view.
  trim() {
    const { top, bottom, height } = this.owner.scroller.getBoundingClientRect();
    const far = FAR_SCREENS * height;
    const { articles } = this.owner.position;
    const isKept = (article) => {
      const place = article.getBoundingClientRect();
      return (place.bottom > top - far && place.top < bottom + far) || isInUse(article);
    };
    const first = articles.find(isKept);
    const last = articles.findLast(isKept);
    if (!first) return;
    if (last !== articles.at(-1)) this.cutAfter(last);
    if (first !== articles[0]) this.cutBefore(first);
  }

  cutAfter(article) {
    while (article.nextSibling) article.nextSibling.remove();
    this.timeline.append(this.edge(SELECTORS.lastPage, `?after=${cursorOf(article)}`));
  }

  cutBefore(article) {
    const day = dayOf(article);
    let first = article;
    while (first.previousElementSibling?.matches(".day, .new")) first = first.previousElementSibling;
    const height = first.getBoundingClientRect().top - this.timeline.firstElementChild.getBoundingClientRect().top;
    while (first.previousSibling) first.previousSibling.remove();
    const edge = this.edge(SELECTORS.firstPage, `?before=${cursorOf(article)}`);
    if (day && !day.isConnected) first.before(day);
    this.timeline.prepend(edge);
    leaveRoom(edge, height);
  }

  edge(selector, search) {
    const edge = this.owner.querySelector("template.edges").content.querySelector(`.turn:has(${selector})`).cloneNode(true);
    const link = edge.querySelector(selector);
    link.setAttribute("href", link.getAttribute("href").replace(/\?.*/, search));
    return edge;
  }
}

function leaveRoom(edge, height) {
  edge.classList.add("room");
  edge.style.height = `${height}px`;
}

// Put a piece in place of an edge. Both may have a heading for the day that they divide.
function join(edge, piece, isOlder) {
  const next = isOlder && piece.querySelector(`.turn:has(${SELECTORS.firstPage})`);
  if (next && edge.matches(".room")) leaveRoom(next, edge.offsetHeight);
  piece.querySelector(`.turn:has(${isOlder ? SELECTORS.lastPage : SELECTORS.firstPage})`)?.remove();
  for (const article of piece.querySelectorAll("article")) {
    if (document.getElementById(article.id)) article.remove();
  }
  const article = isOlder ? nextArticle(edge) : piece.querySelector("article");
  const timeline = edge.parentElement;
  edge.replaceWith(...piece.childNodes);
  let last;
  for (const day of timeline.querySelectorAll(".day")) {
    if (day.dataset.day === last || !day.nextElementSibling?.matches("article, .new")) day.remove();
    else last = day.dataset.day;
  }
  regroup(article);
}

function nextArticle(line) {
  let next = line;
  while (next && !next.matches("article")) next = next.nextElementSibling;
  return next;
}

// A message that the reader edits, has selected words in or has focused stays.
function isInUse(article) {
  const selection = getSelection();
  return article.matches(":has(.editing, :focus), :focus") || (!selection.isCollapsed && selection.containsNode(article, true));
}
