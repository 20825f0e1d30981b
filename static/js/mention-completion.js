// Offers whom one can mention while typing, and says how many that will tell. The keys are those of a combobox: arrows
// choose, Enter and Tab take, Escape closes.
const BEGUN = /(?:^|[^\w@./+-])@([\w.-]{0,50})$/;
const NAMES = /(?<![\w@./+-])@[a-z0-9][\w.-]*/gi;
const CODE = /```[^]*?(?:```|$)|`[^`\n]*`/g;
const OFFER_PAUSE = 120;
const TELL_PAUSE = 400;

class MentionCompletion extends HTMLElement {
  connectedCallback() {
    this.box = this.closest("form").querySelector("textarea");
    this.list = this.querySelector("[role=listbox]");
    this.told = this.querySelector(".told");
    this.status = this.querySelector("[aria-live]");
    this.names = "";
    this.box.addEventListener("keydown", (event) => this.press(event), { capture: true });
    this.box.addEventListener("input", () => this.plan());
    this.box.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")));
    this.closest("message-composer").addEventListener("sent", () => this.plan());
    this.plan();
  }

  get options() {
    return [...this.list.children];
  }

  // What was begun right before the caret, without its @; undefined for nothing.
  get begun() {
    const { selectionStart, selectionEnd, value } = this.box;
    return selectionStart === selectionEnd ? BEGUN.exec(value.slice(0, selectionStart))?.[1] : undefined;
  }

  plan() {
    clearTimeout(this.offering);
    clearTimeout(this.telling);
    if (this.begun === undefined) this.close();
    else this.offering = setTimeout(() => this.offer(), OFFER_PAUSE);
    const found = this.box.value.replace(CODE, " ").match(NAMES) ?? [];
    const names = [...new Set(found.map((name) => name.toLowerCase()))].sort().join(" ").slice(0, 1000);
    if (names !== this.names) this.telling = setTimeout(() => this.tell(names), names ? TELL_PAUSE : 0);
  }

  async offer() {
    const { begun } = this;
    if (begun === undefined) return this.close();
    const text = await this.ask(this.dataset.offers, { q: begun });
    if (text === undefined || this.begun !== begun || document.activeElement !== this.box) return;
    this.list.replaceChildren(document.createRange().createContextualFragment(text.trim()));
    for (const node of [...this.list.childNodes]) if (node.nodeType !== Node.ELEMENT_NODE) node.remove();
    if (this.options.length) this.open();
    else this.close();
  }

  async tell(names) {
    const text = names ? await this.ask(this.dataset.told, { words: names }) : "";
    if (text === undefined) return;
    this.names = names;
    this.told.textContent = text;
  }

  // Ask the server, once at a time for each address; undefined where another question came meanwhile.
  async ask(address, query) {
    this.asking ??= {};
    this.asking[address]?.abort();
    this.asking[address] = new AbortController();
    try {
      const { signal } = this.asking[address];
      const headers = { "X-Requested-With": "fetch" };
      const answer = await fetch(`${address}?${new URLSearchParams(query)}`, { signal, headers, redirect: "error" });
      return answer.ok ? await answer.text() : undefined;
    } catch {
      return undefined; // one types on without it
    }
  }

  open() {
    this.list.hidden = false;
    const attributes = { role: "combobox", "aria-expanded": "true", "aria-autocomplete": "list", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(attributes)) this.box.setAttribute(name, value);
    const number = this.options.length;
    this.status.textContent = `${number} ${number === 1 ? this.dataset.one : this.dataset.many}`;
    this.choose(0);
  }

  close() {
    if (this.list.hidden) return;
    this.list.hidden = true;
    for (const name of ["role", "aria-expanded", "aria-autocomplete", "aria-controls", "aria-activedescendant"]) {
      this.box.removeAttribute(name);
    }
    this.status.textContent = "";
  }

  choose(index) {
    const { options } = this;
    this.index = (index + options.length) % options.length;
    options.forEach((option, each) => option.setAttribute("aria-selected", each === this.index));
    this.box.setAttribute("aria-activedescendant", options[this.index].id);
    options[this.index].scrollIntoView({ block: "nearest" });
  }

  press(event) {
    if (this.list.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === "ArrowDown") this.choose(this.index + 1);
    else if (event.key === "ArrowUp") this.choose(this.index - 1);
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.options[this.index]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  take(option) {
    const { begun } = this;
    this.close();
    if (!option || begun === undefined) return;
    const caret = this.box.selectionStart;
    this.box.setRangeText(`@${option.dataset.name} `, caret - begun.length - 1, caret, "end");
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

customElements.define("mention-completion", MentionCompletion);
