// What is begun in the box of a message: kept in this browser until the server has it, for all devices. It keeps none of
// threads.
const PAUSE = 800;

globalThis.Draft = class {
  constructor({ dataset, form, box, key }, name) {
    Object.assign(this, { address: dataset.draft, form, box, key, name });
    this.saved = box.value; // what the server has, and the key that goes with it
    this.savedKey = key.value;
    box.addEventListener("input", () => this.plan());
    addEventListener("pagehide", () => this.timer && this.send());
  }

  plan() {
    this.stop();
    this.keep();
    if (this.address) this.timer = setTimeout(() => this.send(), PAUSE);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  keep() {
    const { value: words } = this.box;
    if (words) kept.set(this.name, { words, key: this.key.value, saved: this.saved });
    else kept.forget(this.name);
  }

  forget() {
    this.stop();
    kept.forget(this.name);
  }

  async send() {
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
    if (this.box.value === words) this.forget();
    else this.keep();
  }

  // With a message the server lets go of the draft that has its key; of another one, once that is not in the box any more.
  sent(key) {
    if (key === this.savedKey) this.saved = "";
    if (this.box.value !== this.saved) this.plan();
  }

  // Put back what the server did not get, beside what it got from elsewhere meanwhile.
  restore() {
    const begun = kept.get(this.name);
    if (!begun) return;
    const { value } = this.box;
    if (value === begun.saved || begun.words.includes(value)) {
      this.box.value = begun.words;
      this.key.value = begun.key;
    } else if (!value.includes(begun.words)) {
      this.box.value = `${begun.words}\n${value}`;
    }
    this.plan();
  }
};
