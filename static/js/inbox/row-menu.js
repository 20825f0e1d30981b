// The menu of a conversation in the sidebar, which its page contains as well. Loaded when a menu is first opened.
import { SCRIPT_HEADERS } from "../contract.js";
import { fragment } from "../shell/fragment.js";

const MARGIN = 8;
let opened;

function close() {
  opened?.menu.remove();
  opened = undefined;
}

function step(by) {
  const items = [...opened.menu.querySelectorAll("button")];
  items.at((items.indexOf(document.activeElement) + by) % items.length).focus();
}

document.addEventListener("pointerdown", ({ target }) => {
  if (opened && !opened.menu.contains(target)) close();
});
document.addEventListener("keydown", (event) => {
  if (!opened) return;
  if (event.key === "ArrowDown") step(1);
  else if (event.key === "ArrowUp") step(-1);
  else if (event.key === "Escape") {
    opened.entry.focus();
    close();
  } else return;
  event.preventDefault();
}, { capture: true });

export async function openRowMenu(link, { clientX, clientY }) {
  close();
  const answer = await fetch(link.href, { headers: SCRIPT_HEADERS, redirect: "error" }).catch(() => undefined);
  if (!answer?.ok) return location.assign(link.href);
  const menu = document.createElement("div");
  menu.className = "menu row-menu-opened";
  menu.append(fragment(await answer.text()));
  document.body.append(menu);
  opened = { menu, entry: link.previousElementSibling };
  const { width, height } = menu.getBoundingClientRect();
  const { left, bottom } = link.getBoundingClientRect();
  menu.style.left = `${Math.max(Math.min(clientX || left, innerWidth - width - MARGIN), MARGIN)}px`;
  menu.style.top = `${Math.max(Math.min(clientY || bottom, innerHeight - height - MARGIN), MARGIN)}px`;
  menu.querySelector("button").focus();
}
