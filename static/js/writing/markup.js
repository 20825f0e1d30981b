// Adds Markdown to text, or removes it where it is. Each function returns the text that replaces {start, end}, and what is
// selected then, as positions in the new text: {start, end, words, selection: [from, to]}.
const MARKS = { bold: "**", italic: "*", strikethrough: "~~", code: "\x60" };
const STARTS = { list: "- ", quote: "> ", numbers: "1. " };
const STARTED = { list: /^(\s*)[-*+] /, quote: /^(\s*)> ?/, numbers: /^(\s*)\d{1,9}[.)] / };
const ADDRESS = "https://";

export function formatted(kind, text, start, end) {
  if (kind in MARKS) return marked(MARKS[kind], text, start, end);
  if (kind in STARTS) return started(kind, text, start, end);
  return kind === "link" ? linked(text, start, end) : fenced(text, start, end);
}

// Marks stand right beside words, so blanks at the ends of the selection stay outside.
function marked(mark, text, from, to) {
  const selected = text.slice(from, to);
  const start = from + (selected.length - selected.trimStart().length) * Number(Boolean(selected.trim()));
  const end = Math.max(start, from + (selected.trimEnd().length || selected.length));
  const words = text.slice(start, end);
  const { length } = mark;
  const isMarked = (before, after) => before.endsWith(mark) && after.startsWith(mark) && !(mark === "*" && /(?:^|[^*])\*\*$/.test(before));
  if (isMarked(text.slice(0, start), text.slice(end))) {
    return { start: start - length, end: end + length, words, selection: [start - length, end - length] };
  }
  if (words.length > 2 * length && isMarked(words.slice(0, length), words.slice(-length))) {
    const bare = words.slice(length, -length);
    return { start, end, words: bare, selection: [start, start + bare.length] };
  }
  return { start, end, words: `${mark}${words}${mark}`, selection: [start + length, end + length] };
}

// Whole lines are items of a list, or quoted.
function started(kind, text, from, to) {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const after = text.indexOf("\n", to);
  const end = after < 0 ? text.length : after;
  const lines = text.slice(start, end).split("\n");
  const isStarted = lines.every((line) => STARTED[kind].test(line));
  const changed = lines.map((line, at) => {
    if (isStarted) return line.replace(STARTED[kind], "$1");
    const bare = kind === "quote" ? line : line.replace(STARTED.list, "$1").replace(STARTED.numbers, "$1");
    return (kind === "numbers" ? `${at + 1}. ` : STARTS[kind]) + bare;
  });
  const words = changed.join("\n");
  const isOneLine = lines.length === 1;
  return { start, end, words, selection: [isOneLine ? start + words.length : start, start + words.length] };
}

function linked(text, start, end) {
  const words = text.slice(start, end);
  const at = start + words.length + 3;
  const selection = words ? [at, at + ADDRESS.length] : [start + 1, start + 1];
  return { start, end, words: `[${words}](${ADDRESS})`, selection };
}

function fenced(text, start, end) {
  const before = start && text[start - 1] !== "\n" ? "\n" : "";
  const after = end < text.length && text[end] !== "\n" ? "\n" : "";
  const opening = `${before}\x60\x60\x60\n`;
  const words = `${opening}${text.slice(start, end)}\n\x60\x60\x60${after}`;
  return { start, end, words, selection: [start + opening.length, end + opening.length] };
}
