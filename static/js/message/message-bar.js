// The bar with the buttons of a message, which moves to the message that is pointed at or focused; on touch screens a
// sheet from below shows the same.
import { MESSAGE_ACTIONS } from "../contract.js";
import { emojiHabits } from "../emoji/habits.js";
import { onLive } from "../live/events.js";
import { addressOf } from "../shell/addresses.js";
import { MessageVerbs } from "./message-verbs.js";
import { ReasonDialog } from "./reason-dialog.js";
import { Toast } from "./toast.js";

const [IN_BAR, IN_SHEET] = [3, 5]; // recent emoji

export class MessageBar extends MessageVerbs {
  constructor(host) {
    super();
    this.host = host;
    this.tools = host.querySelector("template.tools").content.firstElementChild;
    this.menu = this.tools.querySelector(".menu");
    this.items = this.menu.querySelector("nav");
    this.sheet = host.querySelector("dialog.sheet");
    this.toast = new Toast(host.querySelector(".toast"));
    this.reasons = new ReasonDialog(host.querySelector("dialog.reason"));
    this.offered = [...this.tools.querySelectorAll("[data-emoji]")];
    this.listen();
  }

  listen() {
    for (const area of [this.tools, this.sheet]) area.addEventListener("click", (event) => this.choose(event));
    this.tools.addEventListener("focusin", ({ target }) => {
      this.focused = target;
    });
    document.addEventListener("focusin", ({ target }) => {
      if (!this.tools.contains(target)) this.focused = null;
    });
    this.menu.addEventListener("toggle", () => this.menu.open && this.items.classList.toggle("above", this.isLow(this.items)));
    this.sheet.addEventListener("close", () => this.menu.append(this.items));
    this.sheet.addEventListener("pointerdown", () => {
      this.isPressed = true;
    });
    onLive(() => this.reattach());
  }

  get isOwn() {
    return this.article.dataset.sender === this.host.dataset.person;
  }

  // Return whether there is too little room for a part below the buttons.
  isLow(part) {
    const bottom = this.article.closest(".scroller")?.getBoundingClientRect().bottom ?? innerHeight;
    return this.tools.getBoundingClientRect().bottom + part.offsetHeight > bottom;
  }

  // Move the buttons to a message, unless something is open at another one.
  moveTo(article) {
    if (article === this.article || !article.isConnected || this.menu.open || document.querySelector("dialog[open]")) return;
    this.article = article;
    this.showState();
    article.append(this.tools);
  }

  // Show which buttons the message has, and whether it is saved and pinned.
  showState() {
    if (!this.article) return;
    const id = this.article.id.slice(1);
    const mayHide = "mayHide" in this.host.dataset && !this.isOwn;
    const states = { save: this.host.saved.has(id), pin: Boolean(this.article.querySelector(".pinned")) };
    for (const part of [this.tools, this.sheet]) {
      for (const own of part.querySelectorAll("[data-own]")) own.hidden = !this.isOwn;
      for (const hide of part.querySelectorAll("[data-do=hide]")) hide.hidden = !mayHide;
      for (const quote of part.querySelectorAll(":is([data-do=quote], [data-do=text])")) quote.hidden = !this.body;
      for (const link of part.querySelectorAll("[data-address]")) link.href = addressOf("message", id) + link.dataset.address;
      for (const [name, isOn] of Object.entries(states)) {
        for (const button of part.querySelectorAll(`[data-do=${name}]`)) showPressed(button, isOn);
      }
    }
    this.tools.querySelector(".recent")?.replaceChildren(...this.emojiButtons(IN_BAR));
  }

  // The emoji that the reader used last, then those that everyone is offered.
  emojiButtons(count) {
    const offered = this.offered.map(({ dataset }) => dataset.emoji);
    const shown = [...new Set([...emojiHabits().recent, ...offered])].slice(0, count);
    return shown.map((emoji) => {
      const button = this.offered[0].cloneNode();
      button.dataset.emoji = emoji;
      button.textContent = emoji;
      return button;
    });
  }

  // A changed message is a new element: move the buttons there, and restore the focus.
  reattach() {
    const fresh = this.article?.isConnected === false && document.getElementById(this.article.id);
    if (!fresh) return;
    const { focused } = this;
    this.article = fresh;
    this.showState();
    fresh.append(this.tools);
    if (focused && !focused.closest("[hidden]")) focused.focus();
  }

  openSheet(article) {
    if (this.sheet.open) return;
    this.article = article;
    this.isPressed = false; // until then, a click belongs to the long press that opened the sheet
    const emoji = this.sheet.querySelector(".recent");
    emoji?.replaceChildren(...this.emojiButtons(IN_SHEET));
    this.sheet.append(this.items);
    this.showState();
    this.sheet.showModal();
  }

  // A reaction, or the dots of a message.
  click(target) {
    const article = target.closest("article");
    if (target.matches(".dots")) return this.openSheet(article);
    if (!target.matches(".add")) return this.react(article, target.dataset.emoji, target.getAttribute("aria-pressed") === "true");
    return this.act(article, "pick");
  }

  choose(event) {
    const button = event.target.closest("button, a");
    if (this.sheet.open && event.detail && !this.isPressed) return event.preventDefault();
    if (event.target === this.sheet || button?.closest("nav, .sheet")) this.close();
    if (button?.dataset.emoji) return this.react(this.article, button.dataset.emoji);
    const action = button?.dataset.do;
    if (!MESSAGE_ACTIONS.includes(action)) return;
    this.isByKey = !event.detail; // then the focus returns to the message
    this[action]();
  }

  close() {
    this.sheet.close();
    if (this.items.contains(document.activeElement)) this.menu.querySelector("summary").focus();
    this.menu.open = false;
  }

  // Act on a message as its button does, if it has that button.
  act(article, name, isByKey = false) {
    this.article = article;
    this.showState();
    article.append(this.tools);
    this.isByKey = isByKey;
    const button = this.tools.querySelector(`[data-do=${name}]`);
    if (button && !button.hidden) this[name]();
  }

  on(article, name) {
    this.act(document.getElementById(article.id) ?? article, name);
  }
}

function showPressed(button, isOn) {
  if (button.matches(".icon-button")) return button.setAttribute("aria-pressed", isOn);
  const label = button.querySelector("span");
  label.textContent = isOn ? label.dataset.on : label.dataset.off;
}
