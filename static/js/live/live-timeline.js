// Updates the messages of the page: inserts new ones in order, replaces changed ones, removes deleted ones. An event that
// arrives twice changes nothing: each message carries the revision of its last change.
import { PAGE_EVENTS, SCRIPT_HEADERS, SELECTORS, SERVER_EVENTS } from "../contract.js";
import { removeArticle, replaceArticle } from "../message/articles.js";
import { regroup } from "../message/grouping.js";
import { fragment } from "../shell/fragment.js";
import { onLive } from "./events.js";

const { messages, reload, gone } = SERVER_EVENTS;
const { posted, changed } = PAGE_EVENTS;
const END_MARGIN_PIXELS = 40;
const RELOAD_RETRY_MS = 5000;

class LiveTimeline extends HTMLElement {
  connectedCallback() {
    this.timeline = this.querySelector(SELECTORS.timeline);
    this.scroller = this.querySelector(".scroller");
    this.jump = this.querySelector(".jump");
    this.newCount = 0;
    this.deleted = new Map(); // so that a late answer to a post does not restore a message
    onLive((name, data) => this.receive(name, data));
    this.jump.addEventListener("click", () => this.scrollToEnd());
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
  }

  scrolled() {
    if (this.isAtEnd) this.showNewCount(0);
  }

  get isAtEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller;
    return (this.isFromTop ? scrollTop + clientHeight - scrollHeight : scrollTop) >= -END_MARGIN_PIXELS;
  }

  get isFromTop() {
    return this.scroller.classList.contains("from-top");
  }

  get articles() {
    return [...this.timeline.querySelectorAll("article")];
  }

  receive(name, data) {
    const current = this.timeline.dataset.conversation;
    if (name === messages || name === posted) {
      const changes = fragment(data).firstElementChild;
      if (changes.dataset.conversation === current) this.apply(changes, name === posted);
    } else if (name === changed) {
      let day;
      for (const element of fragment(data).querySelectorAll(".day, article")) {
        if (element.matches(".day")) day = element;
        else this.put(element, day);
      }
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
    if (isOwn && this.timeline.querySelector(SELECTORS.lastPage)) return location.assign(location.pathname);
    const wasAtEnd = this.isAtEnd;
    const anchor = this.articles.find((article) => article.getBoundingClientRect().top >= 0);
    const top = anchor?.getBoundingClientRect().top;
    let day;
    const arrived = [];
    for (const element of [...changes.children]) {
      if (element.matches(".day")) day = element;
      else if (element.matches("article") && this.put(element, day)) arrived.push(element);
    }
    if (isOwn || (wasAtEnd && this.isFromTop)) this.scrollToEnd();
    else if (!wasAtEnd) {
      if (anchor?.isConnected) this.scroller.scrollTop += anchor.getBoundingClientRect().top - top;
      this.showNewCount(this.newCount + arrived.length);
    }
    if (arrived.length) this.dispatchEvent(new CustomEvent("arrived", { bubbles: true, detail: arrived }));
  }

  // Insert or replace an article; return whether it was inserted.
  put(article, day) {
    const revision = Number(article.dataset.revision);
    if (revision <= (this.deleted.get(article.id) ?? 0)) return false;
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
    if (later === 0 && this.timeline.querySelector(SELECTORS.firstPage)) return false; // belongs on an older page
    if (later < 0 && this.timeline.querySelector(SELECTORS.lastPage)) return false; // belongs on a newer page
    this.timeline.querySelector(":scope > .empty")?.remove();
    const next = later < 0 ? this.timeline.querySelector(".turn:has([rel=next])") : heading(articles[later], day);
    this.timeline.insertBefore(article, next);
    if (day && dayOf(article) !== day.dataset.day) article.before(day.cloneNode(true));
    regroup(article, article.nextElementSibling);
    return true;
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
      const answer = await fetch(location.pathname + location.search, { headers: SCRIPT_HEADERS, redirect: "error" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const timeline = page.querySelector(SELECTORS.timeline);
      this.timeline.replaceChildren(...timeline.childNodes);
      this.timeline.dataset.revision = timeline.dataset.revision;
      this.dispatchEvent(new CustomEvent("arrived", { bubbles: true, detail: this.articles }));
    } catch {
      setTimeout(() => this.reload(), RELOAD_RETRY_MS);
    }
  }

  scrollToEnd() {
    this.scroller.scrollTop = this.isFromTop ? this.scroller.scrollHeight : 0;
    this.showNewCount(0);
  }

  showNewCount(number) {
    this.newCount = number;
    this.jump.hidden = !number;
    this.jump.textContent = `${number} ${number === 1 ? this.jump.dataset.one : this.jump.dataset.many}`;
  }
}

const number = (article) => Number(article.id.slice(1));

function isBefore(one, other) {
  const difference = Number(one.dataset.at) - Number(other.dataset.at);
  return difference < 0 || (difference === 0 && number(one) < number(other));
}

// Return the first of the headings above an article that belong to it, unless they belong to an article of `day`.
function heading(article, day) {
  let first = article;
  for (let line = article.previousElementSibling; line?.matches(".day, .new"); line = line.previousElementSibling) {
    if (line.dataset.day === day?.dataset.day) break;
    first = line;
  }
  return first;
}

function dayOf(article) {
  let line = article;
  while (line && !line.matches(".day")) line = line.previousElementSibling;
  return line?.dataset.day;
}

customElements.define("live-timeline", LiveTimeline);
