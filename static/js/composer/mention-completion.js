// Suggests people to mention while someone types, and shows how many people the message will notify.
const TYPED = /(?:^|[^\w@./+-])@([\w.-]{0,50})$/;
const NAMES = /(?<![\w@./+-])@[a-z0-9][\w.-]*/gi;
const CODE = /```[^]*?(?:```|$)|`[^`\n]*`/g;
const COUNT_DELAY_MS = 400;

class MentionCompletion extends Completion {
  connectedCallback() {
    this.attachTo(this.closest("form").querySelector("textarea"));
    this.notified = this.querySelector(".notified");
    this.names = "";
    this.closest("message-composer")?.addEventListener("sent", () => this.schedule());
    this.schedule();
  }

  // The name right before the caret, without its @; undefined where there is none.
  get typed() {
    const { selectionStart, selectionEnd, value } = this.box;
    return selectionStart === selectionEnd ? TYPED.exec(value.slice(0, selectionStart))?.[1] : undefined;
  }

  schedule() {
    super.schedule();
    clearTimeout(this.countTimer);
    const found = this.box.value.replace(CODE, " ").match(NAMES) ?? [];
    const names = [...new Set(found.map((name) => name.toLowerCase()))].sort().join(" ").slice(0, 1000);
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
