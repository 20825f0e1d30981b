// Changes the text of a box like a keyboard does: Ctrl+Z undoes it, and listeners hear of it.
export function replaceText(box, start, end, words) {
  box.focus();
  box.setSelectionRange(start, end);
  const command = words ? "insertText" : "delete";
  if (start === end && !words) return;
  if (document.execCommand(command, false, words)) return;
  box.setRangeText(words, start, end, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
