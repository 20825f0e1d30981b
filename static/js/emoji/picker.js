// The part of the bundle that loads when somebody first chooses an emoji, or completes one.
import { SELECTORS } from "../contract.js";
import { loadList, search, toned } from "./emoji-list.js";
import "./emoji-picker.js";
import { emojiHabits } from "./habits.js";

// Let the reader choose an emoji beside `anchor`; resolves to null if they close the picker. `open` is called when it is
// open, and returns what to search for.
export const pickEmoji = (anchor, open) => document.querySelector(SELECTORS.emojiPicker).pick(anchor, open);

// Find emoji by the beginning of a name: [{emoji, name}], in the reader's skin tone.
export async function findEmoji(typed, most) {
  const { all } = await loadList();
  const { tone } = emojiHabits();
  return search(all, typed, most).map((each) => ({ emoji: toned(each, tone), name: each.name }));
}
