// The buttons in a message box: formatting, emoji and mentions.
import { pickEmoji } from "../emoji/pick.js";
import { replaceText } from "../writing/replacing.js";
import { loadWriting } from "./first-use.js";

const ACTIONS = {
  async format({ form }, button) {
    await loadWriting();
    button.setAttribute("aria-expanded", form.querySelector("format-bar").toggle());
  },

  async emoji(box, button) {
    const { selectionStart, selectionEnd } = box; // closing the picker moves the caret
    const emoji = await pickEmoji(button);
    box.focus();
    if (emoji) replaceText(box, selectionStart, selectionEnd, emoji);
    else box.setSelectionRange(selectionStart, selectionEnd);
  },

  async mention(box) {
    await loadWriting();
    const isApart = /(?:^|\s)$/.test(box.value.slice(0, box.selectionStart));
    insert(box, isApart ? "@" : " @");
  },
};

const insert = (box, words) => replaceText(box, box.selectionStart, box.selectionEnd, words);

export function addButtons(composer) {
  const tools = composer.querySelector(".box-tools");
  const box = composer.querySelector("textarea");
  tools.querySelector("button").after(composer.querySelector("template.box-buttons").content.cloneNode(true)); // after that for files
  composer.querySelector(".box").addEventListener("mousedown", (event) => {
    if (event.target.closest(".box-tools") && !event.target.closest("select, input, label")) event.preventDefault(); // the box keeps the focus
  });
  openWhileUsed(composer.querySelector(".box"), box);
  tools.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-tool]");
    if (button) ACTIONS[button.dataset.tool](box, button).catch(() => {}); // offline: the button does nothing
  });
}

// On a phone, the box is open from when somebody writes in it until they leave it. It closes after the click that leaves
// it: what is clicked would move away while the mouse button is down.
function openWhileUsed(frame, box) {
  let isHeld = false;
  const close = () => setTimeout(() => frame.contains(document.activeElement) || frame.classList.remove("open"));
  box.addEventListener("focus", () => frame.classList.add("open"));
  for (const name of ["pointerdown", "pointerup", "pointercancel"]) {
    addEventListener(name, () => {
      isHeld = name === "pointerdown";
      if (!isHeld) close();
    }, { capture: true });
  }
  frame.addEventListener("focusout", () => isHeld || close());
}
