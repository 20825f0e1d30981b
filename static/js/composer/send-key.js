// Tells whether a key sends what was written: Enter, unless its writer wants new lines of it, or Ctrl+Enter.
const isTouch = matchMedia("(pointer: coarse)").matches; // where Enter is the only way to a new line

globalThis.sends = (event) => {
  if (event.key !== "Enter" || event.isComposing || event.defaultPrevented) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return !event.shiftKey && !isTouch && Boolean(document.querySelector("message-composer[data-enter-sends]"));
};
