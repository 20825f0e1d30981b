// Shortcuts on every page. Single keys do something only for people who turned them on, and never while they type.
const TEXT_FIELDS = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

// Give the key that was pressed alone, where it may be a shortcut; else an empty string.
globalThis.singleKey = (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return "";
  if (!document.querySelector("key-sheet[data-single]") || document.querySelector("dialog[open]")) return "";
  return event.target.closest(TEXT_FIELDS) ? "" : event.key;
};

// Focus an element that the Tab key does not reach, such as a message.
globalThis.focusOn = (element) => {
  if (!element) return;
  if (!element.matches("a, button, input, textarea, summary")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
};

// Give the element after (step 1) or before (-1) another in a list, stopping at the ends; without one, the first or last.
globalThis.stepFrom = (list, element, step) => {
  const at = list.indexOf(element);
  if (at < 0) return list.at(step > 0 ? 0 : -1);
  return list[Math.min(Math.max(at + step, 0), list.length - 1)];
};

// Alt with an arrow key opens the conversation above or below in the inbox, with Shift the next unread one.
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]") || event.target.matches("select")) return;
  const entries = [...document.querySelectorAll("live-inbox [data-entry]")];
  const current = entries.find((each) => each.matches("[aria-current=page], :focus")) ?? null;
  event.preventDefault();
  const next = event.shiftKey ? nextUnread(entries, current, step) : stepFrom(entries, current, step);
  if (next && next !== current) location.assign(next.href);
  else if (event.shiftKey) location.assign(document.querySelector("key-sheet").dataset.unread); // the page of all unread conversations
});

function nextUnread(entries, current, step) {
  const inOrder = step > 0 ? entries : [...entries].reverse();
  const at = inOrder.indexOf(current) + 1;
  return [...inOrder.slice(at), ...inOrder.slice(0, Math.max(at - 1, 0))].find((each) => "unread" in each.dataset);
}
