// The form that posts a message, in place. Each message has a key; sending that fails is retried with the same key, so
// the message is posted once however often it was sent.
import { CONNECTION_EVENTS, PAGE_EVENTS, SELECTORS, STORED } from "../contract.js";
import { announce, onLive } from "../live/events.js";
import { unsentFiles } from "../offline/unsent-files.js";
import { unsentStore, withLock } from "../offline/unsent-store.js";
import { newKey, post } from "../shell/post.js";
import { addButtons } from "./box-buttons.js";
import { Draft } from "./draft.js";
import { loadWriting } from "./first-use.js";
import { ReplyBar } from "./reply-bar.js";
import { isSendKey, isTouch } from "./send-key.js";
import { SendQueue } from "./send-queue.js";

const RELEASE_DELAY_MS = 1000; // gives other tabs time to notice that the stored message is removed

class MessageComposer extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.box = this.form.querySelector("textarea");
    this.key = this.form.elements.client_key;
    this.list = this.querySelector(".outbox");
    this.attachFiles = this.querySelector("attach-files");
    customElements.upgrade(this.attachFiles); // in a form that arrives later, the outer element is upgraded first
    this.reply = new ReplyBar(this.form);
    const place = this.form.action + (this.form.elements.in_thread ? this.form.elements.reply_to.value : "");
    this.store = `${STORED.outbox}${place} `;
    this.draft = new Draft(this, STORED.draft + place);
    this.queue = new SendQueue(this);
    addButtons(this);
    this.classList.add("live");
    this.listen();
    const waiting = unsentStore.names(this.store).map((key) => unsentStore.get(this.store + key));
    // A message that waits to be sent is no longer a draft. A page from the browser's cache may hold a key already used.
    if (waiting.some(({ key }) => key === this.key.value)) this.box.value = "";
    if (!this.box.value) this.key.value = newKey();
    this.draft.restore();
    this.attachFiles.restore(STORED.staged + place);
    if (this.box.value) loadWriting().catch(() => {}); // which says how many people the draft notifies
    for (const { key } of waiting.sort((one, other) => one.at - other.at)) this.takeOver(key);
  }

  listen() {
    this.box.addEventListener("keydown", (event) => {
      if (!isSendKey(event)) return;
      event.preventDefault();
      this.submit();
    });
    this.form.addEventListener("submit", (event) => {
      if (event.submitter?.hasAttribute("formaction")) return;
      event.preventDefault();
      this.submit();
    });
    onLive((name) => {
      if (name === CONNECTION_EVENTS.open) this.queue.retry();
    });
    document.addEventListener("arrived", ({ detail }) => {
      if (detail.some(({ dataset }) => dataset.sender === this.dataset.person)) this.ownArrived();
    });
    this.form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || !this.reply.message) return;
      event.preventDefault();
      this.replyTo(null);
    });
    this.querySelector(".replying-to .cancel")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.replyTo(null);
    });
    // Wait until the page is shown: if its address names a message, that gets the focus. Beside the inbox, its list has it.
    for (const name of ["pageshow", "compared"]) {
      addEventListener(name, () => {
        if (!isTouch && !document.querySelector(SELECTORS.inbox)) this.box.focus({ preventScroll: true });
      });
    }
    unsentStore.onChange(this.store, (key, exists) => {
      if (!exists) this.dropSent(key);
      else if (navigator.locks) this.takeOver(key);
    });
    addEventListener("beforeunload", (event) => {
      if (this.queue.entries.some(({ files }) => files.some(({ isStored }) => !isStored))) event.preventDefault();
    });
  }

  async submit() {
    await this.attachFiles.restoring;
    const content = this.box.value.trimEnd();
    const files = this.attachFiles.take();
    if (!content && !files.length) return;
    this.querySelector(SELECTORS.errors)?.remove();
    const entry = { content, key: this.key.value, at: Date.now(), files, ...this.reply.context };
    this.box.value = "";
    this.key.value = newKey();
    this.reply.show(null);
    this.add(entry);
    this.draft.leave();
    this.dispatchEvent(new CustomEvent("sent"));
  }

  // Reply to a message, {id, sender, words, quote}, or to none.
  replyTo(message) {
    this.reply.show(message);
    if (message) this.box.focus();
    this.draft.edited();
  }

  add({ content, key, files = [], ...context }) {
    const line = this.querySelector("template.unsent").content.firstElementChild.cloneNode(true);
    line.querySelector("p").textContent = [content, ...files.map(({ file }) => file.name)].filter(Boolean).join("\n");
    const entry = { content, key, files, ...context, line };
    if (!entry.release) {
      withLock(this.store + key, (release) => {
        entry.release = release;
      });
    }
    line.querySelector(".again").addEventListener("click", () => this.queue.retry());
    // Preserve the key, because the server may already have the message.
    line.querySelector(".withdraw").addEventListener("click", () => this.withdraw(entry, entry.key));
    this.list.append(line);
    this.save(entry);
    Promise.all(files.map(({ storing }) => storing)).then(() => this.queue.find(key) && this.save(entry));
    this.show(entry, "sending");
    this.queue.add(entry);
  }

  sending(entry) {
    this.show(entry, "sending");
  }

  sent(entry, answer) {
    this.drop(entry);
    unsentFiles.remove(entry.files.map(({ key }) => key));
    this.draft.sent(entry.key);
    announce(PAGE_EVENTS.posted, answer.text);
  }

  refused(entry, answer) {
    this.withdraw(entry, newKey());
    this.showError(answer.isPlain ? answer.text : this.list.dataset.refused);
  }

  // Take over the draft from the same form on a newer page.
  compare(other) {
    const { elements } = other.querySelector("form");
    this.draft.settle({ words: elements.content.value, key: elements.client_key.value, tag: other.dataset.draftTag });
    this.draft.restore();
    this.attachFiles.follow();
  }

  failed(entry) {
    this.show(entry, "failed");
  }

  // A message of the author has arrived: the one being sent, before its answer, or one from another device.
  ownArrived() {
    if (this.queue.isSending) this.queue.entries[0].line.hidden = true;
    else this.draft.check();
  }

  send({ content, key, files, line, reply_to = "", quote = "", in_conversation = "" }) {
    const body = new FormData(this.form);
    body.delete("files");
    body.delete("description");
    body.set("content", content);
    body.set("client_key", key);
    body.set("reply_to", reply_to);
    body.set("quote", quote);
    body.set("in_conversation", in_conversation);
    if (!files.length) return post(this.form.action, body);
    return this.attachFiles.post(this.form.action, body, files, line.querySelector("progress"));
  }

  // Reload the page, which redirects to sign-in and afterwards sends the waiting messages; once for each message.
  signedOut(entry) {
    const again = `again ${entry.key}`;
    if (sessionStorage.getItem(again)) {
      this.withdraw(entry, entry.key);
      return this.showError(this.list.dataset.refused);
    }
    sessionStorage.setItem(again, "yes");
    location.reload();
  }

  // Return a message to the box, before words typed meanwhile.
  withdraw(entry, key) {
    this.drop(entry);
    this.returnToBox(entry, key);
    this.box.focus();
  }

  drop(entry) {
    this.queue.drop(entry);
    entry.line.remove();
    unsentStore.remove(this.store + entry.key);
    setTimeout(() => entry.release?.(), RELEASE_DELAY_MS);
  }

  // Another tab has sent the message, or withdrawn it.
  dropSent(key) {
    const entry = this.queue.find(key);
    if (entry && !entry.files.length) this.drop(entry);
  }

  show({ line }, state) {
    line.hidden = false;
    line.querySelector(".state").textContent = line.querySelector(".state").dataset[state];
    line.querySelector(".again").hidden = state !== "failed";
    // Return only a single message to an empty box: two messages in one box would have two keys.
    line.querySelector(".withdraw").hidden = state !== "failed" || this.queue.entries.length > 1 || this.box.value;
  }

  // Store the message for a later page, which sends it with the same key.
  save({ line, files, release, ...entry }) {
    const staged = files.filter(({ isStored }) => isStored).map(({ key, file, description }) => ({ key, name: file.name, description }));
    unsentStore.set(this.store + entry.key, { ...entry, names: files.map(({ file }) => file.name).join(", "), staged });
  }

  // Send a message of a closed page, or of another tab as soon as that is closed.
  takeOver(key) {
    withLock(this.store + key, async (release) => {
      const entry = unsentStore.get(this.store + key);
      if (!entry || this.queue.find(key)) return release();
      const files = entry.names ? await unsentFiles.find(entry.staged ?? []) : [];
      const isWhole = files.every(({ file }) => file) && files.map(({ name }) => name).join(", ") === entry.names;
      if (isWhole) return this.add({ ...entry, files, release });
      release();
      unsentStore.remove(this.store + key);
      this.returnToBox({ ...entry, files: files.filter(({ file }) => file) }, this.box.value ? this.key.value : entry.key);
      this.showError(`${this.list.dataset.lost} ${entry.names}`);
    });
  }

  returnToBox(entry, key) {
    this.attachFiles.add(entry.files);
    this.box.value = [entry.content, this.box.value].filter(Boolean).join("\n");
    this.key.value = key;
    if (entry.reply_to) this.reply.show({ ...entry, id: entry.reply_to });
    this.draft.schedule();
  }

  showError(words) {
    this.querySelector(SELECTORS.errors)?.remove();
    const list = document.createElement("ul");
    list.className = "errorlist";
    list.setAttribute("role", "alert");
    list.append(document.createElement("li"));
    list.firstChild.textContent = words;
    this.querySelector(".box").before(list);
    this.attachFiles.offerAsFile(this.box, list);
  }
}

customElements.define("message-composer", MessageComposer);
