// The emoji with their names, and what this browser remembers of the reader's choices.
import { SELECTORS, STORED } from "../contract.js";
import { emojiHabits } from "./habits.js";

const MAX_RECENT = 24;
const MODIFIER_BASE = /(\p{Emoji_Modifier_Base})\uFE0F?/gu;

let loading;

// Load {words, groups: [{title, emoji: [{emoji, names, label, folded, hasTones}]}], all}; again, if that failed before.
export function loadList() {
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load() {
  const answer = await fetch(document.querySelector(SELECTORS.emojiPicker).dataset.address, { redirect: "error" });
  if (!answer.ok) throw new Error("no list of emoji");
  const { words, groups } = await answer.json();
  const titled = groups.map(([title, rows]) => ({ title, emoji: rows.map(described) }));
  return { words, groups: titled, all: titled.flatMap(({ emoji }) => emoji) };
}

function described([emoji, names, local = "", hasTones = 0]) {
  const shortcodes = names.split(" ");
  const label = local || shortcodes[0].replaceAll("_", " ");
  return { emoji, names: shortcodes, label, folded: [...shortcodes, fold(local)].filter(Boolean), hasTones };
}

const fold = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[\s-]+/g, "_");

// Find emoji by a name, whole ones first, then those that begin with it, then those with a word that does.
export function search(all, typed, most) {
  const sought = fold(typed.trim().replace(/^:|:$/g, ""));
  if (!sought) return [];
  const { recent } = emojiHabits();
  const found = [];
  for (const each of all) {
    const [rank, name] = bestName(each.folded, sought);
    if (name) found.push({ ...each, name, rank: rank + (recent.includes(each.emoji) ? -0.5 : 0) });
  }
  return found.sort((one, other) => one.rank - other.rank).slice(0, most);
}

function bestName(names, sought) {
  const ranked = names.map((name) => [rankOf(name, sought), name]).filter(([rank]) => rank >= 0);
  return ranked.sort(([one], [other]) => one - other)[0] ?? [-1, ""];
}

function rankOf(name, sought) {
  if (name === sought) return 0;
  if (name.startsWith(sought)) return 1;
  return `_${name}`.includes(`_${sought}`) ? 2 : -1;
}

export const toned = ({ emoji, hasTones }, tone) => (hasTones && tone ? emoji.replace(MODIFIER_BASE, `$1${tone}`) : emoji);

export function remember(emoji) {
  const recent = [emoji, ...emojiHabits().recent.filter((each) => each !== emoji)].slice(0, MAX_RECENT);
  store({ recent });
}

export function store(change) {
  try {
    localStorage.setItem(STORED.emoji, JSON.stringify({ ...emojiHabits(), ...change }));
  } catch {
    // The storage is full: the choice is not remembered.
  }
}
