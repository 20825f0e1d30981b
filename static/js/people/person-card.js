// The card of a person beside a link to them. The browser closes it on Escape and on a click elsewhere.
import { SCRIPT_HEADERS } from "../contract.js";
import { fragment } from "../shell/fragment.js";

const MARGIN_PIXELS = 8;
const card = document.createElement("div");
card.className = "person-card-popup";
card.popover = "auto";
card.setAttribute("role", "dialog");
let opener;

// Show the card of the person to whom a link leads; throws if it can't be loaded.
export async function showCard(link) {
  const answer = await fetch(`${link.href}card/`, { headers: SCRIPT_HEADERS, redirect: "error" });
  if (!answer.ok) throw new Error(answer.status);
  card.replaceChildren(fragment(await answer.text()));
  card.setAttribute("aria-label", card.querySelector("b").textContent);
  for (const field of card.querySelectorAll("[name=csrfmiddlewaretoken]")) {
    field.value = document.querySelector("[name=csrfmiddlewaretoken]").value;
  }
  document.body.append(card);
  opener = link;
  card.showPopover();
  placeBy(link);
  card.querySelector("a, button").focus();
}

// Below the link if there is room, else above it, and within the window.
function placeBy(link) {
  const { left, right, top, bottom } = link.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = card;
  const isBelow = bottom + height + MARGIN_PIXELS <= innerHeight || top < height;
  const start = getComputedStyle(link).direction === "rtl" ? right - width : left;
  card.style.left = `${Math.max(MARGIN_PIXELS, Math.min(start, innerWidth - width - MARGIN_PIXELS))}px`;
  card.style.top = `${Math.max(MARGIN_PIXELS, Math.min(isBelow ? bottom + 4 : top - height - 4, innerHeight - height - MARGIN_PIXELS))}px`;
}

card.addEventListener("toggle", ({ newState }) => {
  if (newState === "closed" && (document.activeElement === document.body || card.contains(document.activeElement))) opener?.focus();
});
