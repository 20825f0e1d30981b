// Suggests people after an @, conversations after a #, and emoji after a colon while someone types, and shows how many
// people the message will notify.
import { isInOpenFence } from "../composer/code-fence.js";
import { findEmoji } from "../emoji/pick.js";
import { Completion } from "../shell/completion.js";
import { fragment } from "../shell/fragment.js";
import { post } from "../shell/post.js";
import { linkTo } from "./linking.js";
import { mentionedNames, typedName } from "./mentions.js";

const COUNT_DELAY_MS = 400;
const MAX_EMOJI = 8;
// A colon after a letter, a digit or another colon is a time or code.
const EMOJI = /(?<![\p{L}\p{N}:_/])(:[\p{L}\p{N}_+-]{2,30})$/u;
const CONVERSATION = /(?<![\p{L}\p{N}#/&_([])(#(?:[\p{L}\p{N}][\p{L}\p{N}&'._-]*(?: [\p{L}\p{N}&'._-]+){0,2})?)$/u;

class WordCompletion extends Completion {
  connectedCallback() {
    if (this.box) return; // moved together with its form
    this.attachTo(this.closest("form").querySelector("textarea"));
    this.notified = this.querySelector(".notified");
    this.names = "";
    this.closest("message-composer")?.addEventListener("sent", () => this.schedule());
    this.notified.addEventListener("click", ({ target }) => this.addPerson(target.closest("[data-add]")));
    this.schedule();
  }

  // The word before the caret with its mark, such as "@be", ":ta" or "#town ha".
  get typed() {
    const { value, selectionStart: start, selectionEnd: end } = this.box;
    const name = typedName(value, start, end);
    if (name !== undefined) return `@${name}`;
    if (start !== end) return undefined;
    const before = value.slice(0, start);
    const found = EMOJI.exec(before) ?? CONVERSATION.exec(before);
    return found && !isInOpenFence(before) ? found[1] : undefined;
  }

  async offers(typed) {
    const words = typed.slice(1);
    if (typed[0] === ":") return (await findEmoji(words, MAX_EMOJI).catch(() => [])).map(emojiOption);
    const address = typed[0] === "@" ? this.dataset.people : this.dataset.conversations;
    const html = await this.texts.load(address, { q: words });
    return html === undefined ? undefined : [...fragment(html).children];
  }

  schedule() {
    super.schedule();
    clearTimeout(this.countTimer);
    const names = mentionedNames(this.box.value);
    if (names !== this.names) this.countTimer = setTimeout(() => this.showNotified(names), names ? COUNT_DELAY_MS : 0);
  }

  async showNotified(names) {
    this.names = names;
    const html = names ? await this.texts.load(this.dataset.notified, { words: names }) : "";
    if (this.names !== names) return;
    if (html === undefined) this.names = undefined; // the next change asks again
    else this.notified.replaceChildren(fragment(html.trim()));
  }

  async addPerson(button) {
    if (!button) return;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.box.form.elements.csrfmiddlewaretoken.value);
    body.set("people", button.dataset.add);
    const { names } = this;
    button.disabled = true;
    await post(this.dataset.members, body);
    await this.showNotified(names);
    this.box.focus();
  }

  insert({ dataset: { emoji, name, title, address } }, typed) {
    const words = emoji ?? (title ? linkTo(`#${title}`, address) : `@${name}`);
    this.replaceTyped(typed.length, `${words} `);
  }
}

function emojiOption({ emoji, name }) {
  const option = document.createElement("li");
  Object.assign(option, { role: "option", id: `emoji-${name}`, ariaSelected: "false" });
  option.dataset.emoji = emoji;
  const sign = Object.assign(document.createElement("span"), { className: "emoji-sign", ariaHidden: "true", textContent: emoji });
  option.append(sign, `:${name}:`);
  return option;
}

customElements.define("word-completion", WordCompletion);
