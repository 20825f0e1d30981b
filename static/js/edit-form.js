// The form in which a message is edited in place. What is written there stays when others change the message meanwhile, or
// delete it: then it can still be copied.
globalThis.putEditForm = (article, form) => (article.querySelector(".body") ?? article.querySelector("h3"))?.after(form);

globalThis.replaceArticle = (old, article) => {
  const form = old.querySelector(".editing");
  const box = form?.contains(document.activeElement) && form.querySelector("textarea");
  const { selectionStart, selectionEnd } = box || {};
  old.replaceWith(article);
  if (form) putEditForm(article, form);
  if (!box) return;
  box.focus();
  box.setSelectionRange(selectionStart, selectionEnd);
};

globalThis.removeArticle = (article) => {
  const form = article.querySelector(".editing");
  if (form) article.replaceChildren(form);
  else article.remove();
};
