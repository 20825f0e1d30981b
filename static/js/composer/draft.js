// The draft of a message: stored in this browser until the server has it, for all devices, and the same in all tabs. The
// server stores no drafts of threads, and not which message a draft replies to.
import { unsentStore } from "../offline/unsent-store.js";
import { newKey, post } from "../shell/post.js";
import { mergeDraft } from "./draft-merging.js";

const SAVE_DELAY_MS = 800;

export class Draft {
  constructor({ dataset, form, box, key, reply }, name) {
    Object.assign(this, { address: dataset.draft, tag: dataset.draftTag, form, box, key, reply, name });
    this.saved = box.value; // the words that the server has, and the key that goes with them
    this.savedKey = key.value;
    this.editedAt = 0; // when somebody last changed the draft, in whatever tab
    this.tabs = unsentStore.channel(name);
    this.tabs.onmessage = ({ data }) => this.follow(data);
    form.addEventListener("input", ({ target }) => {
      if (target === box || target.name === "quote") this.edited();
    });
    for (const kind of ["compositionstart", "compositionend"]) {
      box.addEventListener(kind, () => {
        this.isComposing = kind === "compositionstart";
      });
    }
    addEventListener("pagehide", () => {
      if (this.timer) this.post();
    });
  }

  get isUnsaved() {
    return this.box.value !== this.saved;
  }

  edited() {
    this.editedAt = Date.now();
    this.schedule();
  }

  schedule() {
    this.stop();
    this.share();
    if (this.address && this.isUnsaved) this.saveLater();
  }

  saveLater() {
    this.timer = setTimeout(() => this.save(), SAVE_DELAY_MS);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  // Store what the server does not have, for later pages, and tell the other tabs.
  share() {
    const { box, key, reply, saved, savedKey, tag } = this;
    const begun = { words: box.value, key: key.value, reply: reply.message, saved };
    if (this.isUnsaved || begun.reply) unsentStore.set(this.name, begun);
    else unsentStore.remove(this.name);
    this.tabs.postMessage({ ...begun, savedKey, tag, editedAt: this.editedAt });
  }

  // Another tab has changed the draft, or sent it; unless that was before it was changed here.
  follow({ words, key, reply, editedAt, ...known }) {
    this.stop();
    Object.assign(this, known);
    if (editedAt < this.editedAt) return this.schedule();
    this.editedAt = editedAt;
    this.fill({ words, key });
    return this.reply.show(reply);
  }

  fill({ words, key }) {
    if (words !== this.box.value) this.box.value = words;
    this.key.value = key;
  }

  // Save the draft; one request at a time, because each names the draft that it replaces.
  async save() {
    this.stop();
    if (this.isSaving) return this.saveLater();
    this.isSaving = true;
    await this.post();
    this.isSaving = false;
  }

  async post() {
    const sent = { words: this.box.value, key: this.key.value };
    const body = new FormData(this.form);
    for (const name of ["content", "files", "description"]) body.delete(name);
    body.set("words", sent.words);
    body.set("replaced", this.tag);
    const answer = await post(this.address, body, { keepalive: true });
    if (answer.status === 200) this.settle(JSON.parse(answer.text), sent);
  }

  // Take over what the server has, after it was `sent` a draft, unless a text in an input method would change: then the
  // next answer says the same again.
  settle({ words, key, tag }, sent) {
    const isSaved = words === sent?.words && key === sent.key;
    if (!isSaved && tag === this.tag) return sent && this.renew();
    if (!isSaved && this.isComposing) return undefined;
    if (!isSaved) {
      const own = { words: this.box.value, key: this.key.value, saved: this.saved };
      this.fill(mergeDraft({ words, key: words ? key : newKey() }, own));
    }
    Object.assign(this, { saved: words, savedKey: key, tag, isRenewed: false });
    return this.schedule();
  }

  // The server refused the draft though nothing took its place: its key is that of a message. Try another one, once.
  renew() {
    if (this.isRenewed) return;
    this.isRenewed = true;
    this.key.value = newKey();
    this.schedule();
  }

  // The message is being sent, so the box is empty. The server deletes the draft with the message.
  leave() {
    this.stop();
    this.editedAt = Date.now();
    this.share();
  }

  // With a message the server deletes the draft that has its key; any other, once the box no longer holds it.
  sent(key) {
    if (key === this.savedKey) Object.assign(this, { saved: "", tag: "" });
    this.schedule();
  }

  // The author has posted from elsewhere, perhaps this draft.
  check() {
    if (this.address && this.saved) this.save();
  }

  // Restore what did not reach the server, together with what it received from another device meanwhile.
  restore() {
    const stored = unsentStore.get(this.name);
    if (!stored) return;
    this.fill(mergeDraft({ words: this.box.value, key: this.key.value }, stored));
    if (stored.reply && stored.key === this.key.value && !this.reply.message) this.reply.show(stored.reply);
    this.schedule();
  }
}
