// The form that posts a message, in place. Each message has a key; sending that fails is retried with the same key, so
// the message is posted once however often it was sent.
const RETRY_PAUSES_MS = [1000, 2000, 4000, 8000, 16000, 30000];
const RELEASE_DELAY_MS = 1000; // until other tabs have seen that the stored message is removed
const isTouch = matchMedia("(pointer: coarse)").matches; // there Enter is the only way to begin a new line

class MessageComposer extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.box = this.form.querySelector("textarea");
    this.key = this.form.elements.client_key;
    this.list = this.querySelector(".outbox");
    this.attachFiles = this.querySelector("attach-files");
    const thread = this.form.elements.in_thread ? this.form.elements.reply_to.value : "";
    // The names are data: release 0.1 stored messages and drafts under them.
    this.store = `outbox of ${this.form.action}${thread} `;
    this.draft = new Draft(this, `begun in ${this.form.action}${thread}`);
    this.outbox = [];
    this.failures = 0;
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
    document.addEventListener("live", ({ detail: { name } }) => name === "open" && this.retry());
    this.querySelector(".replying-to .cancel")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.replyTo(null);
    });
    // Only once the page is shown: its address may name a message, which takes the focus.
    addEventListener("pageshow", () => {
      if (!isTouch) this.box.focus({ preventScroll: true });
    });
    const waiting = unsentStore.names(this.store).map((key) => unsentStore.get(this.store + key));
    // A message that waits to be sent is no longer a draft. A page from the browser's cache may hold a key already used.
    if (waiting.some(({ key }) => key === this.key.value)) this.box.value = "";
    if (!this.box.value) this.key.value = newKey();
    this.draft.restore();
    for (const { key } of waiting.sort((one, other) => one.at - other.at)) this.takeOver(key);
    unsentStore.onChange(this.store, (key, exists) => (exists ? navigator.locks && this.takeOver(key) : this.dropSent(key)));
    addEventListener("beforeunload", (event) => this.outbox.some(({ files }) => files.length) && event.preventDefault());
  }

  submit() {
    const content = this.box.value.trimEnd();
    const files = this.attachFiles.take();
    if (!content && !files.length) return;
    this.querySelector(".errorlist")?.remove();
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
    if (!entry.release) withLock(this.store + key, (release) => (entry.release = release));
    line.querySelector(".again").addEventListener("click", () => this.retry());
    // With its key, because the server may have it after all.
    line.querySelector(".withdraw").addEventListener("click", () => this.withdraw(entry, entry.key));
    this.list.append(line);
    this.show(entry, "sending");
    this.outbox.push(entry);
    this.save(entry);
    if (this.outbox.length === 1) this.sendFirst();
  }

  retry() {
    if (this.isSending || !this.outbox.length) return;
    clearTimeout(this.retryTimer);
    this.sendFirst();
  }

  // One at a time, to preserve their order.
  async sendFirst() {
    const [entry] = this.outbox;
    if (!entry || this.isSending) return;
    this.isSending = true;
    this.show(entry, "sending");
    const answer = await this.send(entry);
    this.isSending = false;
    if (answer.status === 201) {
      this.failures = 0;
      this.drop(entry);
      this.draft.sent(entry.key);
      document.dispatchEvent(new CustomEvent("live", { detail: { name: "posted", data: answer.text } }));
      this.sendFirst();
    } else if (answer.isRedirect || (answer.status === 403 && !answer.isPlain)) {
      this.signInAgain(entry);
    } else if ([400, 403, 404, 409, 413, 422].includes(answer.status)) {
      this.withdraw(entry, newKey());
      this.showError(answer.isPlain ? answer.text : this.list.dataset.refused);
      this.sendFirst();
    } else if (answer.status === 429) {
      this.retryTimer = setTimeout(() => this.sendFirst(), 1000 * (answer.wait || 1)); // sent too quickly, and nothing else is wrong
    } else {
      for (const each of this.outbox) this.show(each, "failed");
      const pause = RETRY_PAUSES_MS[Math.min(this.failures++, RETRY_PAUSES_MS.length - 1)];
      this.retryTimer = setTimeout(() => this.sendFirst(), pause);
    }
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

  // The session has ended, or a new one began in another tab, so the form of this page is too old. Reloading the page
  // leads to signing in and then sends the waiting messages; each message causes that once.
  signInAgain(entry) {
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
    this.outbox = this.outbox.filter((each) => each !== entry);
    entry.line.remove();
    unsentStore.remove(this.store + entry.key);
    setTimeout(() => entry.release?.(), RELEASE_DELAY_MS);
  }

  // Another tab has sent the message, or withdrawn it.
  dropSent(key) {
    const entry = this.outbox.find((each) => each.key === key);
    if (entry && !entry.files.length) this.drop(entry);
  }

  show({ line }, state) {
    line.querySelector(".state").textContent = line.querySelector(".state").dataset[state];
    line.querySelector(".again").hidden = state !== "failed";
    // Only a single message, into an empty box: two messages in one box would have two keys.
    line.querySelector(".withdraw").hidden = state !== "failed" || this.outbox.length > 1 || this.box.value;
  }

  // Store the message for a later page, which goes on sending with the same key. Of a file only the name is stored.
  save({ line, files, release, ...entry }) {
    unsentStore.set(this.store + entry.key, { ...entry, names: files.map(({ file }) => file.name).join(", ") });
  }

  // Send a message of a closed page; one of another open tab, as soon as that is closed.
  takeOver(key) {
    withLock(this.store + key, (release) => {
      const entry = unsentStore.get(this.store + key);
      if (!entry || this.outbox.some((each) => each.key === key)) return release();
      if (!entry.names) return this.add({ ...entry, release });
      release();
      this.returnToBox(entry);
    });
  }

  // Return words whose files were lost with their page; with their key, because the server may have it all.
  returnToBox(entry) {
    if (!this.box.value) this.key.value = entry.key;
    this.box.value = [entry.content, this.box.value].filter(Boolean).join("\n");
    if (entry.reply_to) this.replyTo({ ...entry, id: entry.reply_to });
    this.showError(`${this.list.dataset.lost} ${entry.names}`);
    unsentStore.remove(this.store + entry.key);
    this.draft.schedule();
  }

  showError(words) {
    this.querySelector(".errorlist")?.remove();
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
