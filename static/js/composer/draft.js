// The draft of a message: stored in this browser until the server has it, for all devices. The server stores no drafts
// of threads.
import { unsentStore } from "../offline/unsent-store.js";
import { post } from "../shell/post.js";
import { mergeDraft } from "./draft-merging.js";

const SAVE_DELAY_MS = 800;

export class Draft {
  constructor({ dataset, form, box, key }, name) {
    Object.assign(this, { address: dataset.draft, form, box, key, name });
    this.saved = box.value; // the words that the server has, and the key that goes with them
    this.savedKey = key.value;
    box.addEventListener("input", () => this.schedule());
    addEventListener("pagehide", () => {
      if (this.timer) this.save();
    });
  }

  schedule() {
    this.stop();
    this.store();
    if (this.address) this.timer = setTimeout(() => this.save(), SAVE_DELAY_MS);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  store() {
    const { value: words } = this.box;
    if (words) unsentStore.set(this.name, { words, key: this.key.value, saved: this.saved });
    else unsentStore.remove(this.name);
  }

  remove() {
    this.stop();
    unsentStore.remove(this.name);
  }

  async save() {
    this.stop();
    const words = this.box.value;
    const key = this.key.value;
    const body = new FormData(this.form);
    for (const name of ["content", "files", "description"]) body.delete(name);
    body.set("words", words);
    const answer = await post(this.address, body, { keepalive: true });
    if (answer.status !== 204) return;
    this.saved = words;
    this.savedKey = key;
    if (this.box.value === words) this.remove();
    else this.store();
  }

  // With a message the server deletes the draft that has its key; any other, once the box no longer holds it.
  sent(key) {
    if (key === this.savedKey) this.saved = "";
    if (this.box.value !== this.saved) this.schedule();
  }

  // Restore the words that did not reach the server, beside those it got from another device meanwhile.
  restore() {
    const stored = unsentStore.get(this.name);
    if (!stored) return;
    const { words, key } = mergeDraft({ words: this.box.value, key: this.key.value }, stored);
    if (words !== this.box.value) this.box.value = words;
    this.key.value = key;
    this.schedule();
  }
}
