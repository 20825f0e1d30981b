// Walks the messages by key, and does with the one that has the focus what its buttons do. Escape changes between the
// messages and the box below them.
const LISTS = ".thread, .timeline, .listed, main:has(.hit)";
const WALKED = "article:not([hidden]), .hit, .turn a";

function walk(from, step) {
  const list = from.closest(LISTS) ?? document.querySelector(LISTS);
  const here = from.closest("article, .hit, .turn a");
  if (list) goTo(stepFrom([...list.querySelectorAll(WALKED)], here, here ? step : -1));
  return Boolean(list);
}

function press(event) {
  const key = singleKey(event);
  const { target } = event;
  if (!key || target.closest(".picker")) return false;
  if (key === "j" || key === "k") return walk(target, key === "j" ? 1 : -1);
  const actions = document.querySelector("message-actions");
  if (key === "z") return Boolean(actions?.takeBack());
  const article = target.closest("article");
  if (key === "Enter" && target.matches("article, .hit")) return open(target);
  return Boolean(article && actions?.byKey(article, key));
}

function open(message) {
  const link = message.querySelector("h3 > a, h2 > a:has(time)");
  link?.click();
  return Boolean(link);
}

// To the box of the messages that have the focus, or from that box to the newest of them.
function change(target) {
  if (target.closest("details[open]")) {
    const details = target.closest("details[open]");
    details.open = false;
    details.querySelector("summary").focus();
    return true;
  }
  const place = target.closest(".thread") ?? document.querySelector("main");
  const box = place.querySelector("message-composer textarea");
  if (target !== box && target.matches("input, textarea, select")) return false;
  if (target !== box && box) box.focus();
  else goTo([...place.querySelectorAll("article:not([hidden])")].at(-1) ?? place.querySelector("[data-entry]"));
  return true;
}

document.addEventListener("keydown", (event) => {
  const isEscape = event.key === "Escape" && !event.defaultPrevented && !event.isComposing && event.target.isConnected;
  const isFree = isEscape && !document.querySelector("dialog[open]") && !event.target.closest("article .editing");
  if (isFree ? change(event.target) : press(event)) event.preventDefault();
});
