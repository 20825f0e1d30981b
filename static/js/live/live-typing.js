// Notifies the other members of typing, and shows who of them is typing; neither without an event stream. It is only
// visual, so that no screen reader is interrupted.
import { CONNECTION_EVENTS, PAGE_EVENTS, SELECTORS, SERVER_EVENTS } from "../contract.js";
import { post } from "../shell/post.js";
import { onLive } from "./events.js";

const NOTIFY_INTERVAL_MS = 4000;
const SHOWN_MS = 6000;
// What was typed for a message may be reported after it: for a moment after a message nobody is shown to be typing.
const IGNORED_MS = 1500;
const REST_MS = 2000;

class LiveTyping extends HTMLElement {
  connectedCallback() {
    this.people = new Map(); // by id: name, and the timer that ends it
    this.quietUntil = new Map(); // by id
    onLive((name, data) => this.receive(name, data));
    document.addEventListener("input", ({ target }) => {
      if (target.matches(SELECTORS.messageBox)) this.notify(target);
    });
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
    if (name === CONNECTION_EVENTS.open) this.isOpen = true;
    if (name === CONNECTION_EVENTS.trouble) this.isOpen = false;
    if (name === PAGE_EVENTS.posted) this.nextAt = Date.now() + REST_MS; // further typing is another message
    if (name === SERVER_EVENTS.typing) this.add(JSON.parse(data));
    if (name === SERVER_EVENTS.messages) {
      for (const [, person] of data.matchAll(/ data-sender="(\d+)"/g)) this.posted(Number(person));
    }
  }

  posted(person) {
    this.quietUntil.set(person, Date.now() + IGNORED_MS);
    if (this.people.has(person)) this.end(person);
  }

  add({ conversation, person, name }) {
    if (conversation !== Number(document.querySelector(SELECTORS.timeline).dataset.conversation)) return;
    if (Date.now() < this.quietUntil.get(person)) return;
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
