// Ctrl+K, "/" and links with data-quick-switcher open the dialog to search or jump. Its results load on first use. On the
// page of the search, "/" moves to its box.
import { singleKey } from "../shell/single-key.js";

async function open(event) {
  event.preventDefault();
  const switcher = document.querySelector("quick-switcher");
  const dialog = switcher.querySelector("dialog");
  if (!dialog.open) dialog.showModal(); // at once: what is typed until the results load is kept
  dialog.querySelector("input").select();
  await import("./quick-switcher.js");
  switcher.show();
}

function search(event) {
  const box = document.querySelector("#main search-box input[type=search]");
  if (!box) return open(event);
  event.preventDefault();
  box.select();
}

document.addEventListener("keydown", (event) => {
  const isShortcut = event.key === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
  if (isShortcut) open(event);
  else if (singleKey(event) === "/") search(event);
});
document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("[data-quick-switcher]")) open(event);
});
