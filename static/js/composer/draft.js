// The draft of a message: stored in this browser until the server has it, for all devices, and the same in all tabs. The
// server stores no drafts of threads, and of no draft which message it replies to.
import { unsentStore } from "../offline/unsent-store.js";
import { newKey, post } from "../shell/post.js";
import { mergeDraft } from "./draft-merging.js";

const SAVE_DELAY_MS = 800;

export class Draft {
  constructor({ dataset, form, box, key, reply }, name) {
    Object.assign(this, { address: dataset.draft, tag: dataset.draftTag, form, box, key, reply, name });
    this.saved = box.value; // the words that the server has, and the key that goes with them
    this.savedKey = key.value;
    this.tabs = unsentStore.channel(name);
    this.tabs.onmessage = ({ data }) => this.follow(data);
    form.addEventListener("input", ({ target }) => {
      if (target === box || target.name === "quote") this.schedule();
    });
    for (const kind of ["compositionstart", "compositionend"]) {
      box.addEventListener(kind, () => {
        this.isComposing = kind === "compositionstart";
      });
    }
    addEventListener("pagehide", () => {
      if (this.timer) this.save();
    });
  }

  get isUnsaved() {
    return this.box.value !== this.saved;
  }

  schedule() {
    this.stop();
    this.share();
    if (this.address && this.isUnsaved) this.timer = setTimeout(() => this.save(), SAVE_DELAY_MS);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  // Pass on what this page has: to later pages, where the server does not know it, and to other tabs.
  share() {
    const { box, key, reply, saved, savedKey, tag } = this;
    const begun = { words: box.value, key: key.value, reply: reply.message, saved };
    if (this.isUnsaved || begun.reply) unsentStore.set(this.name, begun);
    else unsentStore.remove(this.name);
    this.tabs.postMessage({ ...begun, savedKey, tag });
  }

  // Another tab has changed the draft, or sent it.
  follow({ words, key, reply, ...known }) {
    this.stop();
    Object.assign(this, known);
    this.fill({ words, key });
    this.reply.show(reply);
  }

  fill({ words, key }) {
    if (words !== this.box.value) this.box.value = words;
    this.key.value = key;
  }

  // Save the draft, unless another one took the place of the one it replaces: then take that over too.
  async save() {
    this.stop();
    const sent = { words: this.box.value, key: this.key.value };
    const body = new FormData(this.form);
    for (const name of ["content", "files", "description"]) body.delete(name);
    body.set("words", sent.words);
    body.set("replaced", this.tag);
    const answer = await post(this.address, body, { keepalive: true });
    if (answer.status === 200) this.settle(JSON.parse(answer.text), sent);
  }

  // Take over what the server has, after it was `sent` a draft. Words in an input method must not change under it: then
  // the next answer says the same again.
  settle({ words, key, tag }, sent) {
    const isSaved = words === sent?.words && key === sent.key;
    if (!isSaved && tag === this.tag) {
      if (sent) this.key.value = newKey(); // refused, so the key is that of a message
      return;
    }
    if (!isSaved && this.isComposing) return;
    if (!isSaved) {
      const own = { words: this.box.value, key: this.key.value, saved: this.saved };
      this.fill(mergeDraft({ words, key: words ? key : newKey() }, own));
    }
    Object.assign(this, { saved: words, savedKey: key, tag });
    this.schedule();
  }

  // The message is on its way: the box is empty, which the server needs no word of.
  leave() {
    this.stop();
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

  // Restore what did not reach the server, beside what it got from another device meanwhile.
  restore() {
    const stored = unsentStore.get(this.name);
    if (!stored) return;
    this.fill(mergeDraft({ words: this.box.value, key: this.key.value }, stored));
    if (stored.reply && stored.key === this.key.value && !this.reply.message) this.reply.show(stored.reply);
    this.schedule();
  }
}
