// The message box: Up in an empty one edits the author's last message, a pause there shows a hint, and it grows with its text.
import { PAGE_EVENTS, SELECTORS } from "../contract.js";
import { onLive } from "../live/events.js";
import { addressOf } from "../shell/addresses.js";
import { isTouch } from "./send-key.js";

const HINT_DELAY_MS = 3000;

const growsByItself = CSS.supports("field-sizing", "content");

function attend(composer) {
  const box = composer.querySelector("textarea");
  box.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowUp" || box.value || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    const list = composer.closest(SELECTORS.thread) ?? document.querySelector(SELECTORS.timeline);
    const own = [...list.querySelectorAll(`article[data-sender="${composer.dataset.person}"]:not(.system)`)].at(-1);
    if (!own) return;
    event.preventDefault();
    if (document.querySelector("message-actions")) {
      document.dispatchEvent(new CustomEvent("edit-message", { detail: own }));
    } else {
      location.assign(addressOf("edit", own.id.slice(1)));
    }
  });
  if (!isTouch) {
    const hint = composer.querySelector(".hint");
    let timer;
    for (const kind of ["focus", "blur", "input"]) {
      box.addEventListener(kind, () => {
        clearTimeout(timer);
        hint.hidden = true;
        const show = () => { hint.hidden = Boolean(box.value); };
        if (kind !== "blur") timer = setTimeout(show, HINT_DELAY_MS);
      });
    }
  }
  if (!growsByItself) {
    const grow = () => {
      box.style.height = "auto";
      box.style.height = `${box.scrollHeight + 2}px`;
    };
    box.addEventListener("input", grow);
    composer.addEventListener("sent", grow);
    if (box.value) grow();
  }
}

document.querySelectorAll(SELECTORS.composer).forEach(attend);
onLive((name) => {
  const composer = name === PAGE_EVENTS.opened && document.querySelector(`${SELECTORS.thread} ${SELECTORS.composer}`);
  if (composer) attend(composer);
});
