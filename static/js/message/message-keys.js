// Moves through the messages by key, and acts on the focused one as its buttons do. Escape moves between the messages and
// the box below them; anything else that is typed outside of a field goes to the box.
import { SELECTORS } from "../contract.js";
import { focusOn, stepFrom } from "../shell/focus.js";
import { isInField, singleKey } from "../shell/single-key.js";

const LISTS = ".thread, .timeline, .message-list, main:has(.hit)";
const SHORTCUTS = "jkzre+?/"; // also those that do nothing at this message: an e must not become a message
const PAGE = 0.875; // of the height of the view, as browsers do
const STOPS = "article:not([hidden]), .hit, .turn a";

function move(from, step) {
  const list = from.closest(LISTS) ?? document.querySelector(LISTS);
  const current = from.closest("article, .hit, .turn a");
  if (list) focusOn(stepFrom([...list.querySelectorAll(STOPS)], current, current ? step : -1));
  return Boolean(list);
}

function press(event) {
  const key = singleKey(event);
  const { target } = event;
  if (!key) return false;
  if (key === "j" || key === "k") return move(target, key === "j" ? 1 : -1);
  const actions = document.querySelector("message-actions");
  if (key === "z") return Boolean(actions?.undoLast());
  const article = target.closest("article");
  if (key === "Enter" && target.matches("article, .hit")) return open(target);
  return Boolean(article && actions?.actByKey(article, key));
}

function open(message) {
  const link = message.querySelector("h3 > .at, h2 > a:has(time)");
  link?.click();
  return Boolean(link);
}

// Move from the messages to the box below them, or from the box to the newest message.
function switchFocus(target) {
  if (target.closest("details[open]")) {
    const details = target.closest("details[open]");
    details.open = false;
    details.querySelector("summary").focus();
    return true;
  }
  const area = areaOf(target);
  const box = area.querySelector(SELECTORS.messageBox);
  if (target !== box && target.matches("input, textarea, select")) return false;
  if (target !== box && box) box.focus();
  else focusOn([...area.querySelectorAll("article:not([hidden])")].at(-1) ?? area.querySelector(SELECTORS.entry));
  return true;
}

// Page through the messages above the box in which somebody writes, unless that is long enough to scroll.
function page({ key, target, shiftKey, ctrlKey, altKey }) {
  const step = { PageUp: -1, PageDown: 1 }[key];
  const scroller = areaOf(target).querySelector(".scroller");
  const isInBox = target.matches(SELECTORS.messageBox) && target.scrollHeight <= target.clientHeight;
  if (!step || !scroller || !isInBox || shiftKey || ctrlKey || altKey) return false;
  scroller.scrollBy({ top: step * PAGE * scroller.clientHeight });
  return true;
}

// Return whether a key types a character or pastes; the space bar scrolls.
function isTyping(event) {
  const isWithControl = event.ctrlKey || event.metaKey;
  if (event.getModifierState("AltGraph")) return true;
  if (isWithControl || event.altKey) return isWithControl && event.key === "v" && !event.altKey;
  return event.key === "Dead" || (event.key !== " " && [...event.key].length === 1);
}

// Move to the box when somebody types outside of a field and it is no shortcut: the browser then types it there.
function typeInBox(event) {
  const key = singleKey(event);
  if (event.defaultPrevented || !isTyping(event) || (key && SHORTCUTS.includes(key))) return;
  if (isInField(event.target) || document.querySelector("dialog[open]")) return;
  areaOf(event.target).querySelector(SELECTORS.messageBox)?.focus();
}

const areaOf = (target) => target.closest(SELECTORS.thread) ?? document.querySelector(SELECTORS.main);

document.addEventListener("keydown", (event) => {
  const isEscape = event.key === "Escape" && !event.defaultPrevented && event.target.isConnected;
  const isFree = isEscape && !document.querySelector("dialog[open], :popover-open") && !event.target.closest("article .editing");
  if (isFree ? switchFocus(event.target) : press(event) || page(event)) event.preventDefault();
  else typeInBox(event);
});
