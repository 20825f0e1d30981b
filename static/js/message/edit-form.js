// The form that edits a message. Its words are stored in this browser until they are saved or the form is closed. The form
// stays when others change the message meanwhile, or delete it, so that the words can still be copied.
class EditForm extends HTMLElement {
  connectedCallback() {
    if (this.form) return; // moved along with its message
    this.form = this.closest("form");
    this.box = this.form.elements.content;
    this.name = `edit of ${this.dataset.message}`;
    this.box.value = unsentStore.get(this.name) ?? this.box.value;
    this.form.addEventListener("input", () => unsentStore.set(this.name, this.box.value));
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
    } else if (isSendKey(event)) {
      event.preventDefault();
      this.form.requestSubmit();
    }
  }

  async save() {
    const answer = await post(this.form.action, new FormData(this.form));
    if (answer.status === 200) this.show(answer.text);
    else if (answer.isRedirect || (answer.status === 403 && !answer.isPlain)) this.showErrors(this.signedOut);
    else this.showErrors(errorsIn(answer) ?? this.errorList(answer.isPlain ? answer.text : this.dataset.failed));
  }

  // Show the saved message: in this article, or from the page for editing, in its conversation.
  show(message) {
    if (!this.closest("article")) {
      unsentStore.remove(this.name);
      return location.assign(this.dataset.address);
    }
    this.close();
    document.dispatchEvent(new CustomEvent("live", { detail: { name: "changed", data: message } }));
  }

  // The form may be in another article by now: the event of the change may have come before the answer.
  close() {
    unsentStore.remove(this.name);
    const article = this.closest("article");
    const isShown = article?.querySelector("h3");
    if (isShown) this.form.remove();
    else article?.remove();
    if (isShown && this.form.dataset.opener === "message") focusOn(article);
    else document.querySelector("message-composer textarea")?.focus();
  }

  get signedOut() {
    return this.querySelector("template").content.firstElementChild.cloneNode(true);
  }

  errorList(words) {
    const list = this.signedOut;
    list.firstElementChild.textContent = words;
    return list;
  }

  showErrors(list) {
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
  copyOpenState(old, article);
  old.replaceWith(article);
  if (form) putEditForm(article, form);
  if (hadFocus) focusOn((at >= 0 && article.querySelectorAll(FOCUSABLE)[at]) || article);
  if (!box) return;
  box.focus();
  box.setSelectionRange(selectionStart, selectionEnd);
};

const FOCUSABLE = ":scope > :not(.tools) :is(a, button, summary)";

// Code blocks that the reader has unfolded stay unfolded.
function copyOpenState(old, article) {
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
  if (hadFocus) focusOn(next ?? document.querySelector("message-composer textarea"));
};

customElements.define("edit-form", EditForm);
