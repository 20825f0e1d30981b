// What one does with a message, at hand beside it: the same forms that its own page has, sent in place. What comes of it
// is shown as what others do is: "changed" events carry the message as it is now.
const UNDO = 10000;

class MessageActions extends HTMLElement {
  connectedCallback() {
    this.tools = this.querySelector("template.tools").content.firstElementChild;
    this.picker = this.tools.querySelector(".picker");
    this.pinLink = this.tools.querySelector("[data-address='pin/']");
    this.toast = this.querySelector(".toast");
    this.token = this.querySelector("form [name=csrfmiddlewaretoken]").value;
    const area = this.closest(".site");
    for (const name of ["pointerover", "focusin"]) {
      area.addEventListener(name, ({ target }) => this.come(target.closest("article:not(.system)")));
    }
    area.addEventListener("click", (event) => this.click(event));
    area.addEventListener("submit", (event) => this.submit(event));
    area.addEventListener("keydown", (event) => this.press(event));
    document.addEventListener("edit-message", ({ detail }) => {
      this.isByKey = false;
      this.edit(detail);
    });
    document.addEventListener("cancel", () => document.querySelector("message-composer")?.answer(null));
    area.addEventListener("focusin", ({ target }) => (this.focused = this.tools.contains(target) ? target : null));
    document.addEventListener("live", () => {
      this.follow();
      this.showOwn();
    });
    this.toast.querySelector("button").addEventListener("click", () => this.undo());
    this.showOwn();
  }

  get isOwn() {
    return this.article.dataset.sender === this.dataset.person;
  }

  // Tell whether there is no room for the picker below its message.
  get isLow() {
    const bottom = this.article.closest(".scroller")?.getBoundingClientRect().bottom ?? innerHeight;
    return this.tools.getBoundingClientRect().bottom + this.picker.offsetHeight > bottom;
  }

  // Move to a message, unless something is being chosen or written at another one.
  come(article) {
    if (!article || article === this.article || !this.picker.hidden || article.closest(".listed")) return;
    this.article = article;
    for (const own of this.tools.querySelectorAll("[data-own]")) own.hidden = !this.isOwn;
    for (const link of this.tools.querySelectorAll("[data-address]")) link.href = address(article, link.dataset.address);
    this.showPin();
    article.append(this.tools);
  }

  // What is pinned is unpinned at once; to pin it one says why, on a page for that.
  showPin() {
    if (!this.pinLink) return;
    this.pinLink.hidden = Boolean(this.article.querySelector(".pinned"));
    this.tools.querySelector("[data-do=unpin]").hidden = !this.pinLink.hidden;
  }

  // A message that has changed is another element: be at that one, with the focus where it was.
  follow() {
    const fresh = this.article?.isConnected === false && document.getElementById(this.article.id);
    if (!fresh) return;
    this.article = null;
    this.come(fresh);
    (this.focused?.hidden ? this.pinLink : this.focused)?.focus(); // what unpins is gone with the pin
  }

  click(event) {
    const reaction = event.target.closest("article .reaction");
    const button = event.target.closest(".tools button[type=button]");
    if (reaction && "writes" in this.dataset) {
      event.preventDefault();
      this.toggle(reaction);
    } else if (button?.dataset.emoji) {
      this.react(this.article, button.dataset.emoji);
    } else if (button) {
      this.isByKey = !event.detail; // then the focus comes back to the message
      this[button.dataset.do]();
    } else if (!this.picker.hidden && !event.target.closest(".picker")) {
      this.pick(false);
    }
  }

  submit(event) {
    if (!event.target.closest(".picker")) return;
    event.preventDefault();
    this.react(this.article, event.target.elements.emoji.value);
    event.target.reset();
  }

  press(event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const answering = event.target.closest("message-composer")?.querySelector(".answering:not([hidden])");
    if (!this.picker.hidden) this.pick(false);
    else if (answering) event.target.closest("message-composer").answer(null);
    else return;
    event.preventDefault();
  }

  // Do with a message what a key says, as its buttons do; tell whether that can be done.
  byKey(article, key) {
    const name = { r: "reply", e: "edit", "+": "pick" }[key];
    const button = name && this.tools.querySelector(`[data-do=${name}]`);
    if (!button || article.matches(".system") || article.closest(".listed")) return false;
    this.come(article);
    if (button.hidden || this.article !== article) return false;
    button.click();
    return true;
  }

  // Undo what the line at the bottom tells of; say whether there is anything.
  takeBack() {
    const isThere = !this.toast.hidden && !this.toast.querySelector("button").hidden;
    if (isThere) this.undo();
    return isThere;
  }

