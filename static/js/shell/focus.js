// Moves the focus by script.

// Focus an element that the Tab key does not reach, such as a message.
export function focusOn(element) {
  if (!element) return;
  if (!element.matches("a, button, input, textarea, summary")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}

// Give the element after (step 1) or before (-1) another in a list, stopping at the ends; without one, the first or last.
export function stepFrom(list, element, step) {
  const at = list.indexOf(element);
  if (at < 0) return list.at(step > 0 ? 0 : -1);
  return list[Math.min(Math.max(at + step, 0), list.length - 1)];
}
