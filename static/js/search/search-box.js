// Suggests operators while someone types on the page of the search.
import { SCRIPT_HEADERS } from "../contract.js";
import { Completion } from "../shell/completion.js";
import { fragment } from "../shell/fragment.js";
import { typedWord } from "./typed-word.js";

const REQUEST = { headers: SCRIPT_HEADERS, redirect: "error" };

class SearchBox extends Completion {
  connectedCallback() {
    this.attachTo(this.querySelector("input[type=search]"));
  }

  get typed() {
    return typedWord(this.box.value, this.box.selectionStart, this.box.selectionEnd);
  }

  // Enter searches for the typed words, unless the arrow keys have selected a suggestion.
  get initialIndex() {
    return -1;
  }

  insert(option, typed) {
    this.replaceTyped(typed.length, `${option.dataset.value} `);
  }
}

customElements.define("search-box", SearchBox);

// The messages around a hit open and close in place.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a.around");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const hit = link.closest(".hit");
  const open = hit.querySelector(".around-lines");
  link.setAttribute("aria-expanded", String(!open));
  if (open) return open.remove();
  const answer = await fetch(link.href, REQUEST).catch(() => undefined);
  if (!answer?.ok) return location.assign(link.href);
  hit.append(fragment((await answer.text()).trim()));
});

// Load the full count of hits, which the server cut short to answer quickly.
async function countAll(link) {
  const answer = await fetch(link.href, REQUEST).catch(() => undefined);
  if (!answer?.ok) return; // the link that counts them remains
  link.parentElement.querySelector(".count").textContent = await answer.text();
  link.remove();
}

for (const link of document.querySelectorAll("a.count-all")) countAll(link);
