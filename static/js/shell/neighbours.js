// The conversations above and below in the sidebar. Loaded when somebody first goes from one to the next by key.
import { SELECTORS } from "../contract.js";
import { stepFrom } from "./focus.js";

export function openNeighbour(step, isUnread) {
  const entries = [...document.querySelectorAll(`${SELECTORS.sidebar} ${SELECTORS.entry}`)];
  const current = entries.find((each) => each.matches("[aria-current=page], :focus")) ?? null;
  const next = isUnread ? nextUnread(entries, current, step) : stepFrom(entries, current, step);
  if (next && next !== current) location.assign(next.href);
  else if (isUnread) location.assign(document.querySelector("key-sheet").dataset.unread); // the page of all unread conversations
}

function nextUnread(entries, current, step) {
  const inOrder = step > 0 ? entries : [...entries].reverse();
  const at = inOrder.indexOf(current) + 1;
  return [...inOrder.slice(at), ...inOrder.slice(0, Math.max(at - 1, 0))].find((each) => "unread" in each.dataset);
}
