// Adds a button that copies the source to the corner of each code block, also to later ones.
const COPIED_MS = 2000;
const template = document.querySelector("template.copy");

function addButtons() {
  for (const code of document.querySelectorAll(".body pre.code:not(.copy-code + pre)")) {
    const button = template.content.firstElementChild.cloneNode(true);
    button.addEventListener("click", () => copy(button, code.textContent));
    code.before(button);
  }
}

async function copy(button, words) {
  await navigator.clipboard.writeText(words);
  show(button, true);
  setTimeout(() => show(button, false), COPIED_MS);
}

function show(button, isCopied) {
  button.classList.toggle("copied", isCopied);
  button.querySelector(".unseen").textContent = isCopied ? button.dataset.copied : button.dataset.copy;
}

addButtons();
new MutationObserver(addButtons).observe(document.body, { childList: true, subtree: true });
