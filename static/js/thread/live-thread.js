// Updates the thread beside the conversation, whose messages are in the same events as those of the timeline, and marks
// it as read up to what was visible.
import { PAGE_EVENTS, SELECTORS, SERVER_EVENTS } from "../contract.js";
import { onLive } from "../live/events.js";
import { removeArticle, replaceArticle } from "../message/articles.js";
import { regroup } from "../message/grouping.js";
import { showRead } from "../message/thread-footer.js";
import { fragment } from "../shell/fragment.js";
import { post } from "../shell/post.js";

const { messages, gone } = SERVER_EVENTS;
const { posted, changed } = PAGE_EVENTS;
const END_MARGIN_PIXELS = 40;
const PAUSE_MS = 400;

class LiveThread extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector(".thread-list");
    this.scroller = this.querySelector(".scroller");
    this.form = this.querySelector(".mark-thread-read");
    if (this.form) this.form.hidden = true;
    this.readAt = Number(this.dataset.read ?? Infinity); // people who do not follow it have no read marker
    this.start();
    onLive((name, data) => this.isConnected && this.receive(name, data));
    this.scroller.addEventListener("scroll", () => this.schedule(), { passive: true });
    document.addEventListener("visibilitychange", () => this.schedule());
  }

  start() {
    const line = this.list.querySelector(".new");
    if (line) line.scrollIntoView({ block: "nearest" });
    else if (!location.hash.startsWith("#t")) this.scroller.scrollTop = this.scroller.scrollHeight;
    this.schedule();
  }

  get isAtEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller;
    return scrollTop + clientHeight >= scrollHeight - END_MARGIN_PIXELS;
  }

  receive(name, data) {
    if (name === gone && data === document.querySelector(SELECTORS.timeline)?.dataset.conversation) this.list.replaceChildren();
    if (![messages, posted, changed].includes(name)) return;
    const wasAtEnd = this.isAtEnd;
    for (const article of fragment(data).querySelectorAll("article")) {
      renumber(article);
      this.put(article, name === posted);
    }
    if (wasAtEnd) this.scroller.scrollTop = this.scroller.scrollHeight;
    this.schedule();
  }

  put(article, isOwn) {
    const old = document.getElementById(article.id);
    if (this.isFirst(article)) this.showCount(article);
    if (old) {
      if (Number(old.dataset.revision) >= Number(article.dataset.revision)) return;
      if ("deleted" in article.dataset) removeArticle(old);
      else replaceArticle(old, article);
      regroup(article);
    } else if (this.belongsHere(article) && !("deleted" in article.dataset)) {
      this.insert(article, isOwn);
    }
  }

  insert(article, isOwn) {
    if (this.isFirst(article)) {
      this.list.querySelector(":scope > .help")?.remove(); // the notice that the message is deleted
      return this.list.prepend(article);
    }
    const later = [...this.list.children].find((each) => Number(each.dataset.at) > Number(article.dataset.at));
    if (this.isOnAnotherPage(later)) return isOwn && location.assign(location.pathname);
    this.list.insertBefore(article, later ?? null);
    regroup(article, article.nextElementSibling);
    if (isOwn) this.scroller.scrollTop = this.scroller.scrollHeight;
    // Whoever replies follows the thread, and has read it.
    if (article.dataset.sender === document.querySelector(SELECTORS.main).dataset.person) this.readAt = Number(article.dataset.at);
    return undefined;
  }

  showCount(first) {
    const count = first.querySelector(".replies b")?.textContent ?? "";
    const line = this.list.querySelector(".reply-count");
    line.hidden = !count;
    line.firstElementChild.textContent = count;
  }

  // A long thread has pages: return whether what is right before `later`, or at the end, belongs on another one.
  isOnAnotherPage(later) {
    if (!later) return this.list.querySelector(SELECTORS.lastPage) !== null;
    return later === this.list.querySelector("article[data-thread]") && this.list.querySelector(SELECTORS.firstPage) !== null;
  }

  belongsHere(article) {
    return article.dataset.thread === this.dataset.thread || this.isFirst(article);
  }

  isFirst(article) {
    return article.id === `t${this.dataset.thread}`;
  }

  schedule() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.markRead(), PAUSE_MS);
  }

  async markRead() {
    const last = [...this.list.querySelectorAll("article[data-thread]")].at(-1);
    if (!last || !this.form || !this.isConnected || document.hidden || !this.isAtEnd || Number(last.dataset.at) <= this.readAt) return;
    const body = new FormData(this.form);
    body.set("message", last.id.slice(1));
    const answer = await post(this.form.action, body);
    if (!answer.isRedirect) return;
    this.readAt = Number(last.dataset.at);
    for (const prefix of ["m", "t"]) {
      showRead(document.querySelector(`#${prefix}${this.dataset.thread} .replies .last`), last.dataset.at);
    }
  }
}

// The timeline may contain the same message, and ids must be unique.
function renumber(article) {
  const [before, after] = [article.id, `t${article.id.slice(1)}`];
  for (const part of article.querySelectorAll(`[id^="${before}-"]`)) part.id = part.id.replace(before, after);
  const name = article.getAttribute("aria-labelledby");
  if (name) article.setAttribute("aria-labelledby", name.replaceAll(before, after));
  article.id = after;
}

customElements.define("live-thread", LiveThread);
