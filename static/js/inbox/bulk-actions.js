// Bulk actions on the inbox page, by key too: j and k move, e marks read, u unread, x selects. The selected
// conversations, or else the one that has the focus, are marked in place by the same form.
import { SELECTORS, SERVER_EVENTS } from "../contract.js";
import { announce } from "../live/events.js";
import { focusOn, stepFrom } from "../shell/focus.js";
import { fragment } from "../shell/fragment.js";
import { post } from "../shell/post.js";
import { singleKey } from "../shell/single-key.js";

class BulkActions extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.status = this.form.querySelector("[role=status]");
    document.addEventListener("keydown", (event) => {
      if (this.press(event)) event.preventDefault();
    });
    this.form.addEventListener("submit", (event) => {
      if (event.submitter?.name === "all" || !this.selected.length) return;
      event.preventDefault();
      this.mark(event.submitter, this.selected);
    });
  }

  get selected() {
    return [...this.querySelectorAll(":checked")].map((box) => box.value);
  }

  get entries() {
    return [...this.querySelectorAll(SELECTORS.entry)];
  }

  // The entry whose line has the focus.
  get focused() {
    return document.activeElement.closest("bulk-actions li")?.querySelector(SELECTORS.entry);
  }

  press(event) {
    const key = singleKey(event);
    const { focused } = this;
    if (key === "j" || key === "k") {
      focusOn(stepFrom(this.entries, focused, focused && key === "k" ? -1 : 1));
    } else if (key === "x" && focused) {
      focused.closest("li").querySelector("input").click();
    } else if (key === "e" || key === "u") {
      const wanted = this.selected.length ? this.selected : focused ? [focused.dataset.entry] : [];
      const button = this.form.querySelector(`[aria-keyshortcuts=${key}]`);
      if (wanted.length) this.mark(button, wanted);
    } else {
      return false;
    }
    return true;
  }

  async mark(button, conversations) {
    const address = button?.getAttribute("formaction") ?? this.form.action;
    const body = new FormData(this.form);
    body.delete("conversation");
    for (const each of conversations) body.append("conversation", each);
    const answer = await post(address, body);
    if (answer.status !== 200) return this.showStatus(answer.isPlain ? answer.text : this.dataset.failed);
    const page = fragment(answer.text);
    this.showStatus(page.querySelector("p").textContent);
    for (const box of this.querySelectorAll(":checked")) box.checked = false;
    for (const entry of page.querySelectorAll(SELECTORS.entry)) announce(SERVER_EVENTS.inbox, entry.outerHTML);
  }

  showStatus(words) {
    this.status.textContent = words;
  }
}

customElements.define("bulk-actions", BulkActions);
