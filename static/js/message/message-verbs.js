// What the buttons of a message do: the forms of its own page, sent in place. Their results are shown like the changes of
// other people: "changed" events carry the message in its new state.
import { PAGE_EVENTS, SCRIPT_HEADERS, SELECTORS } from "../contract.js";
import { pickEmoji } from "../emoji/pick.js";
import { announce } from "../live/events.js";
import { addressOf } from "../shell/addresses.js";
import { focusOn } from "../shell/focus.js";
import { fragment } from "../shell/fragment.js";
import { post } from "../shell/post.js";
import { putEditForm } from "./articles.js";
import { copyText, selectedWithin, textOf } from "./copying.js";
import "./edit-form.js";

const MAX_QUOTE_CHARACTERS = 500;
const address = (article, name) => addressOf(name, article.id.slice(1));

export class MessageVerbs {
  // Subclasses set `host`, `tools`, `toast`, `reasons` and `article`, the message to act on.
  get body() {
    return this.article.querySelector(SELECTORS.body);
  }

  get words() {
    return this.body ? textOf(this.body.cloneNode(true)) : "";
  }

  say(name, undoing) {
    this.toast.show(this.toast.element.dataset[name] ?? this.host.dataset.failed, undoing);
  }

  react(article, emoji, isMine = false) {
    return this.send(article, "reactions", { emoji, remove: isMine ? "1" : "" });
  }

  async pick() {
    const { article } = this;
    const button = this.tools.querySelector("[data-do=pick]");
    const emoji = await pickEmoji(button.checkVisibility() ? button : article);
    if (emoji) this.react(article, emoji);
  }

  reply(quote = selectedWithin(this.body)) {
    const thread = this.article.closest(SELECTORS.thread);
    if (thread) return void this.replyIn(thread, quote);
    const composer = document.querySelector("message-composer:has(.replying-to)") ?? document.querySelector(SELECTORS.composer);
    const sender = this.article.querySelector("h3 b").textContent;
    composer?.replyTo({ id: this.article.id.slice(1), sender, words: this.words, quote: quote.slice(0, MAX_QUOTE_CHARACTERS) });
  }

  // In its thread, a message is quoted by the text of the reply.
  replyIn(thread, quote) {
    const box = thread.querySelector(SELECTORS.messageBox);
    box?.focus();
    if (box && quote) document.execCommand("insertText", false, `${quote.replace(/^/gm, "> ")}\n\n`);
  }

  quote() {
    this.reply(selectedWithin(this.body) || this.words);
  }

  async save() {
    const { article } = this;
    const id = article.id.slice(1);
    const isSaved = this.host.saved.has(id);
    const answer = await post(address(article, isSaved ? "unsave" : "save"), this.fields());
    if (answer.status !== 200) return this.refuse(answer);
    if (isSaved) {
      this.host.saved.delete(id);
      for (const mark of document.querySelectorAll(`:is(#m${id}, #t${id}) .saved-mark`)) mark.remove();
    } else {
      this.host.saved.add(id);
      this.host.mark();
    }
    this.showState();
    this.toast.show(answer.text, { undo: () => this.on(article, "save") });
  }

  // Pin at once; a reason can be added afterwards.
  async pin() {
    const { article } = this;
    const pinned = article.querySelector(".pinned");
    if (!pinned) {
      const more = () => this.reasons.ask("pin", (reason) => this.send(article, "pin", { reason, sure: "1" }));
      if (await this.send(article, "pin", { sure: "1" })) this.say("pinned", { undo: () => this.on(article, "pin"), more });
      return;
    }
    const reason = pinned.querySelector("span")?.textContent ?? "";
    if (await this.send(article, "unpin")) this.say("unpinned", { undo: () => this.send(article, "pin", { reason, sure: "1" }) });
  }

  // Leave for the inbox, as this page would mark it as read again.
  unread() {
    const form = this.host.querySelector("form");
    form.action = address(this.article, "unread");
    form.requestSubmit();
  }

  async link() {
    await copyText(new URL(address(this.article, "message"), location).href);
    this.say("linkCopied");
  }

  async text() {
    await copyText(this.words);
    this.say("textCopied");
  }

  remove() {
    const { article } = this;
    article.querySelector(SELECTORS.editing)?.remove();
    return this.delete(article);
  }

  hide() {
    const { article } = this;
    this.reasons.ask("hide", (reason) => this.delete(article, { reason }));
  }

  async delete(article, fields = {}) {
    if (!(await this.send(article, "delete", fields))) return;
    this.say(fields.reason ? "hidden" : "deleted", { undo: (wasFocused) => this.restore(article, wasFocused) });
  }

  async restore(article, wasFocused) {
    const list = document.querySelector(SELECTORS.timeline);
    if (!(await this.send(article, "restore"))) return;
    if (wasFocused || list?.contains(document.activeElement)) focusOn(document.getElementById(article.id));
  }

  async edit() {
    const { article, isByKey } = this;
    if (article.querySelector(SELECTORS.editing)) return;
    const answer = await fetch(address(article, "edit"), { headers: SCRIPT_HEADERS, redirect: "error" }).catch(() => ({}));
    if (!answer.ok) return this.say("failed");
    const form = fragment(await answer.text()).querySelector("form");
    putEditForm(article, form);
    const box = form.querySelector("textarea");
    form.dataset.opener = isByKey ? "message" : "box";
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  }

  fields(values = {}) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.host.querySelector("form [name=csrfmiddlewaretoken]").value);
    for (const [name, value] of Object.entries(values)) body.set(name, value);
    return body;
  }

  // Send an action on a message; return whether it succeeded.
  async send(article, action, values) {
    const answer = await post(address(article, action), this.fields(values));
    if (answer.status === 200) announce(PAGE_EVENTS.changed, answer.text);
    else this.refuse(answer);
    return answer.status === 200;
  }

  refuse(answer) {
    this.toast.show(answer.isPlain ? answer.text : this.host.dataset.failed);
  }
}
