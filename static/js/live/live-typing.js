// Tells the other members that one is typing, and shows who of them is; neither where there is no stream. No screen
// reader is interrupted by it: it is there for who looks.
const EVERY = 4000;
const LASTS = 6000;

class LiveTyping extends HTMLElement {
  connectedCallback() {
    this.people = new Map(); // by their number: their name, and what ends it
    document.addEventListener("live", ({ detail: { name, data } }) => this.receive(name, data));
    document.addEventListener("input", ({ target }) => target.matches("message-composer textarea") && this.tell(target));
  }

  tell(box) {
    const { address } = this.dataset;
    if (!address || !this.isOpen || !box.value.trim() || Date.now() < this.next) return;
    this.next = Date.now() + EVERY;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", box.form.elements.csrfmiddlewaretoken.value);
    post(address, body);
  }

  receive(name, data) {
    if (name === "open") this.isOpen = true;
    if (name === "trouble") this.isOpen = false;
    if (name === "posted") this.next = 0; // what one writes after it is another message
    if (name === "typing") this.add(JSON.parse(data));
    if (name === "messages") {
      for (const person of this.people.keys()) if (data.includes(`data-sender="${person}"`)) this.end(person);
    }
  }

  add({ conversation, person, name }) {
    if (conversation !== Number(document.querySelector(".timeline").dataset.conversation)) return;
    clearTimeout(this.people.get(person)?.timer);
    this.people.set(person, { name, timer: setTimeout(() => this.end(person), LASTS) });
    this.show();
  }

  end(person) {
    clearTimeout(this.people.get(person).timer);
    this.people.delete(person);
    this.show();
  }

  show() {
    const [one, two] = [...this.people.values()].map(({ name }) => `\u2068${name}\u2069`); // whichever way it is written
    const words = [undefined, this.dataset.one, this.dataset.two][this.people.size] ?? this.dataset.many;
    this.textContent = one ? words.replace("{name}", one).replace("{other}", two) : "";
  }
}

customElements.define("live-typing", LiveTyping);
