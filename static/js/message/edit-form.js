// The form in which a message is edited. What is written there is kept in this browser until it is saved, or its writer
// lets go of it; and it stays when others change the message meanwhile, or delete it: then it can still be copied.
class EditForm extends HTMLElement {
  connectedCallback() {
    if (this.form) return; // it goes with its message
    this.form = this.closest("form");
    this.box = this.form.elements.content;
    this.name = `edit of ${this.dataset.message}`;
    this.box.value = kept.get(this.name) ?? this.box.value;
    this.form.addEventListener("input", () => kept.set(this.name, this.box.value));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    this.form.addEventListener("keydown", (event) => this.press(event));
  }

  press(event) {
    if (event.key === "Escape" && this.closest("article")) {
      event.preventDefault();
      this.close();
    } else if (sends(event)) {
      event.preventDefault();
      this.form.requestSubmit();
    }
  }

  async save() {
    const answer = await post(this.form.action, new FormData(this.form));
    if (answer.status === 200) this.show(answer.text);
    else if (answer.isElsewhere || (answer.status === 403 && !answer.isPlain)) this.complain(this.signedOut);
    else this.complain(errorsIn(answer) ?? this.told(answer.isPlain ? answer.text : this.dataset.failed));
  }

  // The message as it is now: here, or where it has its place.
  show(message) {
    if (!this.closest("article")) {
      kept.forget(this.name);
      return location.assign(this.dataset.place);
    }
    this.close();
    document.dispatchEvent(new CustomEvent("live", { detail: { name: "changed", data: message } }));
  }

  // In the article that has the form by now: word of the change may have come before its answer.
  close() {
    kept.forget(this.name);
    const article = this.closest("article");
    const isThere = article?.querySelector("h3");
    if (isThere) this.form.remove();
    else article?.remove();
    if (isThere && this.form.dataset.opener === "message") goTo(article);
    else document.querySelector("message-composer textarea")?.focus();
  }

  get signedOut() {
    return this.querySelector("template").content.firstElementChild.cloneNode(true);
  }

  told(words) {
    const list = this.signedOut;
    list.firstElementChild.textContent = words;
    return list;
  }

  complain(list) {
    this.form.querySelector(".errorlist")?.remove();
    this.form.prepend(list);
  }
}

function errorsIn({ text = "" }) {
  return document.createRange().createContextualFragment(text).querySelector(".errorlist");
}

globalThis.putEditForm = (article, form) => (article.querySelector(".body") ?? article.querySelector("h3"))?.after(form);

globalThis.replaceArticle = (old, article) => {
  const form = old.querySelector(".editing");
  const box = form?.contains(document.activeElement) && form.querySelector("textarea");
  const { selectionStart, selectionEnd } = box || {};
  const hadFocus = old.contains(document.activeElement) && !document.activeElement.closest(".tools, .editing");
  const at = hadFocus ? [...old.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement) : -1;
  keepOpen(old, article);
  old.replaceWith(article);
  if (form) putEditForm(article, form);
  if (hadFocus) goTo((at >= 0 && article.querySelectorAll(FOCUSABLE)[at]) || article);
  if (!box) return;
  box.focus();
  box.setSelectionRange(selectionStart, selectionEnd);
};

const FOCUSABLE = ":scope > :not(.tools) :is(a, button, summary)";

// Code that somebody has unfolded stays so.
function keepOpen(old, article) {
  const before = old.querySelectorAll("details");
  article.querySelectorAll("details").forEach((each, index) => (each.open ||= Boolean(before[index]?.open)));
}

globalThis.removeArticle = (article) => {
  const form = article.querySelector(".editing");
  if (form) return article.replaceChildren(form);
  const hadFocus = article.contains(document.activeElement);
  const all = hadFocus ? [...article.parentElement.querySelectorAll("article:not([hidden])")] : [];
  const next = all[all.indexOf(article) + 1] ?? all[all.indexOf(article) - 1];
  article.remove();
  if (hadFocus) goTo(next ?? document.querySelector("message-composer textarea"));
};

customElements.define("edit-form", EditForm);
