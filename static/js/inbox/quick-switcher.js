// What the dialog to search or jump offers while someone types. The arrow keys choose, Enter goes there, with Ctrl in a
// new tab. Operators such as "from:" are completed as in the search box.
import { fragment } from "../shell/fragment.js";
import { LatestTexts } from "../shell/latest-texts.js";

const DELAY_MS = 80;
const MESSAGES_DELAY_MS = 300;

class QuickSwitcher extends HTMLElement {
  texts = new LatestTexts();

  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.box = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    this.status = this.querySelector("[aria-live]");
    this.box.addEventListener("input", () => this.schedule());
    this.box.addEventListener("keydown", (event) => this.press(event));
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // so that the box does not lose the focus
    this.list.addEventListener("click", (event) => this.click(event));
    this.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
    this.querySelector(".close").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
    this.dialog.addEventListener("close", () => clearTimeout(this.timer));
  }

  get typed() {
    return this.box.value.trim();
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  show() {
    this.suggest();
  }

  schedule() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.suggest(), DELAY_MS);
  }

  async suggest() {
    clearTimeout(this.timer);
    const { typed } = this;
    const here = document.querySelector("#main [data-conversation]")?.dataset.conversation ?? "";
    const text = await this.texts.load(this.dataset.results, { q: this.box.value, here });
    if (text === undefined || this.typed !== typed) return;
    this.list.replaceChildren(fragment(text));
    this.shownFor = typed;
    const { options } = this;
    this.status.textContent = `${options.length} ${options.length === 1 ? this.dataset.one : this.dataset.many}`;
    this.select(options.find((option) => !("later" in option.dataset)) ?? options[0]);
    if (typed.length > 1) this.timer = setTimeout(() => this.suggestMessages(typed), MESSAGES_DELAY_MS);
  }

  async suggestMessages(typed) {
    const text = await this.texts.load(this.dataset.messages, { q: typed });
    if (text && this.typed === typed) this.list.querySelector(".search")?.before(fragment(text));
  }

  select(option) {
    this.selected?.setAttribute("aria-selected", "false");
    this.selected = option;
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.box.setAttribute("aria-activedescendant", option.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !event.altKey) this.move(step);
    else if (event.key === "Enter" && !event.isComposing) this.enter(event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  }

  move(step) {
    const { options } = this;
    const next = options.indexOf(this.selected) + step;
    this.select(options.at(next % options.length));
  }

  // The list may still show results for what was typed before.
  async enter(inNewTab) {
    if (this.shownFor !== this.typed) await this.suggest();
    if (this.selected) this.accept(this.selected, inNewTab);
  }

  click(event) {
    const option = event.target.closest("[role=option]");
    if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return; // the browser opens another tab
    event.preventDefault();
    this.accept(option);
  }

  accept(option, inNewTab) {
    if (option.dataset.value) this.complete(option.dataset);
    else if (inNewTab) window.open(option.href, "_blank", "noopener");
    else if (option.dataset.token) this.search(option);
    else location.assign(option.href);
  }

  complete({ value, length }) {
    const end = this.box.value.length;
    this.box.setRangeText(`${value} `, end - Number(length), end, "end");
    this.suggest();
  }

  // Search by a form, so that the search is among the recent ones.
  search(option) {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: option.pathname });
    form.append(field("q", this.typed), field("csrfmiddlewaretoken", option.dataset.token));
    document.body.append(form);
    form.submit();
  }
}

function field(name, value) {
  return Object.assign(document.createElement("input"), { type: "hidden", name, value });
}

customElements.define("quick-switcher", QuickSwitcher);
