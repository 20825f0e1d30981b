// Updates the messages of the page: inserts new ones in order, replaces changed ones, removes deleted ones. An event that
// arrives twice changes nothing: each message carries the revision of its last change.
import { PAGE_EVENTS, SCRIPT_HEADERS, SELECTORS, SERVER_EVENTS } from "../contract.js";
import { removeArticle, replaceArticle } from "../message/articles.js";
import { regroup } from "../message/grouping.js";
import { fragment } from "../shell/fragment.js";
import { dayOf, heading, isBefore } from "../timeline/order.js";
import { Position } from "../timeline/position.js";
import { onLive } from "./events.js";

const { messages, reload, gone } = SERVER_EVENTS;
const { posted, changed } = PAGE_EVENTS;
const RELOAD_RETRY_MS = 5000;

class LiveTimeline extends HTMLElement {
  connectedCallback() {
    this.timeline = this.querySelector(SELECTORS.timeline);
    this.scroller = this.querySelector(".scroller");
    this.position = new Position(this.scroller);
    this.jump = this.querySelector(".jump");
    this.newCount = 0;
    this.newestAt = Number(this.timeline.dataset.newest);
    this.deleted = new Map(); // so that a late answer to a post does not restore a message
    this.requests = new Set(); // for each piece that is being loaded: what changed outside of the page meanwhile
    onLive((name, data) => this.receive(name, data));
    this.jump.addEventListener("click", () => this.toNewest());
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.scroller.addEventListener("click", (event) => this.position.fold(event));
    if (!this.isWhole) this.loadWindowOnUse();
    this.scrolled();
  }

  scrolled() {
    this.position.settle(this.isAtEnd);
    this.showNewCount(this.isAtEnd ? 0 : this.newCount);
  }

  get isAtEnd() {
    return this.position.isAtEnd && !this.timeline.querySelector(SELECTORS.lastPage);
  }

  // Whether all messages of the conversation are on the page.
  get isWhole() {
    return !this.timeline.querySelector(`${SELECTORS.firstPage}, ${SELECTORS.lastPage}`);
  }

  // Whether the address is that of the conversation, alone or beside the inbox, and not that of a thread beside it.
  get hasOwnAddress() {
    return location.pathname.split("/").at(-2) === this.timeline.dataset.conversation;
  }

  get articles() {
    return [...this.timeline.querySelectorAll("article")];
  }

