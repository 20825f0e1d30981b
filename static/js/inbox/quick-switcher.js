// Ctrl+K leads to a conversation or a person by a few letters: the server offers where, Enter goes there.
class GoTo extends Completion {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.none = this.querySelector(".none");
    this.follow(this.querySelector("input"));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.show();
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-go-to]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.show();
    });
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.dialog.addEventListener("close", () => this.close());
  }

  show() {
    if (!this.dialog.open) this.dialog.showModal();
    this.box.select();
    this.offer();
  }

  get begun() {
    return this.dialog.open ? this.box.value.trim() : undefined;
  }

  async offer() {
    const { begun } = this;
    await super.offer();
    if (this.begun !== begun) return;
    this.offered = begun;
    this.none.textContent = begun && !this.options.length ? this.dataset.none : "";
  }

  // What is offered may be for fewer letters than there are by now.
  async hurry() {
    clearTimeout(this.offering);
    await this.offer();
    this.choice(this.options[0]);
  }

  // Escape closes all of it.
  press(event) {
    const isEarly = event.key === "Enter" && !event.isComposing && this.offered !== this.begun;
    if (isEarly) {
      event.preventDefault();
      this.hurry();
    } else if (event.key !== "Escape") {
      super.press(event);
    }
  }

  choice(option) {
    if (option) location.assign(option.dataset.href);
  }
}

customElements.define("go-to", GoTo);
