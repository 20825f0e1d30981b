// Updates the entries of the inbox, and the number of unread messages in the page's title. No entry moves while the focus
// is in the list or, on the inbox page, the mouse is over it.
import { FILTER_SELECTORS, PAGE_EVENTS, SELECTORS, SERVER_EVENTS } from "../contract.js";
import { onLive } from "../live/events.js";
import { fragment } from "../shell/fragment.js";

const { inbox, left, gone } = SERVER_EVENTS;
const { read } = PAGE_EVENTS;

class LiveInbox extends HTMLElement {
  connectedCallback() {
    this.nav = this.querySelector(SELECTORS.inbox);
    this.list = this.nav.querySelector("ul") ?? this.nav;
    this.row = this.querySelector("template.row")?.content.firstElementChild;
    this.button = this.querySelector("[data-order]");
    this.waiting = new Map(); // entries that arrived while the list was not reordered
    onLive((name, data) => {
      if (name === inbox) this.put(data);
      if (name === left || name === gone) this.remove(data);
      if (name === read) this.markRead(this.entry(data));
      this.count();
    });
    this.addEventListener("focusout", () => setTimeout(() => this.settle()));
    if (this.button) this.followMouse();
  }

  followMouse() {
    for (const name of ["pointerenter", "pointerleave"]) {
      this.nav.addEventListener(name, (event) => {
        this.isPointedAt = name === "pointerenter" && event.pointerType === "mouse";
        this.settle();
      });
    }
    this.button.addEventListener("click", () => {
      this.order();
      this.entries[0]?.focus();
    });
  }

  get isHeld() {
    return this.isPointedAt || this.contains(document.activeElement);
  }

  get entries() {
    return [...this.list.querySelectorAll(SELECTORS.entry)];
  }

  entry(conversation) {
    return this.list.querySelector(`[data-entry="${CSS.escape(conversation)}"]`);
  }

  put(html) {
    const fresh = fragment(html).querySelector(SELECTORS.entry);
    const name = fresh.dataset.entry;
    const old = this.entry(name);
    if (name === document.querySelector(SELECTORS.timeline)?.dataset.conversation) fresh.setAttribute("aria-current", "page");
    if (old) {
      const had = old === document.activeElement;
      old.replaceWith(fresh);
      if (had) fresh.focus();
    } else if (this.nav.hasAttribute("data-first-page") && fresh.matches(FILTER_SELECTORS[this.nav.dataset.filter])) {
      this.waiting.set(name, fresh);
    }
    this.settle();
  }

  remove(conversation) {
    const entry = this.entry(conversation);
    this.waiting.delete(conversation);
    if (entry) rowOf(entry).remove();
  }

  // Reorder the entries, or offer a button for it while the list is in use.
  settle() {
    const { entries } = this;
    const isSettled = !this.waiting.size && inOrder(entries).every((each, at) => each === entries[at]);
    if (!isSettled && !this.isHeld) return this.order();
    if (this.button && this.button !== document.activeElement) this.button.hidden = isSettled;
  }

  order() {
    for (const entry of this.waiting.values()) {
      this.nav.querySelector(".empty")?.remove();
      this.list.insertBefore(this.rowFor(entry), this.list.querySelector(".more"));
    }
    this.waiting.clear();
    const wanted = inOrder(this.entries);
    wanted.forEach((entry, at) => {
      const there = this.entries[at];
      if (there !== entry) rowOf(there).before(rowOf(entry));
    });
    if (this.button) this.button.hidden = true;
  }

  rowFor(entry) {
    if (!this.row) return entry;
    const row = this.row.cloneNode(true);
    const name = entry.querySelector("b").cloneNode(true);
    name.querySelector(".kind")?.remove();
    const box = row.querySelector("input");
    box.value = entry.dataset.entry;
    box.setAttribute("aria-label", name.textContent.trim());
    row.append(entry);
    return row;
  }

  markRead(entry) {
    if (!entry) return;
    for (const mark of entry.querySelectorAll(".badge, .mentioned")) mark.remove();
    entry.classList.remove("unread");
    entry.removeAttribute("data-unread");
  }

  count() {
    const unread = this.entries.map((entry) => Number(entry.dataset.unread ?? 0));
    const sum = unread.reduce((one, other) => one + other, 0);
    const title = document.title.replace(/^\(\d+\+?\) /, "");
    document.title = sum ? `(${sum > 99 ? "99+" : sum}) ${title}` : title;
  }
}

const rowOf = (entry) => entry.closest("li") ?? entry;
const when = (entry) => Date.parse(entry.querySelector("time").getAttribute("datetime"));
const inOrder = (entries) => [...entries].sort((one, other) => when(other) - when(one));

customElements.define("live-inbox", LiveInbox);
