// Replaces and removes the articles of messages, and preserves their state: the focus, the selection, an edit form,
// unfolded code.
import { SELECTORS } from "../contract.js";
import { focusOn } from "../shell/focus.js";
import { keepRead } from "./thread-footer.js";

const FOCUSABLE = ":scope > :not(.tools) :is(a, button, summary)";

export function putEditForm(article, form) {
  (article.querySelector(SELECTORS.body) ?? article.querySelector("h3"))?.after(form);
}

export function replaceArticle(old, article) {
  const form = old.querySelector(SELECTORS.editing);
  const box = form?.contains(document.activeElement) && form.querySelector("textarea");
  const { selectionStart, selectionEnd } = box || {};
  const hadFocus = old.contains(document.activeElement) && !document.activeElement.closest(".tools, .editing");
  const at = hadFocus ? [...old.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement) : -1;
  copyOpenState(old, article);
  keepRead(old, article);
  old.replaceWith(article);
  if (form) putEditForm(article, form);
  if (hadFocus) focusOn((at >= 0 && article.querySelectorAll(FOCUSABLE)[at]) || article);
  if (!box) return;
  box.focus();
  box.setSelectionRange(selectionStart, selectionEnd);
}

// Code blocks that the reader has unfolded stay unfolded.
function copyOpenState(old, article) {
  const before = old.querySelectorAll("details");
  for (const [index, each] of article.querySelectorAll("details").entries()) each.open ||= Boolean(before[index]?.open);
}

export function removeArticle(article) {
  const form = article.querySelector(SELECTORS.editing);
  if (form) return article.replaceChildren(form);
  const hadFocus = article.contains(document.activeElement);
  const all = hadFocus ? [...article.parentElement.querySelectorAll("article:not([hidden])")] : [];
  const next = all[all.indexOf(article) + 1] ?? all[all.indexOf(article) - 1];
  article.remove();
  if (hadFocus) focusOn(next ?? document.querySelector(SELECTORS.messageBox));
}
