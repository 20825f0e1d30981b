// Menus are <details> elements. Close one on Escape, and when the reader goes elsewhere.
const openMenus = () => document.querySelectorAll("details.menu[open]");

function closeOthers({ target }) {
  for (const menu of openMenus()) {
    if (!menu.contains(target)) menu.open = false;
  }
}

document.addEventListener("pointerdown", closeOthers);
document.addEventListener("focusin", closeOthers);
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && [...openMenus()].pop();
  if (!menu) return;
  event.preventDefault();
  menu.open = false;
  menu.querySelector("summary").focus();
});
