// Finds the names of people in the text of a message, as conversations/text/mentions.py does on the server.
const LETTER = "[\\p{Script=Latin}\\p{M}0-9\uff10-\uff19]";
const NAME = `(?<!${LETTER}|[_@＠])[@＠]`;
const TYPED = new RegExp(`${NAME}((?:${LETTER}|[._-]){0,50})$`, "u");
const NAMES = new RegExp(`${NAME}(${LETTER}(?:${LETTER}|[._-])*)`, "gu");
// Right before an @: "a.example/@ana" is an address, "@ana/@ben" and ".@ana" are not.
const MARK = /\S*[./+-]$/;
const ADDRESS = /:\/\/|[\p{L}\p{N}_@]\.[\p{L}\p{N}_]/u;
const CODE = /\x60{3}[^]*?(?:\x60{3}|$)|\x60[^\x60\n]*\x60/g;
const MAX_CHARACTERS = 1000;

// The name right before the caret, without its @; undefined where there is none, or where text is selected.
export function typedName(text, start, end) {
  const match = start === end && TYPED.exec(text.slice(0, start));
  return match && isApart(text, 0, match.index) ? match[1] : undefined;
}

// The names that a text mentions, each once, in a line: "@ana @ben".
export function mentionedNames(text) {
  const names = new Set();
  const words = text.replace(CODE, " ");
  let end = 0;
  for (const match of words.matchAll(NAMES)) {
    if (!isApart(words, end, match.index)) continue;
    names.add(`@${match[1].toLowerCase()}`);
    end = match.index + match[0].length;
  }
  return [...names].sort().join(" ").slice(0, MAX_CHARACTERS);
}

// Whether an @ at this index is not within an address; `start` is the end of the mention before it.
function isApart(text, start, index) {
  const before = MARK.exec(text.slice(start, index));
  return !before || !ADDRESS.test(before[0]);
}
