// Previews a message above its box, until the words change or are sent; Escape closes the preview.
class MessagePreview extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.box = this.form.querySelector("textarea");
    this.button = this.form.querySelector("button.preview");
    if (!this.button) return;
    this.button.addEventListener("click", (event) => {
      event.preventDefault();
      this.show();
    });
    this.box.addEventListener("input", () => this.close());
    this.box.addEventListener("keydown", (event) => this.press(event), { capture: true });
    this.closest("message-composer").addEventListener("sent", () => this.close());
    document.addEventListener("cancel", () => this.close());
  }

  async show() {
    const words = this.box.value;
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "content"]) body.set(name, this.form.elements[name].value);
    const answer = await post(this.button.formAction, body);
    if (this.box.value !== words) return;
    if (answer.status === 200) this.replaceChildren(document.createRange().createContextualFragment(answer.text));
    else this.closest("message-composer").showError(answer.isPlain ? answer.text : this.dataset.failed);
    this.box.focus();
  }

  press(event) {
    if (event.key !== "Escape" || !this.firstElementChild) return;
    event.stopImmediatePropagation();
    this.close();
  }

  close() {
    this.replaceChildren();
  }
}

customElements.define("message-preview", MessagePreview);
