// Suggests operators while someone types a search; "/" moves to the search box from anywhere but a text field.
const TYPED = /(?:^|\s)-?((?:(?:from|in|mentions):)?["“„«]?[^\s"“”„«»]{1,60})$/i;

class SearchBox extends Completion {
  connectedCallback() {
    this.attachTo(this.querySelector("input[type=search]"));
  }

  // The word before the caret, once it is an operator or has two letters; else undefined.
  get typed() {
    const { selectionStart, selectionEnd, value } = this.box;
    const word = selectionStart === selectionEnd ? TYPED.exec(value.slice(0, selectionStart))?.[1] : undefined;
    return word?.includes(":") || word?.length > 1 ? word : undefined;
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

document.addEventListener("keydown", (event) => {
  if (singleKey(event) !== "/") return;
  const box = [...document.querySelectorAll("search-box input[type=search]")].find((each) => each.checkVisibility());
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// The messages around a hit open and close in place.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a.around");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const hit = link.closest(".hit");
  const open = hit.querySelector(".around-lines");
  link.setAttribute("aria-expanded", String(!open));
  if (open) return open.remove();
  const answer = await fetch(link.href, { headers: { "X-Requested-With": "fetch" }, redirect: "error" }).catch(() => undefined);
  if (!answer?.ok) return location.assign(link.href);
  hit.append(document.createRange().createContextualFragment((await answer.text()).trim()));
});

// Complete the count of hits, which the server cut short to answer quickly.
for (const link of document.querySelectorAll("a.count-all")) {
  fetch(link.href, { headers: { "X-Requested-With": "fetch" }, redirect: "error" })
    .then(async (answer) => {
      if (!answer.ok) return;
      link.parentElement.querySelector(".count").textContent = await answer.text();
      link.remove();
    })
    .catch(() => undefined); // the link that counts them remains
}
