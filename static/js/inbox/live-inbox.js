// The list of the inbox page. While it is in use, a button offers the new order.
import { FILTER_SELECTORS, SELECTORS } from "../contract.js";
import { LiveList } from "./live-list.js";

class LiveInbox extends LiveList {
  item = "li.entry";

  connectedCallback() {
    this.nav = this.querySelector(SELECTORS.inbox);
    this.lists = [this.nav.querySelector("ul")];
    this.button = this.querySelector("[data-order]");
    super.connectedCallback();
    this.button.addEventListener("click", () => {
      this.order();
      this.button.hidden = true;
      this.entries[0]?.focus();
    });
  }

  shows(entry) {
    return this.nav.hasAttribute("data-first-page") && entry.matches(FILTER_SELECTORS[this.nav.dataset.filter]);
  }

  listFor() {
    this.nav.querySelector(".empty")?.remove();
    return this.lists[0];
  }

  change(old, fresh) {
    if (old && fresh) fresh.pathname = old.pathname; // which may lead to the conversation beside the list
  }

  settle() {
    const isSettled = super.settle();
    if (this.button !== document.activeElement) this.button.hidden = isSettled;
  }
}

customElements.define("live-inbox", LiveInbox);
