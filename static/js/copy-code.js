// A button at each piece of code that copies it as it was written, also at those that arrive later; none without TLS.
const main = document.getElementById("main");

function addButtons() {
  for (const code of main.querySelectorAll(".body pre.code:not(:has(+ .copy-code))")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy-code link";
    button.textContent = main.dataset.copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = main.dataset.copied;
    });
    code.after(button);
  }
}

if (navigator.clipboard && main.dataset.copy) {
  addButtons();
  new MutationObserver(addButtons).observe(main, { childList: true, subtree: true });
}
