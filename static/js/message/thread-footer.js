// The line below the first message of a thread: what its reader has read is not in the HTML of the message, which is the
// same for every reader.
import { SELECTORS } from "../contract.js";

// Mark the last reply as unread or not, for a reader who has read the thread up to `read`; nothing if they do not follow it.
export function showRead(last, read) {
  if (!last || !read) return;
  last.dataset.read = read;
  last.toggleAttribute("data-unread", Number(last.dataset.at) > Number(read));
}

// Whoever replies has read the thread; the author of the first message follows it from the first reply on.
export function keepRead(old, article) {
  const last = article.querySelector(".replies .last");
  if (!last) return;
  const { person } = document.querySelector(SELECTORS.main).dataset;
  const before = old.querySelector(".replies .last");
  const known = before ? before.dataset.read : article.dataset.sender === person && article.dataset.at;
  showRead(last, last.dataset.by === person ? last.dataset.at : known);
}
