// Previews a message above its box until the text is changed or sent; Escape closes the preview.
import { SELECTORS } from "../contract.js";
import { fragment } from "../shell/fragment.js";
import { post } from "../shell/post.js";

class MessagePreview extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.box = this.form.querySelector("textarea");
    this.form.addEventListener("click", (event) => {
      const button = event.target.closest("button.preview");
      if (!button) return;
      event.preventDefault();
      this.show(button.formAction);
    });
    this.box.addEventListener("input", () => this.close());
    this.box.addEventListener("keydown", (event) => this.press(event), { capture: true });
    this.closest(SELECTORS.composer).addEventListener("sent", () => this.close());
  }

  async show(address) {
    const words = this.box.value;
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "content"]) body.set(name, this.form.elements[name].value);
    const answer = await post(address, body);
    if (this.box.value !== words) return;
    if (answer.status === 200) this.replaceChildren(fragment(answer.text));
    else this.closest(SELECTORS.composer).showError(answer.isPlain ? answer.text : this.dataset.failed);
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
