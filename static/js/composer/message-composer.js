// The form that posts a message, in place. Each message has a key; sending that fails is retried with the same key, so
// the message is posted once however often it was sent.
import { CONNECTION_EVENTS, PAGE_EVENTS, SELECTORS, STORED } from "../contract.js";
import { announce, onLive } from "../live/events.js";
import { unsentStore, withLock } from "../offline/unsent-store.js";
import { newKey, post } from "../shell/post.js";
import { Draft } from "./draft.js";
import { postFiles } from "./post-files.js";
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
    const thread = this.form.elements.in_thread ? this.form.elements.reply_to.value : "";
    this.store = `${STORED.outbox}${this.form.action}${thread} `;
    this.draft = new Draft(this, `${STORED.draft}${this.form.action}${thread}`);
    this.queue = new SendQueue(this);
    this.classList.add("live");
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
    this.querySelector(".replying-to .cancel")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.replyTo(null);
    });
    // Wait until the page is shown: if its address names a message, that gets the focus.
    addEventListener("pageshow", () => {
      if (!isTouch) this.box.focus({ preventScroll: true });
    });
    const waiting = unsentStore.names(this.store).map((key) => unsentStore.get(this.store + key));
    // A message that waits to be sent is no longer a draft. A page from the browser's cache may hold a key already used.
    if (waiting.some(({ key }) => key === this.key.value)) this.box.value = "";
    if (!this.box.value) this.key.value = newKey();
    this.draft.restore();
    for (const { key } of waiting.sort((one, other) => one.at - other.at)) this.takeOver(key);
    unsentStore.onChange(this.store, (key, exists) => {
      if (!exists) this.dropSent(key);
      else if (navigator.locks) this.takeOver(key);
    });
    addEventListener("beforeunload", (event) => {
      if (this.queue.entries.some(({ files }) => files.length)) event.preventDefault();
    });
  }

  submit() {
    const content = this.box.value.trimEnd();
    const files = this.attachFiles.take();
    if (!content && !files.length) return;
    this.querySelector(SELECTORS.errors)?.remove();
    const entry = { content, key: this.key.value, at: Date.now(), files, ...this.replyContext() };
    this.box.value = "";
    this.key.value = newKey();
    this.replyTo(null);
    this.add(entry);
    this.draft.remove();
    this.dispatchEvent(new CustomEvent("sent"));
  }

  // The message that the form replies to is stored with the words, which may be sent later.
  replyContext() {
    const { reply_to, quote } = this.form.elements;
    const [sender, words] = ["b", ".words"].map((name) => this.querySelector(`.replying-to ${name}`)?.textContent.trim() ?? "");
    return { reply_to: reply_to?.value ?? "", quote: quote?.value ?? "", sender, words };
  }

  // Reply to a message, {id, sender, words, quote}, or to none.
  replyTo(message) {
    const bar = this.querySelector(".replying-to");
    if (!bar) return;
    bar.hidden = !message;
    this.form.elements.reply_to.value = message?.id ?? "";
    this.form.elements.quote.value = message?.quote ?? "";
    bar.querySelector("b").textContent = message?.sender ?? "";
    bar.querySelector(".words").textContent = message ? ` ${message.words.slice(0, 120)}` : "";
    if (message) this.box.focus();
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
    this.show(entry, "sending");
    this.queue.add(entry);
  }

  sending(entry) {
    this.show(entry, "sending");
  }

  sent(entry, answer) {
    this.drop(entry);
    this.draft.sent(entry.key);
    announce(PAGE_EVENTS.posted, answer.text);
  }

  refused(entry, answer) {
    this.withdraw(entry, newKey());
    this.showError(answer.isPlain ? answer.text : this.list.dataset.refused);
  }

  failed(entry) {
    this.show(entry, "failed");
  }

  send({ content, key, files, line, reply_to = "", quote = "" }) {
    const body = new FormData(this.form);
    body.delete("files");
    body.delete("description");
    body.set("content", content);
    body.set("client_key", key);
    body.set("reply_to", reply_to);
    body.set("quote", quote);
    return files.length ? postFiles(this.form.action, body, files, line.querySelector("progress")) : post(this.form.action, body);
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
    this.attachFiles.add(entry.files);
    this.box.value = [entry.content, this.box.value].filter(Boolean).join("\n");
    this.key.value = key;
    if (entry.reply_to) this.replyTo({ ...entry, id: entry.reply_to });
    this.box.focus();
    this.draft.schedule();
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
    line.querySelector(".state").textContent = line.querySelector(".state").dataset[state];
    line.querySelector(".again").hidden = state !== "failed";
    // Return only a single message to an empty box: two messages in one box would have two keys.
    line.querySelector(".withdraw").hidden = state !== "failed" || this.queue.entries.length > 1 || this.box.value;
  }

  // Store the message for a later page, which sends it with the same key. Only the names of files are stored.
  save({ line, files, release, ...entry }) {
    unsentStore.set(this.store + entry.key, { ...entry, names: files.map(({ file }) => file.name).join(", ") });
  }

  // Send a message of a closed page, or of another tab as soon as that is closed.
  takeOver(key) {
    withLock(this.store + key, (release) => {
      const entry = unsentStore.get(this.store + key);
      if (!entry || this.queue.find(key)) return release();
      if (!entry.names) return this.add({ ...entry, release });
      release();
      this.returnToBox(entry);
    });
  }

  // Return the text of a message whose files were lost with their page, with its key, as the server may have the message.
  returnToBox(entry) {
    if (!this.box.value) this.key.value = entry.key;
    this.box.value = [entry.content, this.box.value].filter(Boolean).join("\n");
    if (entry.reply_to) this.replyTo({ ...entry, id: entry.reply_to });
    this.showError(`${this.list.dataset.lost} ${entry.names}`);
    unsentStore.remove(this.store + entry.key);
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
