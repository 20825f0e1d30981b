// The form that posts a message: Enter sends, Shift+Enter starts a new line, and one press sends once.
class MessageComposer extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    const box = form.querySelector("textarea");
    this.classList.add("live");
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (box.value.trim()) form.requestSubmit();
    });
    // The key in the form makes a second send harmless; this only spares the request.
    form.addEventListener("submit", (event) => {
      if (this.sending) event.preventDefault();
      this.sending = true;
    });
    // Not before the page is there: its address may name a message, which takes the focus. A page that comes back from
    // the browser's memory may send again.
    addEventListener("pageshow", () => {
      this.sending = false;
      if (!matchMedia("(pointer: coarse)").matches) box.focus({ preventScroll: true });
    });
  }
}

customElements.define("message-composer", MessageComposer);
