// Offers whom one can mention while typing, and says how many that will tell.
const BEGUN = /(?:^|[^\w@./+-])@([\w.-]{0,50})$/;
const NAMES = /(?<![\w@./+-])@[a-z0-9][\w.-]*/gi;
const CODE = /```[^]*?(?:```|$)|`[^`\n]*`/g;
const TELL_PAUSE = 400;

class MentionCompletion extends Completion {
  connectedCallback() {
    this.follow(this.closest("form").querySelector("textarea"));
    this.told = this.querySelector(".told");
    this.names = "";
    this.closest("message-composer")?.addEventListener("sent", () => this.plan());
    this.plan();
  }

  // What was begun right before the caret, without its @; undefined for nothing.
  get begun() {
    const { selectionStart, selectionEnd, value } = this.box;
    return selectionStart === selectionEnd ? BEGUN.exec(value.slice(0, selectionStart))?.[1] : undefined;
  }

  plan() {
    super.plan();
    clearTimeout(this.telling);
    const found = this.box.value.replace(CODE, " ").match(NAMES) ?? [];
    const names = [...new Set(found.map((name) => name.toLowerCase()))].sort().join(" ").slice(0, 1000);
    if (names !== this.names) this.telling = setTimeout(() => this.tell(names), names ? TELL_PAUSE : 0);
  }

  async tell(names) {
    const text = names ? await this.ask(this.dataset.told, { words: names }) : "";
    if (text === undefined) return;
    this.names = names;
    this.told.textContent = text;
  }

  take(option, begun) {
    this.replaceBegun(begun.length + 1, `@${option.dataset.name} `);
  }
}

customElements.define("mention-completion", MentionCompletion);
