// Single-key shortcuts work only for people who turned them on, and never while they type.
const TEXT_FIELDS = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

export const isInField = (element) => Boolean(element.closest(TEXT_FIELDS));

// Return the key if it was pressed alone and may be a shortcut; else an empty string.
export function singleKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return "";
  if (!document.querySelector("key-sheet[data-single]") || document.querySelector("dialog[open]")) return "";
  return isInField(event.target) ? "" : event.key;
}
