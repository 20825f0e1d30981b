// What goes on from its sender's words just before shows no name again. The server decides likewise for what a page begins
// with, by goes_on() in conversations/fragments.py; what arrives later does not know its neighbours.
const ONE_GO = 300; // seconds

function goesOn(article) {
  const before = article.previousElementSibling;
  if (!before?.matches("article:not(.system)") || !before.querySelector("h3")) return false;
  if (article.matches(".system") || article.querySelector(".answered")) return false;
  const isSame = article.dataset.sender && article.dataset.sender === before.dataset.sender;
  return Boolean(isSame) && article.dataset.at - before.dataset.at < ONE_GO;
}

globalThis.regroup = (...elements) => {
  for (const element of elements) {
    if (element?.matches("article")) element.classList.toggle("continues", goesOn(element));
  }
};
