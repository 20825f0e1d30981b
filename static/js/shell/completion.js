// Suggestions below a text box while someone types, with the keys of a combobox: the arrow keys select, Enter and Tab
// accept, Escape closes. A subclass defines `typed`, the part before the caret to complete, and `insert(option, typed)`.
import { fragment } from "./fragment.js";
import { LatestTexts } from "./latest-texts.js";

const DELAY_MS = 120;

export class Completion extends HTMLElement {
  texts = new LatestTexts();

  attachTo(box) {
    this.box = box;
    this.list = this.querySelector("[role=listbox]");
    this.status = this.querySelector("[aria-live]");
    this.box.addEventListener("keydown", (event) => this.press(event), { capture: true });
    this.box.addEventListener("input", () => this.schedule());
    this.box.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // so that the box does not lose the focus
    this.list.addEventListener("click", (event) => this.accept(event.target.closest("[role=option]")));
  }

  get options() {
    return [...this.list.children];
  }

  schedule() {
    clearTimeout(this.timer);
    if (this.typed === undefined) this.close();
    else this.timer = setTimeout(() => this.suggest(), DELAY_MS);
  }

  async suggest() {
    const { typed } = this;
    if (typed === undefined) return this.close();
    const options = await this.offers(typed);
    if (!options || this.typed !== typed || document.activeElement !== this.box) return;
    this.list.replaceChildren(...options);
    if (this.options.length) this.open();
    else this.close();
  }

  // Load the options for what is typed; undefined if there is no answer.
  async offers(typed) {
    const text = await this.texts.load(this.dataset.suggestions, { q: typed });
    return text === undefined ? undefined : [...fragment(text).children];
  }

  open() {
    this.list.hidden = false;
    // A multi-line box can't be a combobox; it stays a text box with a list.
    const kind = this.box.matches("textarea") ? { "aria-haspopup": "listbox" } : { role: "combobox", "aria-expanded": "true" };
    const attributes = { ...kind, "aria-autocomplete": "list", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(attributes)) this.box.setAttribute(name, value);
    const number = this.options.length;
    this.status.textContent = `${number} ${number === 1 ? this.dataset.one : this.dataset.many}`;
    this.select(this.initialIndex);
  }

  // The index of the option that is selected when the list opens; -1 for none, if Enter has another meaning.
  get initialIndex() {
    return 0;
  }

  close() {
    if (this.list.hidden) return;
    this.list.hidden = true;
    for (const name of ["role", "aria-expanded", "aria-haspopup", "aria-autocomplete", "aria-controls", "aria-activedescendant"]) {
      this.box.removeAttribute(name);
    }
    this.status.textContent = "";
  }

  select(index) {
    const { options } = this;
    this.index = index < 0 ? index : index % options.length;
    options.forEach((option, each) => option.setAttribute("aria-selected", each === this.index));
    const selected = options[this.index];
    if (!selected) return this.box.removeAttribute("aria-activedescendant");
    this.box.setAttribute("aria-activedescendant", selected.id);
    selected.scrollIntoView({ block: "nearest" });
  }

  press(event) {
    if (this.list.hidden || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const number = this.options.length;
    if (event.key === "ArrowDown") this.select(this.index + 1);
    else if (event.key === "ArrowUp") this.select((Math.max(this.index, 0) + number - 1) % number);
    else if ((event.key === "Enter" || event.key === "Tab") && this.index >= 0) this.accept(this.options[this.index]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  accept(option) {
    const { typed } = this;
    this.close();
    if (!option || typed === undefined) return;
    this.insert(option, typed);
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Replace the last `length` characters before the caret.
  replaceTyped(length, words) {
    const caret = this.box.selectionStart;
    this.box.setRangeText(words, caret - length, caret, "end");
  }
}
