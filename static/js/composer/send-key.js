// Decides whether a key sends the message: Ctrl+Enter always does, Enter unless the author's profile says otherwise, or the
// author is writing a code block.
import { isInOpenFence } from "./code-fence.js";

export const isTouch = matchMedia("(pointer: coarse)").matches; // where Enter is the only way to begin a new line

export function isSendKey({ key, target, shiftKey, ctrlKey, metaKey, defaultPrevented }) {
  if (key !== "Enter" || defaultPrevented) return false;
  if (ctrlKey || metaKey) return true;
  if (shiftKey || isTouch || !document.querySelector("message-composer[data-enter-sends]")) return false;
  return !isInOpenFence((target.value ?? "").slice(0, target.selectionStart));
}
