// Offers operators while one types a search, and lets "/" lead to it from anywhere but where one writes.
const BEGUN = /(?:^|\s)-?((?:(?:from|in|mentions):)?["“„«]?[^\s"“”„«»]{1,60})$/i;

class SearchBox extends Completion {
  connectedCallback() {
    this.follow(this.querySelector("input[type=search]"));
  }

  // The word before the caret, once it is an operator or has two letters; undefined for nothing.
  get begun() {
    const { selectionStart, selectionEnd, value } = this.box;
    const word = selectionStart === selectionEnd ? BEGUN.exec(value.slice(0, selectionStart))?.[1] : undefined;
    return word?.includes(":") || word?.length > 1 ? word : undefined;
  }

  // Enter searches for what is typed, unless the arrows have chosen something else.
  get first() {
    return -1;
  }

  take(option, begun) {
    this.replaceBegun(begun.length, `${option.dataset.value} `);
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

// What was said around a hit opens in its place, and closes again.
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

// What was not counted to its end, so that the page was there at once, is counted now.
for (const link of document.querySelectorAll("a.count-all")) {
  fetch(link.href, { headers: { "X-Requested-With": "fetch" }, redirect: "error" })
    .then(async (answer) => {
      if (!answer.ok) return;
      link.parentElement.querySelector(".count").textContent = await answer.text();
      link.remove();
    })
    .catch(() => undefined); // the link is still there
}
