// Ctrl+K opens a conversation or a person by a few letters of the name: the server suggests, Enter goes there.
import { Completion } from "../shell/completion.js";

class QuickSwitcher extends Completion {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.none = this.querySelector(".none");
    this.attachTo(this.querySelector("input"));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.show();
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-quick-switcher]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.show();
    });
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
    this.dialog.addEventListener("close", () => this.close());
  }

  show() {
    if (!this.dialog.open) this.dialog.showModal();
    this.box.select();
    this.suggest();
  }

  get typed() {
    return this.dialog.open ? this.box.value.trim() : undefined;
  }

  async suggest() {
    const { typed } = this;
    await super.suggest();
    if (this.typed !== typed) return;
    this.suggestedFor = typed;
    this.none.textContent = typed && !this.options.length ? this.dataset.none : "";
  }

  // The list may still show suggestions for an earlier state of the input.
  async acceptFirst() {
    clearTimeout(this.timer);
    await this.suggest();
    this.accept(this.options[0]);
  }

  // Escape closes the whole dialog.
  press(event) {
    const isEarly = event.key === "Enter" && this.suggestedFor !== this.typed;
    if (isEarly) {
      event.preventDefault();
      this.acceptFirst();
    } else if (event.key !== "Escape") {
      super.press(event);
    }
  }

  accept(option) {
    if (option) location.assign(option.dataset.href);
  }
}

customElements.define("quick-switcher", QuickSwitcher);
