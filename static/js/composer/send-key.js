// Decides whether a key sends the message: Ctrl+Enter always does, Enter unless the author's profile says otherwise.
export const isTouch = matchMedia("(pointer: coarse)").matches; // where Enter is the only way to begin a new line

export function isSendKey(event) {
  if (event.key !== "Enter" || event.isComposing || event.defaultPrevented) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return !event.shiftKey && !isTouch && Boolean(document.querySelector("message-composer[data-enter-sends]"));
}
