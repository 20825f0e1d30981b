// A button at each piece of code that copies it as it was written, also at those that arrive later; none without TLS.
const main = document.getElementById("main");
const made = document.querySelector("template.copy");

function addButtons() {
  for (const code of main.querySelectorAll(".body pre.code:not(:has(+ .copy-code))")) {
    const button = made.content.firstElementChild.cloneNode(true);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = button.dataset.copied;
    });
    code.after(button);
  }
}

if (navigator.clipboard && made) {
  addButtons();
  new MutationObserver(addButtons).observe(main, { childList: true, subtree: true });
}
