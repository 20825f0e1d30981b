// Suggests people to mention while someone types, and shows how many people the message will notify.
import { Completion } from "../shell/completion.js";
import { mentionedNames, typedName } from "./mentions.js";

const COUNT_DELAY_MS = 400;

class MentionCompletion extends Completion {
  connectedCallback() {
    this.attachTo(this.closest("form").querySelector("textarea"));
    this.notified = this.querySelector(".notified");
    this.names = "";
    this.closest("message-composer")?.addEventListener("sent", () => this.schedule());
    this.schedule();
  }

  get typed() {
    return typedName(this.box.value, this.box.selectionStart, this.box.selectionEnd);
  }

  schedule() {
    super.schedule();
    clearTimeout(this.countTimer);
    const names = mentionedNames(this.box.value);
    if (names !== this.names) this.countTimer = setTimeout(() => this.showNotified(names), names ? COUNT_DELAY_MS : 0);
  }

  async showNotified(names) {
    const text = names ? await this.load(this.dataset.notified, { words: names }) : "";
    if (text === undefined) return;
    this.names = names;
    this.notified.textContent = text;
  }

  insert(option, typed) {
    this.replaceTyped(typed.length + 1, `@${option.dataset.name} `);
  }
}

customElements.define("mention-completion", MentionCompletion);
