// Chooses several people or conversations: the server suggests while somebody types, Enter makes a chip, and Backspace in
// the empty box removes the last one. Each chip is a checked checkbox, as it is without JavaScript.
import { Completion } from "../shell/completion.js";
import { fragment } from "../shell/fragment.js";

class ChipPicker extends Completion {
  connectedCallback() {
    this.chips = this.querySelector(".chips");
    this.none = this.querySelector(".none");
    this.attachTo(this.querySelector("input[type=text]"));
    for (const chip of this.chips.children) this.equip(chip);
    this.closest("details")?.addEventListener("toggle", ({ target }) => target.open && this.box.focus());
    this.box.addEventListener("focus", () => this.schedule());
    this.box.addEventListener("click", () => this.schedule());
    this.querySelector(".picker-box").addEventListener("click", (event) => {
      if (event.target === event.currentTarget || event.target === this.chips) this.box.focus();
    });
    this.querySelector(".offered")?.addEventListener("change", (event) => this.take(event.target));
  }

  get typed() {
    return document.activeElement === this.box ? this.box.value.trim() : undefined;
  }

  get keys() {
    return [...this.chips.querySelectorAll("input")].map((input) => input.value);
  }

  // The suggestions, without what is chosen already.
  async offers(typed) {
    const { suggestions, queryConversation: conversation } = this.dataset;
    const text = await this.texts.load(suggestions, conversation ? { q: typed, conversation } : { q: typed });
    if (text === undefined) return undefined;
    const found = [...fragment(text).children].filter((option) => !this.keys.includes(option.dataset.key));
    this.none.textContent = typed && !found.length ? this.dataset.none : "";
    return found;
  }

  // Enter before the suggestions have come waits for them, rather than sending the form.
  press(event) {
    if (event.key === "Backspace" && !this.box.value && this.chips.lastElementChild) {
      this.remove(this.chips.lastElementChild);
    } else if (event.key === "Enter" && this.list.hidden && this.box.value.trim()) {
      event.preventDefault();
      this.acceptFirst();
    } else if (event.key === "ArrowDown" && this.list.hidden) {
      this.schedule();
    } else {
      super.press(event);
    }
  }

  // The list covers what follows, so it does not open again by itself.
  accept(option) {
    super.accept(option);
    clearTimeout(this.timer);
  }

  async acceptFirst() {
    clearTimeout(this.timer);
    await this.suggest();
    if (this.options.length && !this.list.hidden) this.accept(this.options[0]);
  }

  // Without words, Tab moves on to the next field, and Enter cannot choose somebody by accident.
  get initialIndex() {
    return this.box.value.trim() ? 0 : -1;
  }

  insert(option) {
    this.add(option.dataset.key, option.childNodes);
    this.box.value = "";
  }

  add(key, nodes) {
    const chip = this.querySelector("template").content.firstElementChild.cloneNode(true);
    const input = chip.querySelector("input");
    input.value = key;
    input.after(...[...nodes].map((node) => node.cloneNode(true)));
    this.chips.append(chip);
    this.equip(chip);
    this.tell(chip, this.dataset.added);
  }

  // A checkbox that the server has shown becomes a chip, too.
  take(checkbox) {
    if (!checkbox.checked) return;
    const nodes = [...checkbox.parentElement.childNodes].filter((node) => node !== checkbox);
    checkbox.closest("li").remove();
    this.add(checkbox.value, nodes);
    this.box.value = "";
  }

  equip(chip) {
    this.chips.hidden = false;
    let button = chip.querySelector("button");
    if (!button) {
      button = this.querySelector("template").content.querySelector("button").cloneNode(true);
      chip.append(button);
    }
    button.querySelector(".unseen").append(chip.querySelector(".name").textContent);
    button.addEventListener("click", () => this.remove(chip));
  }

  remove(chip) {
    chip.remove();
    this.chips.hidden = !this.chips.children.length;
    this.tell(chip, this.dataset.removed);
    this.box.focus();
    this.schedule();
  }

  tell(chip, word) {
    this.status.textContent = `${chip.querySelector(".name").textContent} ${word}`;
  }
}

customElements.define("chip-picker", ChipPicker);
