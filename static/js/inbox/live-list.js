// A list of conversations that stays up to date. No row moves while the list is in use.
import { PAGE_EVENTS, SELECTORS, SERVER_EVENTS } from "../contract.js";
import { onLive } from "../live/events.js";
import { fragment } from "../shell/fragment.js";

const { inbox, left, gone } = SERVER_EVENTS;
const UNREAD = "?unread"; // leads to the first unread message

export class LiveList extends HTMLElement {
  connectedCallback() {
    this.waiting = new Map(); // rows that arrived while the list was in use
    onLive((name, data) => {
      if (name === inbox) this.put(fragment(data).querySelector(this.item)); // a page that is compared sends one of both
      if (name === left || name === gone) this.remove(data);
      if (name === PAGE_EVENTS.read) this.markRead(this.entry(data));
    });
    this.addEventListener("focusout", () => setTimeout(() => this.settle()));
    for (const name of ["pointerenter", "pointerleave"]) {
      this.addEventListener(name, (event) => {
        this.isPointedAt = name === "pointerenter" && event.pointerType === "mouse";
        this.settle();
      });
    }
  }

  get isHeld() {
    return this.isPointedAt || this.contains(document.activeElement);
  }

  get entries() {
    return [...this.querySelectorAll(SELECTORS.entry)];
  }

  entry(conversation) {
    return this.querySelector(`[data-entry="${CSS.escape(conversation)}"]`);
  }

  put(row) {
    if (!row) return;
    const fresh = entryOf(row);
    const name = fresh.dataset.entry;
    const old = this.entry(name);
    const isOpen = old?.hasAttribute("aria-current") || name === document.querySelector(SELECTORS.timeline)?.dataset.conversation;
    if (isOpen) fresh.setAttribute("aria-current", "page");
    this.change(old ?? entryOf(this.waiting.get(name)), fresh);
    if (old) {
      replace(old, fresh);
    } else if (this.shows(fresh)) {
      this.waiting.set(name, row);
    }
    this.settle();
  }

  remove(conversation) {
    const entry = this.entry(conversation);
    this.waiting.delete(conversation);
    if (!entry) return;
    this.change(entry);
    entry.closest("li").remove();
  }

  markRead(entry) {
    if (!entry) return;
    const fresh = entry.cloneNode(true);
    fresh.querySelector(".count")?.remove();
    fresh.classList.remove("unread");
    fresh.removeAttribute("data-unread");
    fresh.removeAttribute("data-mentions");
    fresh.hash = "";
    if (fresh.search === UNREAD) fresh.search = "";
    this.change(entry, fresh);
    replace(entry, fresh);
  }

  // Put the rows in order, unless the list is in use. Return whether they are.
  settle() {
    const isSettled = !this.waiting.size && this.lists.every((list) => this.inOrder(list).every((row, at) => row === list.children[at]));
    if (!isSettled && !this.isHeld) this.order();
    return isSettled || !this.isHeld;
  }

  order() {
    for (const row of this.waiting.values()) this.listFor(row).append(row);
    this.waiting.clear();
    for (const list of this.lists) {
      this.inOrder(list).forEach((row, at) => {
        if (list.children[at] !== row) list.insertBefore(row, list.children[at]);
      });
    }
  }

  inOrder(list) {
    return [...list.children].sort((one, other) => this.compare(entryOf(one), entryOf(other)));
  }

  compare(one, other) {
    return other.dataset.at - one.dataset.at;
  }
}

// Replace an entry, which keeps the focus if it has it.
function replace(old, fresh) {
  const had = old === document.activeElement;
  old.replaceWith(fresh);
  if (had) fresh.focus({ preventScroll: true });
}

const entryOf = (row) => row?.querySelector(SELECTORS.entry);
