// A message that continues its sender's previous one does not repeat the name. continues_previous() in
// conversations/fragments/timeline.py applies the same rule to the messages of a page; later ones arrive one by one.
import { MAX_GROUPING_PAUSE_SECONDS, SELECTORS } from "../contract.js";

function continuesPrevious(article) {
  const before = article.previousElementSibling;
  if (!before?.matches("article:not(.system)") || !before.querySelector("h3")) return false;
  if (article.matches(".system") || article.querySelector(namesAnother(article))) return false;
  const isSame = article.dataset.sender && article.dataset.sender === before.dataset.sender;
  return Boolean(isSame) && article.dataset.at - before.dataset.at < MAX_GROUPING_PAUSE_SECONDS;
}

// In its thread, a reply to the first message names no other message.
const namesAnother = (article) => `.replied-to${article.closest(SELECTORS.thread) ? ":not(.of-thread)" : ""}`;

export function regroup(...elements) {
  for (const element of elements) {
    if (element?.matches("article")) element.classList.toggle("continues", continuesPrevious(element));
  }
}
