// The message box: Up in an empty one edits the author's last message, and it grows with its text.
import { SELECTORS } from "../contract.js";
import { addressOf } from "../shell/addresses.js";

const growsByItself = CSS.supports("field-sizing", "content");

for (const composer of document.querySelectorAll(SELECTORS.composer)) {
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
