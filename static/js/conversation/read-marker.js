// Moves the read marker to the last message that was visible; without scripts people use its button.
import { PAGE_EVENTS, SELECTORS, SERVER_EVENTS } from "../contract.js";
import { announce, onLive } from "../live/events.js";
import { addressOf, isAddressOf } from "../shell/addresses.js";
import { post } from "../shell/post.js";

const PAUSE_MS = 400;
const LOOKING_AFTER_MS = 1000;
const LOOKING_EVERY_MS = 30_000;

class ReadMarker extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.querySelector("button")?.remove();
    this.read = Number(this.dataset.read);
    this.visible = new Set();
    this.watcher = new IntersectionObserver((entries) => this.see(entries), { threshold: 0.1 });
    this.watch(document.querySelectorAll(`${SELECTORS.timeline} article`));
    document.addEventListener("arrived", ({ detail }) => {
      this.watch(detail);
      setTimeout(() => this.reportLooking(detail), LOOKING_AFTER_MS);
    });
    document.addEventListener("visibilitychange", () => this.schedule());
    // What is being marked as unread must not be marked as read while this page is left.
    document.addEventListener("submit", ({ target }) => {
      this.isLeaving = isAddressOf("unread", target.getAttribute("action"));
      this.schedule();
    });
    addEventListener("pageshow", () => { this.isLeaving = false; });
    onLive((name, data) => {
      if (name === PAGE_EVENTS.loaded) this.watch(data);
      if (name === SERVER_EVENTS.inbox) this.schedule();
    });
  }

  watch(articles) {
    for (const article of articles) this.watcher.observe(article);
  }

  see(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.visible.add(target);
      else this.visible.delete(target);
    }
    this.schedule();
  }

  schedule() {
    clearTimeout(this.timer);
    if (document.visibilityState === "visible" && !this.isLeaving) this.timer = setTimeout(() => this.move(), PAUSE_MS);
  }

  // Readers who have scrolled up are there, though these messages are unread: their phones need not ring at once.
  reportLooking(articles) {
    const { person } = document.querySelector(SELECTORS.main).dataset;
    const isUnread = articles.some((article) => article.isConnected && article.dataset.sender !== person && !this.isRead(article));
    if (!isUnread || document.visibilityState !== "visible" || Date.now() < this.nextLooking) return;
    this.nextLooking = Date.now() + LOOKING_EVERY_MS;
    post(addressOf("looking", document.querySelector(SELECTORS.timeline).dataset.conversation), new FormData(this.form));
  }

  // A new mention may be before the marker, if its author added it by an edit.
  isRead(article) {
    return Number(article.dataset.at) <= this.read && !document.querySelector(`${SELECTORS.sidebar} [aria-current="page"] .mentioned`);
  }

  async move() {
    const seen = [...this.visible].filter((article) => article.isConnected && !this.isRead(article));
    if (!seen.length || document.visibilityState !== "visible") return;
    const last = seen.reduce((one, other) => (Number(one.dataset.at) > Number(other.dataset.at) ? one : other));
    const data = new FormData(this.form);
    data.set("message", last.id.slice(1));
    const answer = await post(this.form.action, data);
    if (!answer.status && !answer.isRedirect) {
      this.timer = setTimeout(() => this.move(), 10 * PAUSE_MS);
    } else if (answer.isRedirect) {
      this.read = Math.max(this.read, Number(last.dataset.at));
      const isAll = !document.querySelector(`${SELECTORS.timeline} ${SELECTORS.lastPage}`) && !last.matches(":has(~ article)");
      const { conversation } = document.querySelector(SELECTORS.timeline).dataset;
      if (isAll) announce(PAGE_EVENTS.read, conversation);
    }
  }
}

customElements.define("read-marker", ReadMarker);
