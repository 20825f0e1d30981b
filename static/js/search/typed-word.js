// Finds the part of a search that suggestions complete.
const TYPED = /(?:^|\s)-?((?:(?:from|in|mentions):)?["“„«]?[^\s"“”„«»]{1,60})$/i;

// The word before the caret if it is an operator or has two letters; else undefined, also if text is selected.
export function typedWord(text, start, end) {
  const word = start === end ? TYPED.exec(text.slice(0, start))?.[1] : undefined;
  return word?.includes(":") || word?.length > 1 ? word : undefined;
}
