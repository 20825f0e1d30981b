// The dialog in which people choose an emoji: a search field, the recent ones, groups and a skin tone. It opens beside the
// control that asks for an emoji, and on a phone as a sheet from below.
import { isTouch } from "../composer/send-key.js";
import { emojiSection, make } from "./elements.js";
import { loadList, remember, search, store, toned } from "./emoji-list.js";
import { moveInGrid } from "./grid.js";
import { emojiHabits } from "./habits.js";

const TONES = ["", "\u{1f3fb}", "\u{1f3fc}", "\u{1f3fd}", "\u{1f3fe}", "\u{1f3ff}"];
const HAND = { emoji: "\u270b", hasTones: true };
const MAX_FOUND = 60;
const MARGIN_PX = 8;

class EmojiPicker extends HTMLElement {
  async pick(anchor, open) {
    this.finish?.(null);
    const chosen = new Promise((resolve) => {
      this.finish = resolve;
    });
    try {
      this.list = await loadList();
      this.build();
    } catch {
      this.fail();
    }
    this.dialog.showModal();
    if (isTouch) this.dialog.focus(); // the on-screen keyboard would cover the emoji
    this.place(anchor);
    this.searchFor(open());
    const emoji = await chosen;
    if (emoji) remember(emoji);
    return emoji;
  }

  build() {
    if (this.scroller) return this.refresh();
    const { words, groups } = this.list;
    this.dialog = make("dialog", { className: "emoji-dialog", ariaLabel: words.title });
    this.dialog.tabIndex = -1;
    this.field = make("input", { type: "search", placeholder: words.search, ariaLabel: words.search, autocomplete: "off" });
    this.tabs = make("div", { className: "emoji-tabs", role: "toolbar", ariaLabel: words.groups });
    this.scroller = make("div", { className: "emoji-groups" });
    this.name = make("span", { className: "emoji-name" });
    this.tone = this.toneField();
    this.status = make("p", { className: "unseen", role: "status" });
    const close = make("button", { type: "button", className: "button quiet small", textContent: words.close });
    close.addEventListener("click", () => this.dialog.close());
    const foot = make("div", { className: "emoji-foot" }, this.name, this.tone, close);
    this.dialog.append(this.field, this.tabs, this.scroller, foot, this.status);
    this.replaceChildren(this.dialog);
    this.tabs.append(...groups.map((group, at) => this.tab(group, at)));
    this.listen();
    return this.refresh();
  }

  listen() {
    this.dialog.addEventListener("click", ({ target }) => {
      const button = target.closest(".emoji-groups button");
      if (button) this.choose(button.textContent);
      else if (target === this.dialog) this.dialog.close();
    });
    this.dialog.addEventListener("close", () => this.finish(null));
    this.dialog.addEventListener("keydown", (event) => this.press(event));
    this.field.addEventListener("input", () => this.show());
    this.tone.addEventListener("change", () => {
      store({ tone: this.tone.value });
      this.show();
    });
    for (const kind of ["pointerover", "focusin"]) {
      this.scroller.addEventListener(kind, ({ target }) => {
        if (target.matches("button")) this.name.textContent = target.title;
        if (kind === "focusin") this.stopAt(target);
      });
    }
  }

  toneField() {
    const { tone, tones } = this.list.words;
    const field = make("select", { ariaLabel: tone, title: tone });
    field.append(...TONES.map((value, at) => make("option", { value, ariaLabel: tones[at], textContent: toned(HAND, value) })));
    return field;
  }

  tab({ title, emoji }, at) {
    const button = make("button", { type: "button", title, ariaLabel: title, textContent: emoji[0].emoji });
    button.addEventListener("click", () => {
      this.field.value = "";
      this.show();
      const section = this.scroller.querySelector(`[data-group="${at}"]`);
      section.scrollIntoView({ block: "start" });
      section.querySelector("button").focus({ preventScroll: true });
    });
    return button;
  }

  // Start over, with what is recent now.
  refresh() {
    this.field.value = "";
    this.tone.value = emojiHabits().tone;
    this.show();
  }

  show() {
    const { words, all } = this.list;
    const { tone, recent } = emojiHabits();
    const typed = this.field.value.trim();
    this.name.textContent = "";
    this.scroller.scrollTop = 0;
    const found = search(all, typed, MAX_FOUND);
    this.status.textContent = typed ? `${words.found}: ${found.length}` : "";
    this.scroller.replaceChildren(...(typed ? [this.found(found, tone)] : this.sections(recent, tone)));
    this.stopAt(this.scroller.querySelector("button"));
  }

  searchFor(typed) {
    if (!typed || !this.scroller) return;
    this.field.value = typed;
    this.show();
  }

  found(emoji, tone) {
    const { found, none } = this.list.words;
    return emoji.length ? emojiSection(found, emoji, tone) : make("p", { className: "help", textContent: none });
  }

  sections(recent, tone) {
    const { words, groups, all } = this.list;
    const known = recent.map((emoji) => all.find((each) => toned(each, tone) === emoji) ?? { emoji, names: [], label: emoji });
    const sections = groups.map(({ title, emoji }, at) => emojiSection(title, emoji, tone, at));
    return known.length ? [emojiSection(words.recent, known, tone), ...sections] : sections;
  }

  // The Tab key stops at one emoji; the arrow keys lead to the others.
  stopAt(button) {
    if (this.stop) this.stop.tabIndex = -1;
    this.stop = button;
    if (button) button.tabIndex = 0;
  }

  press(event) {
    const { key, target } = event;
    const first = this.scroller.querySelector("button");
    if (target === this.field && key === "Enter") {
      event.preventDefault();
      if (this.field.value && first) this.choose(first.textContent);
    } else if (target === this.field && key === "ArrowDown") {
      event.preventDefault();
      first?.focus();
    } else if (target.matches(".emoji-groups button")) {
      if (moveInGrid(event, this.scroller, this.field)) event.preventDefault();
      else if ([...key].length === 1 && key !== " " && !event.ctrlKey && !event.metaKey) this.field.focus(); // it is typed there
    }
  }

  choose(emoji) {
    this.finish(emoji);
    this.dialog.close();
  }

  fail() {
    this.dialog = make("dialog", { className: "emoji-dialog failed" }, make("p", { role: "alert", textContent: this.dataset.failed }));
    this.dialog.addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => this.finish(null));
    this.scroller = undefined;
    this.replaceChildren(this.dialog);
  }

  // Beside the anchor, within the window; style sheets place the sheet of a phone.
  place(anchor) {
    const { offsetWidth: width, offsetHeight: height } = this.dialog;
    const beside = anchor.getBoundingClientRect();
    const above = beside.top - height - MARGIN_PX;
    const top = above >= MARGIN_PX ? above : Math.min(beside.bottom + MARGIN_PX, innerHeight - height - MARGIN_PX);
    const left = Math.min(Math.max(beside.left, MARGIN_PX), innerWidth - width - MARGIN_PX);
    this.dialog.style.setProperty("--top", `${Math.max(top, MARGIN_PX)}px`);
    this.dialog.style.setProperty("--left", `${left}px`);
  }
}

customElements.define("emoji-picker", EmojiPicker);
