// A field with a button that copies it. Without TLS browsers have no clipboard: then people copy by hand.
class CopyField extends HTMLElement {
  connectedCallback() {
    if (!navigator.clipboard) return;
    const [field, button] = [this.querySelector("input"), this.querySelector("button")];
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.copied;
    });
  }
}

customElements.define("copy-field", CopyField);
