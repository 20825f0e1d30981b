// The actions beside a message: the forms of its own page, sent in place. Their results are shown like the changes of
// other people: "changed" events carry the message in its new state.
import { MESSAGE_ACTIONS, PAGE_EVENTS, SCRIPT_HEADERS, SELECTORS } from "../contract.js";
import { announce, onLive } from "../live/events.js";
import { addressOf } from "../shell/addresses.js";
import { focusOn } from "../shell/focus.js";
import { fragment } from "../shell/fragment.js";
import { post } from "../shell/post.js";
import { putEditForm } from "./articles.js";

const TOAST_MS = 10_000;
const loadEditForm = () => import("./edit-form.js").catch(() => {}); // without it the form is one like others

class MessageActions extends HTMLElement {
  connectedCallback() {
    this.tools = this.querySelector("template.tools").content.firstElementChild;
    this.picker = this.tools.querySelector(".picker");
    this.pinLink = this.tools.querySelector("[data-address='pin/']");
    this.toast = this.querySelector(".toast");
    const area = this.closest(".site");
    for (const name of ["pointerover", "focusin"]) {
      area.addEventListener(name, ({ target }) => this.moveTo(target.closest("article:not(.system)")));
    }
    area.addEventListener("click", (event) => this.click(event));
    area.addEventListener("submit", (event) => this.submit(event));
    area.addEventListener("keydown", (event) => this.press(event));
    document.addEventListener("edit-message", ({ detail }) => {
      this.isByKey = false;
      this.edit(detail);
    });
    area.addEventListener("focusin", ({ target }) => {
      this.focused = this.tools.contains(target) ? target : null;
    });
    onLive(() => {
      this.reattach();
      this.showOwn();
    });
    this.toast.querySelector("button").addEventListener("click", () => this.undo());
    this.showOwn();
  }

  get isOwn() {
    return this.article.dataset.sender === this.dataset.person;
  }

  // Return whether there is too little room for the picker below its message.
  get isLow() {
    const bottom = this.article.closest(".scroller")?.getBoundingClientRect().bottom ?? innerHeight;
    return this.tools.getBoundingClientRect().bottom + this.picker.offsetHeight > bottom;
  }

  // Move the buttons to a message, unless the picker is open at another one.
  moveTo(article) {
    if (!article || article === this.article || !this.picker.hidden || article.closest(".message-list")) return;
    this.article = article;
    for (const own of this.tools.querySelectorAll("[data-own]")) own.hidden = !this.isOwn;
    for (const link of this.tools.querySelectorAll("[data-address]")) link.href = address(article, "message") + link.dataset.address;
    this.showPin();
    article.append(this.tools);
  }

  // Unpinning happens in place; pinning asks for a reason, on a page of its own.
  showPin() {
    if (!this.pinLink) return;
    this.pinLink.hidden = Boolean(this.article.querySelector(".pinned"));
    this.tools.querySelector("[data-do=unpin]").hidden = !this.pinLink.hidden;
  }

  // A changed message is a new element: move the buttons there, and restore the focus.
  reattach() {
    const fresh = this.article?.isConnected === false && document.getElementById(this.article.id);
    if (!fresh) return;
    this.article = null;
    this.moveTo(fresh);
    (this.focused?.hidden ? this.pinLink : this.focused)?.focus(); // the Unpin button is hidden with the pin
  }

