// Announces new messages of others to screen readers, politely and once, unless announcements are paused. This browser
// remembers the pause under the name that release 0.1 used.
import { PAGE_EVENTS, SELECTORS, STORED } from "../contract.js";
import { onLive } from "./events.js";

const PAUSED = STORED.announcementsPaused;
const MAX_MESSAGES = 3; // at a time; for more, only their number is announced
const MAX_CHARACTERS = 200;
const REMOVE_AFTER_MS = 10_000; // so that people who read through the page do not meet it again

class MessageAnnouncer extends HTMLElement {
  connectedCallback() {
    this.known = new Set([...document.querySelectorAll(`${SELECTORS.timeline} article`)].map(({ id }) => id));
    this.button = document.querySelector(`${SELECTORS.head} .announcing`);
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.pause(!localStorage.getItem(PAUSED)));
    addEventListener("storage", ({ key }) => {
      if (key === PAUSED) this.show();
    });
    document.addEventListener("arrived", ({ detail }) => this.announce(detail));
    onLive((name, data) => {
      if (name === PAGE_EVENTS.loaded) for (const { id } of data) this.known.add(id);
    });
    this.show();
  }

  pause(isPaused) {
    if (isPaused) localStorage.setItem(PAUSED, "yes");
    else localStorage.removeItem(PAUSED);
    this.show();
  }

  show() {
    this.button.setAttribute("aria-pressed", !localStorage.getItem(PAUSED));
  }

  announce(articles) {
    const { person } = document.querySelector(SELECTORS.main).dataset;
    const fresh = articles.filter(({ id, dataset }) => !this.known.has(id) && dataset.sender !== person);
    for (const { id } of articles) this.known.add(id);
    if (!fresh.length || localStorage.getItem(PAUSED)) return;
    if (fresh.length > MAX_MESSAGES) this.addLine(this.dataset.many.replace("{number}", fresh.length));
    else fresh.forEach((article) => this.addLine(wordsOf(article)));
  }

  addLine(words) {
    const line = document.createElement("p");
    line.textContent = words;
    this.querySelector("[aria-live]").append(line);
    setTimeout(() => line.remove(), REMOVE_AFTER_MS);
  }
}

function wordsOf(article) {
  const words = (article.querySelector(SELECTORS.body) ?? article).textContent.trim();
  const sender = article.querySelector("h3 b")?.textContent;
  return `${sender ? `${sender}: ` : ""}${words.slice(0, MAX_CHARACTERS)}`;
}

customElements.define("message-announcer", MessageAnnouncer);
