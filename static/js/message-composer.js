// The form that posts a message, in place. Each send has a key; a send that fails is tried again with the same key, so
// it is there once however often it was sent. What is begun is kept on the server, for all devices.
const PATIENCE = 15000; // for an answer
const PAUSES = [1000, 2000, 4000, 8000, 16000, 30000];
const DRAFT_PAUSE = 800;

class MessageComposer extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.box = this.form.querySelector("textarea");
    this.key = this.form.elements.client_key;
    this.list = this.querySelector(".outbox");
    this.place = `outbox of ${this.dataset.person} for ${this.form.action}`;
    this.outbox = [];
    this.failures = 0;
    this.classList.add("live");
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.submit();
    });
    this.box.addEventListener("input", () => this.planDraft());
    this.form.addEventListener("submit", (event) => {
      if (this.gaveUp) return; // the browser sends it, as without script
      event.preventDefault();
      this.submit();
    });
    addEventListener("pagehide", () => this.draftTimer && this.keepDraft());
    document.addEventListener("live", ({ detail: { name } }) => name === "open" && this.retry());
    // Not before the page is there: its address may name a message, which takes the focus.
    addEventListener("pageshow", () => {
      if (!matchMedia("(pointer: coarse)").matches) this.box.focus({ preventScroll: true });
    });
    for (const { content, key } of JSON.parse(sessionStorage.getItem(this.place) ?? "[]")) this.add(content, key);
  }

  submit() {
    const content = this.box.value.trimEnd();
    if (!content) return;
    if (content.length > this.box.maxLength) return this.complain(this.box.validationMessage || `≤ ${this.box.maxLength}`);
    this.stopDraft();
    this.querySelector(".errorlist")?.remove();
    const key = this.key.value;
    this.box.value = "";
    this.key.value = newKey();
    this.add(content, key);
  }

  add(content, key) {
    const line = this.querySelector("template.unsent").content.firstElementChild.cloneNode(true);
    line.querySelector("p").textContent = content;
    const entry = { content, key, line };
    line.querySelector(".again").addEventListener("click", () => this.retry());
    line.querySelector(".take-back").addEventListener("click", () => this.takeBack(entry));
    this.list.append(line);
    this.show(entry, "sending");
    this.outbox.push(entry);
    this.save();
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
      document.dispatchEvent(new CustomEvent("live", { detail: { name: "posted", data: await answer.text() } }));
      this.sendFirst();
    } else if (answer.type === "opaqueredirect") {
      this.submitWithoutScript(entry); // the session is over: signing in gives the words back
    } else if ([400, 403, 404, 409, 413, 422].includes(answer.status)) {
      const words = answer.headers.get("content-type")?.startsWith("text/plain") ? await answer.text() : this.list.dataset.refused;
      this.takeBack(entry, answer.status === 409 ? newKey() : undefined);
      this.complain(words);
    } else {
      this.show(entry, "failed");
      const pause = PAUSES[Math.min(this.failures++, PAUSES.length - 1)];
      this.retryTimer = setTimeout(() => this.sendFirst(), pause);
    }
  }

  async send({ content, key }) {
    const body = new FormData(this.form);
    body.set("content", content);
    body.set("client_key", key);
    const headers = { "X-Requested-With": "fetch" };
    const signal = AbortSignal.timeout(PATIENCE);
    try {
      return await fetch(this.form.action, { method: "POST", body, headers, signal, redirect: "manual" });
    } catch {
      return { status: 0 };
    }
  }

  // Back into the box, before what was begun meanwhile; with its key, as it may have arrived after all.
  takeBack(entry, key = entry.key) {
    this.drop(entry);
    const begun = this.box.value;
    this.box.value = begun ? `${entry.content}\n${begun}` : entry.content;
    this.key.value = key;
    this.box.focus();
    this.planDraft();
    this.sendFirst();
  }

  drop(entry) {
    this.outbox = this.outbox.filter((each) => each !== entry);
    entry.line.remove();
    this.save();
  }

  show({ line }, state) {
    line.querySelector(".state").textContent = line.querySelector(".state").dataset[state];
    for (const button of line.querySelectorAll("button")) button.hidden = state !== "failed";
  }

  // A page that is loaded again goes on sending, with the same keys.
  save() {
    const entries = this.outbox.map(({ content, key }) => ({ content, key }));
    if (entries.length) sessionStorage.setItem(this.place, JSON.stringify(entries));
    else sessionStorage.removeItem(this.place);
  }

  submitWithoutScript(entry) {
    this.drop(entry);
    this.gaveUp = true;
    this.box.value = entry.content;
    this.key.value = entry.key;
    this.form.requestSubmit();
  }

  complain(words) {
    this.querySelector(".errorlist")?.remove();
    const list = document.createElement("ul");
    list.className = "errorlist";
    list.setAttribute("role", "alert");
    list.append(document.createElement("li"));
    list.firstChild.textContent = words;
    this.querySelector(".box").before(list);
  }

  planDraft() {
    this.stopDraft();
    this.draftTimer = setTimeout(() => this.keepDraft(), DRAFT_PAUSE);
  }

  stopDraft() {
    clearTimeout(this.draftTimer);
    this.draftTimer = undefined;
  }

  async keepDraft() {
    this.stopDraft();
    const body = new FormData(this.form);
    body.delete("content");
    body.set("words", this.box.value);
    try {
      await fetch(this.dataset.draft, { method: "POST", body, keepalive: true, redirect: "manual" });
    } catch {
      // It is still in the box; the next change tries again.
    }
  }
}

// As randomUUID, which browsers keep from sites without TLS.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

customElements.define("message-composer", MessageComposer);