  click(event) {
    const reaction = event.target.closest("article .reaction");
    const button = event.target.closest(".tools button[type=button]");
    if (reaction && "mayWrite" in this.dataset) {
      event.preventDefault();
      this.toggle(reaction);
    } else if (button?.dataset.emoji) {
      this.react(this.article, button.dataset.emoji);
    } else if (button) {
      this.isByKey = !event.detail; // then the focus returns to the message
      if (MESSAGE_ACTIONS.includes(button.dataset.do)) this[button.dataset.do]();
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
    const replyingTo = event.target.closest(SELECTORS.composer)?.querySelector(".replying-to:not([hidden])");
    if (!this.picker.hidden) this.pick(false);
    else if (replyingTo) event.target.closest(SELECTORS.composer).replyTo(null);
    else return;
    event.preventDefault();
  }

  // Act on a message by key, as its buttons do; return whether there is such an action.
  actByKey(article, key) {
    const name = { r: "reply", e: "edit", "+": "pick" }[key];
    const button = name && this.tools.querySelector(`[data-do=${name}]`);
    if (!button || article.matches(".system") || article.closest(".message-list")) return false;
    this.moveTo(article);
    if (button.hidden || this.article !== article) return false;
    button.click();
    return true;
  }

  // Undo the action that the toast names; return whether there is one.
  undoLast() {
    const canUndo = !this.toast.hidden && !this.toast.querySelector("button").hidden;
    if (canUndo) this.undo();
    return canUndo;
  }

  react(article, emoji, remove = "") {
    this.pick(false);
    if (emoji) this.send(article, "reactions", { emoji, remove });
  }

  toggle(reaction) {
    const isMine = reaction.getAttribute("aria-pressed") === "true";
    this.react(reaction.closest("article"), reaction.dataset.emoji, isMine ? "1" : "");
  }

  // The HTML of a message is the same for every reader: mark the reader's own reactions here.
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
    const composer = document.querySelector("message-composer:has(.replying-to)") ?? document.querySelector(SELECTORS.composer);
    const { article } = this;
    const quote = selectedWithin(article.querySelector(SELECTORS.body));
    const sender = article.querySelector("h3 b").textContent;
    const words = article.querySelector(SELECTORS.body)?.innerText ?? "";
    composer?.replyTo({ id: article.id.slice(1), sender, words, quote });
  }

  async save() {
    const answer = await post(address(this.article, "save"), this.body());
    this.showToast(answer.isPlain ? answer.text : this.dataset.failed);
  }

  async unpin() {
    const { article } = this;
    const reason = article.querySelector(".pinned span")?.textContent ?? "";
    if (await this.send(article, "unpin", {})) {
      this.showToast(this.toast.dataset.unpinned, address(article, "pin"), { reason, sure: "1" });
    }
  }

  async remove() {
    const { article } = this;
    const restore = address(article, "restore");
    article.querySelector(SELECTORS.editing)?.remove();
    if (await this.send(article, "delete", {})) {
      this.showToast(this.toast.dataset.deleted, restore);
    }
  }

  async edit(article = this.article) {
    if (article.querySelector(SELECTORS.editing)) return;
    const asked = fetch(address(article, "edit"), { headers: SCRIPT_HEADERS, redirect: "error" }).catch(() => ({}));
    const [answer] = await Promise.all([asked, loadEditForm()]);
    if (!answer.ok) return this.showToast(this.dataset.failed);
    const form = fragment(await answer.text()).querySelector("form");
    putEditForm(article, form);
    const box = form.querySelector("textarea");
    form.dataset.opener = this.isByKey ? "message" : "box";
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  }

  body(fields = {}) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.querySelector("form [name=csrfmiddlewaretoken]").value);
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return body;
  }

  // Send an action on a message; return whether it succeeded.
  async send(article, action, fields) {
    const answer = await post(address(article, action), this.body(fields));
    if (answer.status === 200) announce(PAGE_EVENTS.changed, answer.text);
    else this.showToast(answer.isPlain ? answer.text : this.dataset.failed);
    return answer.status === 200;
  }

  // Show a notice of the action, with the address and the fields that undo it.
  showToast(words, undo = "", fields = {}) {
    clearTimeout(this.toastTimer);
    this.toast.querySelector("span").textContent = words;
    this.toast.querySelector("button").hidden = !undo;
    this.undoable = { undo, fields };
    this.toast.hidden = false;
    this.toastTimer = setTimeout(() => {
      this.toast.hidden = true;
    }, TOAST_MS);
  }

  async undo() {
    const { undo, fields } = this.undoable;
    const isInToast = this.toast.contains(document.activeElement);
    const answer = await post(undo, this.body(fields));
    this.toast.hidden = true;
    if (answer.status === 200) {
      announce(PAGE_EVENTS.changed, answer.text);
      const message = document.getElementById(`m${undo.match(/\d+/)[0]}`);
      if (isInToast || message?.closest(SELECTORS.timeline)?.contains(document.activeElement)) focusOn(message);
    } else this.showToast(answer.isPlain ? answer.text : this.dataset.failed);
  }
}

const address = (article, name) => addressOf(name, article.id.slice(1));

// Return the selected text if all of it is within an element.
function selectedWithin(element) {
  const selection = getSelection();
  if (!element || selection.isCollapsed || !element.contains(selection.anchorNode) || !element.contains(selection.focusNode)) return "";
  return selection.toString().trim().slice(0, 500);
}

customElements.define("message-actions", MessageActions);
if (document.querySelector("edit-form")) loadEditForm();
