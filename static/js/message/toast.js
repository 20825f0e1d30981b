// A notice about an action, for a while, with buttons that undo it or go on from it.
const SHOWN_MS = 10_000;

export class Toast {
  constructor(element) {
    this.element = element;
    this.words = element.querySelector("span");
    [this.moreButton, this.undoButton] = element.querySelectorAll("button");
    this.undoButton.addEventListener("click", () => this.undoLast());
    this.moreButton.addEventListener("click", () => {
      this.element.hidden = true;
      this.more();
    });
  }

  show(words, { undo, more } = {}) {
    clearTimeout(this.timer);
    Object.assign(this, { undo, more });
    this.words.textContent = words;
    this.undoButton.hidden = !undo;
    this.moreButton.hidden = !more;
    this.element.hidden = false;
    this.timer = setTimeout(() => {
      this.element.hidden = true;
    }, SHOWN_MS);
  }

  // Undo the action; return whether there is one.
  undoLast() {
    if (this.element.hidden || !this.undo) return false;
    const wasFocused = this.element.contains(document.activeElement);
    this.element.hidden = true;
    this.undo(wasFocused);
    return true;
  }
}
