// What is offered while one types: a list under a box, with the keys of a combobox: arrows choose, Enter and Tab take,
// Escape closes. Whoever extends it says what was `begun` before the caret, and what to `take`.
globalThis.Completion = class extends HTMLElement {
  follow(box) {
    this.box = box;
    this.list = this.querySelector("[role=listbox]");
    this.status = this.querySelector("[aria-live]");
    this.box.addEventListener("keydown", (event) => this.press(event), { capture: true });
    this.box.addEventListener("input", () => this.plan());
    this.box.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    this.list.addEventListener("click", (event) => this.choice(event.target.closest("[role=option]")));
  }

  get options() {
    return [...this.list.children];
  }

  plan() {
    clearTimeout(this.offering);
    if (this.begun === undefined) this.close();
    else this.offering = setTimeout(() => this.offer(), 120);
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
    // A box of several lines can't be a combobox; it stays a text box with a list.
    const kind = this.box.matches("textarea") ? { "aria-haspopup": "listbox" } : { role: "combobox", "aria-expanded": "true" };
    const attributes = { ...kind, "aria-autocomplete": "list", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(attributes)) this.box.setAttribute(name, value);
    const number = this.options.length;
    this.status.textContent = `${number} ${number === 1 ? this.dataset.one : this.dataset.many}`;
    this.choose(this.first);
  }

  // Which option is chosen when the list opens; -1 for none, where Enter has a meaning of its own.
  get first() {
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

  choose(index) {
    const { options } = this;
    this.index = index < 0 ? index : index % options.length;
    options.forEach((option, each) => option.setAttribute("aria-selected", each === this.index));
    const chosen = options[this.index];
    if (!chosen) return this.box.removeAttribute("aria-activedescendant");
    this.box.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  press(event) {
    if (this.list.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const number = this.options.length;
    if (event.key === "ArrowDown") this.choose(this.index + 1);
    else if (event.key === "ArrowUp") this.choose((Math.max(this.index, 0) + number - 1) % number);
    else if ((event.key === "Enter" || event.key === "Tab") && this.index >= 0) this.choice(this.options[this.index]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  choice(option) {
    const { begun } = this;
    this.close();
    if (!option || begun === undefined) return;
    this.take(option, begun);
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Puts words in the place of what was begun.
  replaceBegun(length, words) {
    const caret = this.box.selectionStart;
    this.box.setRangeText(words, caret - length, caret, "end");
  }
};
