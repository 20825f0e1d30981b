// Alt with an arrow key opens the conversation above or below in the inbox, with Shift the next unread one.
import { SELECTORS } from "../contract.js";
import { stepFrom } from "./focus.js";

document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]") || event.target.matches("select")) return;
  const entries = [...document.querySelectorAll(`live-inbox ${SELECTORS.entry}`)];
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
