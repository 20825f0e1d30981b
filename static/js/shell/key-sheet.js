// Shows the keyboard shortcuts: "?" and the menu of the reader open them, loaded from the page that lists them.
import { singleKey } from "./single-key.js";

class KeySheet extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    document.addEventListener("keydown", (event) => {
      if (singleKey(event) !== "?") return;
      event.preventDefault();
      this.open();
    });
    document.addEventListener("click", (event) => {
      if (!event.target.closest("a.keys") || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.open();
    });
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
  }

  async open() {
    const sheet = this.dialog.querySelector(".shown");
    if (!sheet.firstElementChild) {
      const answer = await fetch(this.dataset.keys, { redirect: "error" }).catch(() => undefined);
      if (!answer?.ok) return location.assign(this.dataset.keys);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      sheet.replaceChildren(page.querySelector("main .keys"));
    }
    if (!this.dialog.open) this.dialog.showModal();
  }
}

customElements.define("key-sheet", KeySheet);
