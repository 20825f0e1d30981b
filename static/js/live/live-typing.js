// Notifies the other members of typing, and shows who of them is typing; neither without an event stream. It is only
// visual, so that no screen reader is interrupted.
const NOTIFY_INTERVAL_MS = 4000;
const SHOWN_MS = 6000;

class LiveTyping extends HTMLElement {
  connectedCallback() {
    this.people = new Map(); // by id: name, and the timer that ends it
    document.addEventListener("live", ({ detail: { name, data } }) => this.receive(name, data));
    document.addEventListener("input", ({ target }) => target.matches("message-composer textarea") && this.notify(target));
  }

  notify(box) {
    const { address } = this.dataset;
    if (!address || !this.isOpen || !box.value.trim() || Date.now() < this.nextAt) return;
    this.nextAt = Date.now() + NOTIFY_INTERVAL_MS;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", box.form.elements.csrfmiddlewaretoken.value);
    post(address, body);
  }

  receive(name, data) {
    if (name === "open") this.isOpen = true;
    if (name === "trouble") this.isOpen = false;
    if (name === "posted") this.nextAt = 0; // further typing is another message
    if (name === "typing") this.add(JSON.parse(data));
    if (name === "messages") {
      for (const person of this.people.keys()) if (data.includes(`data-sender="${person}"`)) this.end(person);
    }
  }

  add({ conversation, person, name }) {
    if (conversation !== Number(document.querySelector(".timeline").dataset.conversation)) return;
    clearTimeout(this.people.get(person)?.timer);
    this.people.set(person, { name, timer: setTimeout(() => this.end(person), SHOWN_MS) });
    this.show();
  }

  end(person) {
    clearTimeout(this.people.get(person).timer);
    this.people.delete(person);
    this.show();
  }

  show() {
    // Isolated, because names may be written from right to left.
    const [one, two] = [...this.people.values()].map(({ name }) => `\u2068${name}\u2069`);
    const words = [undefined, this.dataset.one, this.dataset.two][this.people.size] ?? this.dataset.many;
    this.textContent = one ? words.replace("{name}", one).replace("{other}", two) : "";
  }
}

customElements.define("live-typing", LiveTyping);
