// Notifies the other members while somebody types, and shows which of them are typing, as long as there is an event
// stream. Screen readers do not announce it, to avoid interruptions.
import { CONNECTION_EVENTS, PAGE_EVENTS, SELECTORS, SERVER_EVENTS } from "../contract.js";
import { post } from "../shell/post.js";
import { onLive } from "./events.js";

const NOTIFY_INTERVAL_MS = 4000;
const SHOWN_MS = 6000;
// A notification may arrive after the message it was for: readers ignore any within a moment after a message, and authors
// send none for a little longer.
const IGNORED_MS = 1500;
const REST_MS = 2000;

class LiveTyping extends HTMLElement {
  connectedCallback() {
    this.people = new Map(); // by id: the name, and the timer that removes it
    this.quietUntil = new Map(); // by id: until when notifications are ignored
    onLive((name, data) => this.receive(name, data));
    document.addEventListener("input", ({ target }) => {
      if (target.matches(SELECTORS.messageBox)) this.notify(target);
    });
  }

  notify(box) {
    const { address } = this.dataset;
    if (!address || !this.isOpen || !box.value.trim() || Date.now() < this.nextAt) return;
    if (Date.now() < this.restUntil) {
      this.resting ??= setTimeout(() => this.endRest(box), this.restUntil - Date.now());
      return;
    }
    this.nextAt = Date.now() + NOTIFY_INTERVAL_MS;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", box.form.elements.csrfmiddlewaretoken.value);
    post(address, body);
  }

  endRest(box) {
    this.resting = undefined;
    this.notify(box);
  }

  // Further typing is for another message.
  rest() {
    clearTimeout(this.resting);
    this.resting = undefined;
    this.nextAt = 0;
    this.restUntil = Date.now() + REST_MS;
  }

  receive(name, data) {
    if (name === CONNECTION_EVENTS.open) this.isOpen = true;
    if (name === CONNECTION_EVENTS.trouble) this.isOpen = false;
    if (name === PAGE_EVENTS.posted) this.rest();
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
    // Isolate the names, because they may be written from right to left.
    const [one, two] = [...this.people.values()].map(({ name }) => `\u2068${name}\u2069`);
    const words = [undefined, this.dataset.one, this.dataset.two][this.people.size] ?? this.dataset.many;
    this.textContent = one ? words.replace("{name}", one).replace("{other}", two) : "";
  }
}

customElements.define("live-typing", LiveTyping);
