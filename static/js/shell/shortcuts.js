// What keys mean anywhere. Single keys do something only where somebody wants that, and never while they write.
const WRITES = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

// The key that was pressed alone, where it may be a shortcut; else nothing.
globalThis.singleKey = (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return "";
  if (!document.querySelector("key-sheet[data-single]") || document.querySelector("dialog[open]")) return "";
  return event.target.closest(WRITES) ? "" : event.key;
};

// Give the focus to something that is not in the order of Tab, as a message.
globalThis.goTo = (element) => {
  if (!element) return;
  if (!element.matches("a, button, input, textarea, summary")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
};

// The one after (1) or before (-1) a place in a list, and at an end that end; from outside the first, or the last.
globalThis.stepFrom = (list, one, step) => {
  const at = list.indexOf(one);
  if (at < 0) return list.at(step > 0 ? 0 : -1);
  return list[Math.min(Math.max(at + step, 0), list.length - 1)];
};

// Alt with an arrow leads to the conversation above or below in the inbox, with Shift to the next one that is unread.
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]") || event.target.matches("select")) return;
  const entries = [...document.querySelectorAll("live-inbox [data-entry]")];
  const here = entries.find((each) => each.matches("[aria-current=page], :focus")) ?? null;
  event.preventDefault();
  const next = event.shiftKey ? nextUnread(entries, here, step) : stepFrom(entries, here, step);
  if (next && next !== here) location.assign(next.href);
  else if (event.shiftKey) location.assign(document.querySelector("key-sheet").dataset.unread); // where all of it is
});

function nextUnread(entries, here, step) {
  const inOrder = step > 0 ? entries : [...entries].reverse();
  const at = inOrder.indexOf(here) + 1;
  return [...inOrder.slice(at), ...inOrder.slice(0, Math.max(at - 1, 0))].find((each) => "unread" in each.dataset);
}
