// Updates the thread beside the conversation: its messages are in the same events as those of the timeline.
import { PAGE_EVENTS, SELECTORS, SERVER_EVENTS } from "../contract.js";
import { removeArticle, replaceArticle } from "../message/articles.js";
import { fragment } from "../shell/fragment.js";
import { onLive } from "./events.js";

const { messages, gone } = SERVER_EVENTS;
const { posted, changed } = PAGE_EVENTS;

class LiveThread extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector(".thread-list");
    this.scroller = this.querySelector(".scroller");
    onLive((name, data) => this.receive(name, data));
    if (!location.hash) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  receive(name, data) {
    if (name === gone && data === document.querySelector(SELECTORS.timeline)?.dataset.conversation) this.list.replaceChildren();
    if (![messages, posted, changed].includes(name)) return;
    for (const article of fragment(data).querySelectorAll("article")) {
      renumber(article);
      this.put(article, name === posted);
    }
  }

  put(article, isOwn) {
    const old = document.getElementById(article.id);
    if (old) {
      if (Number(old.dataset.revision) >= Number(article.dataset.revision)) return;
      if ("deleted" in article.dataset) removeArticle(old);
      else replaceArticle(old, article);
    } else if (this.belongsHere(article) && !("deleted" in article.dataset)) {
      const later = [...this.list.children].find((each) => Number(each.dataset.at) > Number(article.dataset.at));
      if (this.isOnAnotherPage(later)) return isOwn && location.assign(location.pathname);
      if (this.isFirst(article)) this.list.querySelector(":scope > .help")?.remove(); // the notice that the message is deleted
      this.list.insertBefore(article, later ?? null);
      if (isOwn) this.scroller.scrollTop = this.scroller.scrollHeight;
    }
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
