// Adds a button that copies the source to each code block, also to later ones; without TLS it adds none.
import { SELECTORS } from "../contract.js";

const main = document.querySelector(SELECTORS.main);
const template = document.querySelector("template.copy");

function addButtons() {
  for (const code of main.querySelectorAll(".body pre.code:not(:has(+ .copy-code))")) {
    const button = template.content.firstElementChild.cloneNode(true);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = button.dataset.copied;
    });
    code.after(button);
  }
}

if (navigator.clipboard && template) {
  addButtons();
  new MutationObserver(addButtons).observe(main, { childList: true, subtree: true });
}