  // Extend the page from when the reader moves through it, returns to a place in it, or sees one of its edges.
  loadWindowOnUse() {
    const load = () => this.loadWindow();
    if (history.state?.place) load();
    for (const kind of ["pointerenter", "touchstart", "scroll"]) this.scroller.addEventListener(kind, load, { passive: true, once: true });
    addEventListener("keydown", load, { once: true });
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      seen.disconnect();
      load();
    });
    for (const link of this.querySelectorAll(`${SELECTORS.firstPage}, ${SELECTORS.lastPage}`)) seen.observe(link);
  }

  // Load what extends the page by older and newer messages; without it the links lead to them.
  loadWindow() {
    this.window ??= import("../timeline/window.js").then(({ TimelineWindow }) => new TimelineWindow(this), () => {});
    return this.window;
  }

  async toNewest() {
    const isThere = !this.timeline.querySelector(SELECTORS.lastPage) || (await (await this.loadWindow())?.showNewest());
    if (!isThere) return location.assign(location.pathname);
    this.position.toEnd();
    this.scrolled();
  }

  receive(name, data) {
    const current = this.timeline.dataset.conversation;
    if (name === messages || name === posted) {
      const changes = fragment(data).firstElementChild;
      if (changes.dataset.conversation === current) this.apply(changes, name === posted);
    } else if (name === changed) {
      this.putAll([...fragment(data).querySelectorAll(".day, article")]);
    } else if (name === reload && data === current) {
      this.reload();
    } else if (name === gone && data === current) {
      this.timeline.replaceChildren(this.querySelector("template.gone").content.cloneNode(true));
      for (const part of document.querySelectorAll(".unread-bar, .foot, .head .menu")) part.hidden = true;
    }
  }

  apply(changes, isOwn) {
    const { revision, title } = changes.dataset;
    // The answer to the reader's own post does not include earlier changes by others.
    if (!isOwn) {
      if (Number(revision) <= Number(this.timeline.dataset.revision)) return;
      this.timeline.dataset.revision = revision;
      const name = document.querySelector(`${SELECTORS.head} .name`);
      if (title && name && name.textContent !== title) name.textContent = title;
    }
    if (isOwn && !changes.querySelector("article:not([data-thread-only])")) return undefined;
    const wasAtEnd = this.isAtEnd;
    let arrived = [];
    const change = () => {
      arrived = this.putAll([...changes.children]);
    };
    if (isOwn || wasAtEnd) change();
    else this.position.steady(change);
    const isFromThread = document.querySelector(SELECTORS.thread)?.contains(document.activeElement);
    if (isOwn && !isFromThread) this.toNewest();
    else if (wasAtEnd && this.position.isFromTop) this.position.toEnd();
    else if (!wasAtEnd) this.showNewCount(this.newCount + arrived.filter(({ dataset }) => dataset.sender).length);
    const shown = arrived.filter(({ isConnected }) => isConnected);
    if (shown.length) this.dispatchEvent(new CustomEvent("arrived", { bubbles: true, detail: shown }));
  }

  // Put articles below the headings of their days; return the new ones, on this page or after its last message.
  putAll(elements) {
    let day;
    const arrived = [];
    for (const element of elements) {
      if (element.matches(".day")) day = element;
      else if (element.matches("article:not([data-thread-only])")) {
        const isNew = Number(element.dataset.at) > this.newestAt;
        if (isNew) this.newestAt = Number(element.dataset.at);
        if (this.put(element, day) || (isNew && !document.getElementById(element.id))) arrived.push(element);
      }
    }
    return arrived;
  }

  // Insert or replace an article; return whether it was inserted.
  put(article, day) {
    const revision = Number(article.dataset.revision);
    if (this.isDeleted(article)) return false;
    if ("deleted" in article.dataset) this.deleted.set(article.id, revision);
    const old = document.getElementById(article.id);
    if (old) {
      if (Number(old.dataset.revision) >= revision) return false;
      if ("deleted" in article.dataset) this.remove(old);
      else {
        replaceArticle(old, article);
        regroup(article, article.nextElementSibling);
      }
      return false;
    }
    if ("deleted" in article.dataset) return false;
    const articles = this.articles;
    const later = articles.findIndex((each) => isBefore(article, each));
    if (this.isOutside(later)) {
      for (const changes of this.requests) changes.push([article, day]);
      return false;
    }
    this.timeline.querySelector(":scope > .empty")?.remove();
    this.timeline.insertBefore(article, later < 0 ? null : heading(articles[later], day));
    if (day && dayOf(article)?.dataset.day !== day.dataset.day) article.before(day.cloneNode(true));
    regroup(article, article.nextElementSibling);
    return true;
  }

  // Return whether the server had deleted an article when this state of it was already old.
  isDeleted({ id, dataset }) {
    return Number(dataset.revision) <= (this.deleted.get(id) ?? 0);
  }

  // Return whether what is before the article at this place, or after all of them, belongs to another page.
  isOutside(place) {
    if (place > 0) return false;
    return this.timeline.querySelector(place ? SELECTORS.lastPage : SELECTORS.firstPage) !== null;
  }

  remove(article) {
    const day = article.previousElementSibling;
    const next = article.nextElementSibling;
    removeArticle(article);
    if (day?.matches(".day") && !next?.matches("article, .new")) day.remove();
    const line = this.timeline.querySelector(".new");
    if (!line?.matches(":has(~ article)")) line?.remove();
    regroup(next);
    if (new URLSearchParams(location.search).get("at") === article.id.slice(1)) document.querySelector(".selected-message")?.remove();
    if (!this.articles.length) this.reload();
  }

  async reload() {
    try {
      const address = this.timeline.dataset.pieces + (this.hasOwnAddress ? location.search : "");
      const answer = await fetch(address, { headers: SCRIPT_HEADERS, redirect: "error" });
      const timeline = fragment(await answer.text()).querySelector(SELECTORS.timeline);
      this.timeline.replaceChildren(...timeline.childNodes);
      this.timeline.dataset.revision = timeline.dataset.revision;
      if (!this.isWhole) this.loadWindowOnUse();
      this.dispatchEvent(new CustomEvent("arrived", { bubbles: true, detail: this.articles }));
    } catch {
      setTimeout(() => this.reload(), RELOAD_RETRY_MS);
    }
  }

  // Offer a button to the newest messages while they are out of view.
  showNewCount(number) {
    this.newCount = number;
    const isFar = this.timeline.querySelector(SELECTORS.lastPage) || this.position.pixelsToEnd > this.scroller.clientHeight;
    this.jump.hidden = !number && !isFar;
    const { newest, one, many } = this.jump.dataset;
    const words = number ? `${number} ${number === 1 ? one : many}` : newest;
    if (this.jump.textContent !== words) this.jump.textContent = words;
  }
}

customElements.define("live-timeline", LiveTimeline);
