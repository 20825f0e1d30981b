// The form that posts a message, in place. Each send has a key; a send that fails is tried again with the same key, so
// it is there once however often it was sent.
const PAUSES = [1000, 2000, 4000, 8000, 16000, 30000];
const RELEASE_PAUSE = 1000; // until other tabs see what is forgotten
const isTouch = matchMedia("(pointer: coarse)").matches; // where Enter is the only way to a new line

class MessageComposer extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.box = this.form.querySelector("textarea");
    this.key = this.form.elements.client_key;
    this.list = this.querySelector(".outbox");
    this.attached = this.querySelector("attach-files");
    const thread = this.form.elements.in_thread ? this.form.elements.reply_to.value : "";
    this.store = `outbox of ${this.form.action}${thread} `;
    this.draft = new Draft(this, `begun in ${this.form.action}${thread}`);
    this.outbox = [];
    this.failures = 0;
    this.classList.add("live");
    this.box.addEventListener("keydown", (event) => {
      if (!sends(event)) return;
      event.preventDefault();
      this.submit();
    });
    this.form.addEventListener("submit", (event) => {
      if (event.submitter?.hasAttribute("formaction")) return;
      event.preventDefault();
      this.submit();
    });
    document.addEventListener("live", ({ detail: { name } }) => name === "open" && this.retry());
    this.querySelector(".answering .cancel")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.answer(null);
    });
    // Not before the page is there: its address may name a message, which takes the focus.
    addEventListener("pageshow", () => {
      if (!isTouch) this.box.focus({ preventScroll: true });
    });
    const waiting = kept.names(this.store).map((key) => kept.get(this.store + key));
    // What waits to be sent is no draft any more. A page from the browser's memory may hold a key that has been used.
    if (waiting.some(({ key }) => key === this.key.value)) this.box.value = "";
    if (!this.box.value) this.key.value = newKey();
    this.draft.restore();
    for (const { key } of waiting.sort((one, other) => one.at - other.at)) this.takeOver(key);
    kept.follow(this.store, (key, isThere) => (isThere ? navigator.locks && this.takeOver(key) : this.letGo(key)));
    addEventListener("beforeunload", (event) => this.outbox.some(({ files }) => files.length) && event.preventDefault());
  }

  submit() {
    const content = this.box.value.trimEnd();
    const files = this.attached.take();
    if (!content && !files.length) return;
    this.querySelector(".errorlist")?.remove();
    const entry = { content, key: this.key.value, at: Date.now(), files, ...this.place() };
    this.box.value = "";
    this.key.value = newKey();
    this.answer(null);
    this.add(entry);
    this.draft.forget();
    this.dispatchEvent(new CustomEvent("sent"));
  }

  // What the form answers, which is taken with the words: they may be sent later.
  place() {
    const { reply_to, quote } = this.form.elements;
    const [sender, words] = ["b", ".words"].map((name) => this.querySelector(`.answering ${name}`)?.textContent.trim() ?? "");
    return { reply_to: reply_to?.value ?? "", quote: quote?.value ?? "", sender, words };
  }

  // Answer a message, {id, sender, words, quote}, or none.
  answer(message) {
    const bar = this.querySelector(".answering");
    if (!bar) return;
    bar.hidden = !message;
    this.form.elements.reply_to.value = message?.id ?? "";
    this.form.elements.quote.value = message?.quote ?? "";
    bar.querySelector("b").textContent = message?.sender ?? "";
    bar.querySelector(".words").textContent = message ? ` ${message.words.slice(0, 120)}` : "";
    if (message) this.box.focus();
  }

  add({ content, key, files = [], ...place }) {
    const line = this.querySelector("template.unsent").content.firstElementChild.cloneNode(true);
    line.querySelector("p").textContent = [content, ...files.map(({ file }) => file.name)].filter(Boolean).join("\n");
    const entry = { content, key, files, ...place, line };
    if (!entry.release) haveAlone(this.store + key, (release) => (entry.release = release));
    line.querySelector(".again").addEventListener("click", () => this.retry());
    // With its key, as it may have arrived after all.
    line.querySelector(".take-back").addEventListener("click", () => this.takeBack(entry, entry.key));
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

  // One after the other, so that they keep their order.
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
    } else if (answer.isElsewhere || (answer.status === 403 && !answer.isPlain)) {
      this.signInAgain(entry);
    } else if ([400, 403, 404, 409, 413, 422].includes(answer.status)) {
      this.takeBack(entry, newKey());
      this.complain(answer.isPlain ? answer.text : this.list.dataset.refused);
      this.sendFirst();
    } else if (answer.status === 429) {
      this.retryTimer = setTimeout(() => this.sendFirst(), 1000 * (answer.wait || 1)); // too quick, and only that
    } else {
      for (const each of this.outbox) this.show(each, "failed");
      const pause = PAUSES[Math.min(this.failures++, PAUSES.length - 1)];
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

  // The session has ended, or begun anew in another tab, so this page's form is too old. A page that is loaded again
  // leads to signing in, then sends what is waiting; but not for ever.
  signInAgain(entry) {
    const again = `again ${entry.key}`;
    if (sessionStorage.getItem(again)) {
      this.takeBack(entry, entry.key);
      return this.complain(this.list.dataset.refused);
    }
    sessionStorage.setItem(again, "yes");
    location.reload();
  }

  // Back into the box, before what was begun meanwhile.
  takeBack(entry, key) {
    this.drop(entry);
    this.attached.add(entry.files);
    this.box.value = [entry.content, this.box.value].filter(Boolean).join("\n");
    this.key.value = key;
    if (entry.reply_to) this.answer({ ...entry, id: entry.reply_to });
    this.box.focus();
    this.draft.plan();
  }

  drop(entry) {
    this.outbox = this.outbox.filter((each) => each !== entry);
    entry.line.remove();
    kept.forget(this.store + entry.key);
    setTimeout(() => entry.release?.(), RELEASE_PAUSE);
  }

  // Another tab has sent it, or taken it back.
  letGo(key) {
    const entry = this.outbox.find((each) => each.key === key);
    if (entry && !entry.files.length) this.drop(entry);
  }

  show({ line }, state) {
    line.querySelector(".state").textContent = line.querySelector(".state").dataset[state];
    line.querySelector(".again").hidden = state !== "failed";
    // One alone, into an empty box: two messages in one would have two keys.
    line.querySelector(".take-back").hidden = state !== "failed" || this.outbox.length > 1 || this.box.value;
  }

  // For a page that comes later, which goes on sending with the same key. All that is kept of a file is its name.
  save({ line, files, release, ...entry }) {
    kept.set(this.store + entry.key, { ...entry, names: files.map(({ file }) => file.name).join(", ") });
  }

  // What a page that was closed has left; what is another tab's, as soon as that is closed.
  takeOver(key) {
    haveAlone(this.store + key, (release) => {
      const entry = kept.get(this.store + key);
      if (!entry || this.outbox.some((each) => each.key === key)) return release();
      if (!entry.names) return this.add({ ...entry, release });
      release();
      this.giveBack(entry);
    });
  }

  // Words whose files are gone with the page. With their key, as all of it may have arrived after all.
  giveBack(entry) {
    if (!this.box.value) this.key.value = entry.key;
    this.box.value = [entry.content, this.box.value].filter(Boolean).join("\n");
    if (entry.reply_to) this.answer({ ...entry, id: entry.reply_to });
    this.complain(`${this.list.dataset.lost} ${entry.names}`);
    kept.forget(this.store + entry.key);
    this.draft.plan();
  }

  complain(words) {
    this.querySelector(".errorlist")?.remove();
    const list = document.createElement("ul");
    list.className = "errorlist";
    list.setAttribute("role", "alert");
    list.append(document.createElement("li"));
    list.firstChild.textContent = words;
    this.querySelector(".box").before(list);
    this.attached.offerFor(this.box, list);
  }
}

customElements.define("message-composer", MessageComposer);
