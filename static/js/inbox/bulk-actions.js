// Bulk actions in the inbox, by key too: j and k move, e marks read, u unread, x selects. The selected conversations, or
// else the one that has the focus, are marked in place by the same form. Where there is room, conversations open beside
// the inbox, and e moves on to the next.
import { SELECTORS, SERVER_EVENTS } from "../contract.js";
import { announce } from "../live/events.js";
import { focusOn, stepFrom } from "../shell/focus.js";
import { fragment } from "../shell/fragment.js";
import { post } from "../shell/post.js";
import { singleKey } from "../shell/single-key.js";

const THREE_PANES = matchMedia("(min-width: 75rem)");

class BulkActions extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.status = this.form.querySelector("[role=status]");
    this.nav = this.querySelector(SELECTORS.inbox);
    document.addEventListener("keydown", (event) => {
      if (this.press(event)) event.preventDefault();
    });
    this.form.addEventListener("submit", (event) => {
      if (event.submitter?.name === "all" || !this.selected.length) return;
      event.preventDefault();
      this.mark(event.submitter, this.selected);
    });
    this.nav.addEventListener("click", (event) => {
      const entry = event.target.closest(SELECTORS.entry);
      if (entry && THREE_PANES.matches) entry.pathname = `${this.nav.dataset.beside}${entry.dataset.entry}/`;
    });
    if (this.open) focusOn(this.open);
  }

  // The entry of the conversation beside the inbox.
  get open() {
    return THREE_PANES.matches ? this.nav.querySelector("[aria-current]") : null;
  }

  get selected() {
    return [...this.nav.querySelectorAll(":checked")].map((box) => box.value);
  }

  get entries() {
    return [...this.querySelectorAll(SELECTORS.entry)];
  }

  // The entry whose row has the focus.
  get focused() {
    return document.activeElement.closest("bulk-actions li")?.querySelector(SELECTORS.entry);
  }

  press(event) {
    const key = singleKey(event);
    if (event.target.closest("article")) return false; // where the keys act on messages
    const { focused } = this;
    if (key === "j" || key === "k") {
      focusOn(stepFrom(this.entries, focused, focused && key === "k" ? -1 : 1));
    } else if (key === "x" && focused) {
      focused.closest("li").querySelector("input").click();
    } else if (key === "Enter" && focused && focused === this.open) {
      document.querySelector(SELECTORS.messageBox)?.focus();
    } else if (key === "e" || key === "u") {
      this.markByKey(key, focused ?? this.open);
    } else {
      return false;
    }
    return true;
  }

  async markByKey(key, entry) {
    const { selected } = this;
    const wanted = selected.length ? selected : entry ? [entry.dataset.entry] : [];
    if (!wanted.length) return;
    const { entries } = this;
    const next = key === "e" && !selected.length && entry === this.open ? entries[entries.indexOf(entry) + 1] : undefined;
    const isDone = await this.mark(this.form.querySelector(`[aria-keyshortcuts=${key}]`), wanted);
    if (isDone && next) next.click();
  }

  async mark(button, conversations) {
    const address = button?.getAttribute("formaction") ?? this.form.action;
    const body = new FormData(this.form);
    body.delete("conversation");
    for (const each of conversations) body.append("conversation", each);
    const answer = await post(address, body);
    if (answer.status !== 200) {
      this.showStatus(answer.isPlain ? answer.text : this.dataset.failed);
      return false;
    }
    const page = fragment(answer.text);
    this.showStatus(page.querySelector("p").textContent);
    for (const box of this.nav.querySelectorAll(":checked")) box.checked = false;
    for (const entry of page.querySelectorAll("template")) announce(SERVER_EVENTS.inbox, entry.innerHTML);
    return true;
  }

  showStatus(words) {
    this.status.textContent = words;
  }
}

customElements.define("bulk-actions", BulkActions);
