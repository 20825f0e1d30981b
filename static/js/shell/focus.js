// Moves the focus.

// Focus an element that the Tab key does not reach, such as a message.
export function focusOn(element) {
  if (!element) return;
  if (!element.matches("a, button, input, textarea, summary")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}

// Return the element after (step 1) or before (-1) `element` in a list, stopping at the ends; the first or last if it is not there.
export function stepFrom(list, element, step) {
  const at = list.indexOf(element);
  if (at < 0) return list.at(step > 0 ? 0 : -1);
  return list[Math.min(Math.max(at + step, 0), list.length - 1)];
}
