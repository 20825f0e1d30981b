// Continues lists and quotes on a new line.
const ITEM = /^(?<indent>[ \t]*(?:> ?)*)(?<marker>[-*+]|\d{1,9}[.)])(?<space>[ \t]+)(?<task>\[[ xX]\][ \t]+)?(?<words>.*)$/;
const QUOTE = /^(?<indent>[ \t]*(?:> ?)+)(?<words>.*)$/;

// What a new line at the caret changes, {start, end, words}; undefined where it begins neither an item nor a quoted line.
export function newLine(text, caret) {
  const start = text.lastIndexOf("\n", caret - 1) + 1;
  const line = text.slice(start, caret);
  const found = (ITEM.exec(line) ?? QUOTE.exec(line))?.groups;
  if (!found) return undefined;
  const isEmpty = !found.words.trim() && !text.slice(caret).split("\n")[0].trim();
  if (isEmpty) return { start, end: caret, words: "" }; // an empty item ends the list
  return { start: caret, end: caret, words: `\n${found.indent}${beginning(found)}` };
}

function beginning({ marker = "", space = "", task }) {
  const next = /^\d/.test(marker) ? `${parseInt(marker, 10) + 1}${marker.at(-1)}` : marker;
  return `${next}${space}${task ? "[ ] " : ""}`;
}
