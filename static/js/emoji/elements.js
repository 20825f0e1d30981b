// The elements of the emoji picker.
import { toned } from "./emoji-list.js";

export function emojiSection(title, emoji, tone, group = "") {
  const grid = make("div", { className: "emoji-grid" });
  grid.append(...emoji.map((each) => emojiButton(each, tone)));
  const made = make("section", {}, make("h3", { textContent: title }), grid);
  made.dataset.group = group;
  return made;
}

function emojiButton(each, tone) {
  const { label, names } = each;
  const title = names[0] ? `${label} :${names[0]}:` : label;
  return make("button", { type: "button", tabIndex: -1, title, ariaLabel: label, textContent: toned(each, tone) });
}

export function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}
