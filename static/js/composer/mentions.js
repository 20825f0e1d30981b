// Finds the names of people in the text of a message, as conversations/text/mentions.py does on the server.
const TYPED = /(?:^|[^\w@./+-])@([\w.-]{0,50})$/;
const NAMES = /(?<![\w@./+-])@[a-z0-9][\w.-]*/gi;
const CODE = /```[^]*?(?:```|$)|`[^`\n]*`/g;
const MAX_CHARACTERS = 1000;

// The name right before the caret, without its @; undefined if there is none, or if text is selected.
export function typedName(text, start, end) {
  return start === end ? TYPED.exec(text.slice(0, start))?.[1] : undefined;
}

// The names that a text mentions, each once, in one line: "@ana @ben".
export function mentionedNames(text) {
  const found = text.replace(CODE, " ").match(NAMES) ?? [];
  return [...new Set(found.map((name) => name.toLowerCase()))].sort().join(" ").slice(0, MAX_CHARACTERS);
}