  react(article, emoji, remove = "") {
    this.pick(false);
    if (emoji) this.send(article, "reactions/", { emoji, remove });
  }

  toggle(reaction) {
    const isMine = reaction.getAttribute("aria-pressed") === "true";
    this.react(reaction.closest("article"), reaction.dataset.emoji, isMine ? "1" : "");
  }

  // The page is the same for all who look: which reactions are one's own is found here.
  showOwn() {
    for (const reaction of document.querySelectorAll("article .reaction")) {
      const isMine = reaction.dataset.people.split(" ").includes(this.dataset.person);
      reaction.setAttribute("role", "button");
      reaction.setAttribute("aria-pressed", isMine);
    }
  }

  pick(isOpen = this.picker.hidden) {
    this.picker.hidden = !isOpen;
    if (isOpen) this.picker.classList.toggle("above", this.isLow);
    const button = this.tools.querySelector("[data-do=pick]");
    button?.setAttribute("aria-expanded", isOpen);
    if (isOpen) this.picker.querySelector("button").focus();
    else if (this.picker.contains(document.activeElement)) button.focus();
  }

  reply() {
    const composer = document.querySelector("message-composer:has(.answering)") ?? document.querySelector("message-composer");
    const { article } = this;
    const quote = selectedWithin(article.querySelector(".body"));
    const sender = article.querySelector("h3 b").textContent;
    composer?.answer({ id: article.id.slice(1), sender, words: article.querySelector(".body")?.innerText ?? "", quote });
  }

  async save() {
    const answer = await post(address(this.article, "save/"), this.body());
    this.say(answer.isPlain ? answer.text : this.dataset.failed);
  }

  async unpin() {
    const { article } = this;
    const reason = article.querySelector(".pinned span")?.textContent ?? "";
    if (await this.send(article, "unpin/", {})) {
      this.say(this.toast.dataset.unpinned, address(article, "pin/"), { reason, sure: "1" });
    }
  }

  async remove() {
    const { article } = this;
    const restore = address(article, "restore/");
    article.querySelector(".editing")?.remove();
    if (await this.send(article, "delete/", {})) {
      this.say(this.toast.dataset.deleted, restore);
    }
  }

  async edit(article = this.article) {
    if (article.querySelector(".editing")) return;
    const answer = await fetch(address(article, "edit/"), { headers: { "X-Requested-With": "fetch" }, redirect: "error" });
    if (!answer.ok) return this.say(this.dataset.failed);
    const form = document.createRange().createContextualFragment(await answer.text()).querySelector("form");
    putEditForm(article, form);
    const box = form.querySelector("textarea");
    form.dataset.opener = this.isByKey ? "message" : "box";
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  }

  body(fields = {}) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.token);
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return body;
  }

  // Do something with a message; tell whether it was done.
  async send(article, verb, fields) {
    const answer = await post(address(article, verb), this.body(fields));
    if (answer.status === 200) this.tell("changed", answer.text);
    else this.say(answer.isPlain ? answer.text : this.dataset.failed);
    return answer.status === 200;
  }

  tell(name, data) {
    document.dispatchEvent(new CustomEvent("live", { detail: { name, data } }));
  }

  // Say what was done, with the address that undoes it and what that takes.
  say(words, undo = "", fields = {}) {
    clearTimeout(this.hiding);
    this.toast.querySelector("span").textContent = words;
    this.toast.querySelector("button").hidden = !undo;
    this.undoing = { undo, fields };
    this.toast.hidden = false;
    this.hiding = setTimeout(() => (this.toast.hidden = true), UNDO);
  }

  async undo() {
    const { undo, fields } = this.undoing;
    const isInToast = this.toast.contains(document.activeElement);
    const answer = await post(undo, this.body(fields));
    this.toast.hidden = true;
    if (answer.status === 200) {
      this.tell("changed", answer.text);
      const message = document.getElementById(`m${undo.match(/\d+/)[0]}`);
      if (isInToast || message?.closest(".timeline")?.contains(document.activeElement)) goTo(message);
    }
    else this.say(answer.isPlain ? answer.text : this.dataset.failed);
  }
}

const address = (article, verb) => `/m/${article.id.slice(1)}/${verb}`;

// What is selected, where all of it is within an element.
function selectedWithin(element) {
  const selection = getSelection();
  if (!element || selection.isCollapsed || !element.contains(selection.anchorNode) || !element.contains(selection.focusNode)) return "";
  return selection.toString().trim().slice(0, 500);
}

customElements.define("message-actions", MessageActions);
