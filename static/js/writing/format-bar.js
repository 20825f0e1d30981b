// Formats text as Markdown, by the buttons of a bar and by keys, and continues lists on new lines.
import { isInOpenFence } from "../composer/code-fence.js";
import { isSendKey } from "../composer/send-key.js";
import { SELECTORS } from "../contract.js";
import { newLine } from "./lists.js";
import { formatted } from "./markup.js";
import { replaceText } from "./replacing.js";

const KEYS = { b: "bold", i: "italic", k: "link" };
const KEYS_WITH_SHIFT = { KeyX: "strikethrough", Digit7: "numbers", Digit8: "list", Digit9: "quote" };

class FormatBar extends HTMLElement {
  connectedCallback() {
    if (this.box) return; // moved together with its form
    this.box = this.closest("form").querySelector("textarea");
    this.box.addEventListener("keydown", (event) => this.press(event));
    this.addEventListener("mousedown", (event) => event.preventDefault()); // so that the box does not lose the selection
    this.addEventListener("click", ({ target }) => {
      const kind = target.closest("[data-format]")?.dataset.format;
      if (kind) this.format(kind);
    });
  }

  get bar() {
    return this.querySelector("[role=toolbar]");
  }

  // Show or hide the buttons; return whether they are shown.
  toggle() {
    if (this.bar) this.bar.hidden = !this.bar.hidden;
    else this.append(this.closest(SELECTORS.composer).querySelector("template.format-bar").content.cloneNode(true));
    return !this.bar.hidden;
  }

  press(event) {
    if (event.defaultPrevented) return;
    const kind = this.kindOf(event);
    const change = !kind && event.key === "Enter" && this.newLine(event);
    if (!kind && !change) return;
    event.preventDefault();
    event.stopPropagation(); // Ctrl+K has another meaning where no words are selected
    if (kind) this.format(kind);
    else replaceText(this.box, change.start, change.end, change.words);
  }

  kindOf({ key, code, ctrlKey, metaKey, shiftKey, altKey }) {
    if (!(ctrlKey || metaKey) || altKey) return undefined;
    if (shiftKey) return KEYS_WITH_SHIFT[code];
    const kind = KEYS[key];
    return kind === "link" && this.box.selectionStart === this.box.selectionEnd ? undefined : kind;
  }

  newLine(event) {
    const { value, selectionStart, selectionEnd } = this.box;
    if (isSendKey(event) || event.altKey || event.ctrlKey || event.metaKey || selectionStart !== selectionEnd) return undefined;
    return isInOpenFence(value.slice(0, selectionStart)) ? undefined : newLine(value, selectionStart);
  }

  format(kind) {
    const { value, selectionStart, selectionEnd } = this.box;
    const { start, end, words, selection } = formatted(kind, value, selectionStart, selectionEnd);
    replaceText(this.box, start, end, words);
    this.box.setSelectionRange(...selection);
  }
}

customElements.define("format-bar", FormatBar);
