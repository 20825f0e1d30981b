// The form that edits a message. Its text is stored in this browser until it is saved or the form is closed. The form
// stays open when others change or delete the message, so that the text can still be copied.
import { PAGE_EVENTS, SELECTORS, STORED } from "../contract.js";
import { announce } from "../live/events.js";
import { isSendKey } from "../composer/send-key.js";
import { unsentStore } from "../offline/unsent-store.js";
import { focusOn } from "../shell/focus.js";
import { fragment } from "../shell/fragment.js";
import { isSignedOut, post } from "../shell/post.js";

const UPLOAD_TIMEOUT_MS = 600_000;

class EditForm extends HTMLElement {
  connectedCallback() {
    if (this.form) return; // moved together with its message
    this.form = this.closest("form");
    this.box = this.form.elements.content;
    this.name = STORED.edit + this.dataset.message;
    const unsent = unsentStore.get(this.name);
    if (unsent) this.box.value = unsent; // a value that is set would be restored on Back, instead of the text of today
    this.form.addEventListener("input", () => unsentStore.set(this.name, this.box.value));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    this.form.addEventListener("keydown", (event) => this.press(event));
    this.form.querySelector(".cancel").addEventListener("click", (event) => {
      if (this.closest("article")) event.preventDefault();
      this.close();
    });
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
    const options = this.form.elements.files.files.length ? { signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS) } : {};
    const answer = await post(this.form.action, new FormData(this.form), options);
    if (answer.status === 200) this.show(answer.text);
    else if (isSignedOut(answer)) this.showErrors(this.signedOut);
    else this.showErrors(errorsIn(answer) ?? this.errorList(answer.isPlain ? answer.text : this.dataset.failed));
  }

  // Show the saved message: in this article or, on the edit page, in its conversation.
  show(message) {
    if (!this.closest("article")) {
      unsentStore.remove(this.name);
      return location.assign(this.dataset.address);
    }
    this.close();
    announce(PAGE_EVENTS.changed, message);
  }

  // The form may have moved to another article, if the event of the change arrived before the answer.
  close() {
    unsentStore.remove(this.name);
    const article = this.closest("article");
    if (!article) return; // on the page for editing, a link leads away
    const isShown = article?.querySelector("h3");
    if (isShown) this.form.remove();
    else article?.remove();
    if (isShown && this.form.dataset.opener === "message") focusOn(article);
    else document.querySelector(SELECTORS.messageBox)?.focus();
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
    this.form.querySelector(SELECTORS.errors)?.remove();
    this.form.prepend(list);
  }
}

function errorsIn({ text = "" }) {
  return fragment(text).querySelector(SELECTORS.errors);
}

customElements.define("edit-form", EditForm);
