// The files of a message: selected, dropped on the conversation or pasted, and described one by one. The form that
// sends the message takes them from here; without this script it has a plain field for them. This browser stores them until
// they are sent, so that they survive a reload and are the same in all tabs. What lists and stores them loads on first use.
import { SELECTORS } from "../contract.js";
import { unsentStore } from "../offline/unsent-store.js";

const loadAttaching = () => import("./attaching.js");

class AttachFiles extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.input = this.querySelector("input[type=file]");
    this.attached = new Map(); // from lines to {key, file, isStored}
    this.restoring = Promise.resolve();
    this.classList.add("live");
    const button = this.copyOf("attach-button");
    button.addEventListener("click", () => this.input.click());
    this.form.querySelector(".box-tools").prepend(button);
    this.input.addEventListener("change", () => {
      this.add([...this.input.files].map((file) => ({ file })));
      this.input.value = "";
    });
    this.form.addEventListener("paste", (event) => this.paste(event));
    this.receiveDrops(this.closest("aside.thread, main"));
    addEventListener("beforeunload", (event) => {
      if ([...this.attached.values()].some(({ isStored }) => !isStored)) event.preventDefault();
    });
  }

  copyOf(name) {
    return this.closest(SELECTORS.composer).querySelector(`template.${name}`).content.firstElementChild.cloneNode(true);
  }

  // Text wins over a picture of it, which some programs copy as well.
  paste(event) {
    const { files, types } = event.clipboardData;
    if (!files.length || types.includes("text/plain")) return;
    event.preventDefault();
    this.add([...files].map((file) => ({ file })));
  }

  receiveDrops(target) {
    const hasFiles = (event) => event.dataTransfer.types.includes("Files");
    target.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      target.classList.add("dropping");
    });
    target.addEventListener("dragleave", (event) => {
      if (!target.contains(event.relatedTarget)) target.classList.remove("dropping");
    });
    target.addEventListener("drop", (event) => {
      target.classList.remove("dropping");
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      const items = [...event.dataTransfer.items].filter((item) => !item.webkitGetAsEntry?.()?.isDirectory);
      this.add(items.map((item) => ({ file: item.getAsFile() })).filter(({ file }) => file));
    });
  }

  // Show the files that were attached on this form before, and follow those of other tabs.
  restore(name) {
    this.name = name;
    this.follow();
    unsentStore.onChange(name, (rest) => {
      if (!rest) this.follow();
    });
  }

  follow() {
    if (this.attached.size || unsentStore.get(this.name)) this.use((part) => part.follow(this));
  }

  // `files` are {file, description}, with a key if they are stored.
  add(files) {
    if (files.length) this.use((part) => part.addFiles(this, files));
  }

  // Do something with the files, after what was begun before; sending waits until `restoring` has ended.
  use(change) {
    this.restoring = Promise.all([loadAttaching(), this.restoring]).then(([part]) => change(part)).catch(() => this.showError(this.dataset.failed));
  }

  // Hand over the files to send.
  take() {
    const files = [...this.attached].map(([line, staged]) => Object.assign(staged, { description: line.querySelector("input").value }));
    for (const line of this.attached.keys()) line.remove();
    this.attached.clear();
    unsentStore.remove(this.name);
    this.showError("");
    return files;
  }

  showError(words) {
    const error = this.querySelector(".refused");
    error.textContent = words;
    error.hidden = !words;
  }

  // Post a message with files.
  post(...message) {
    return loadAttaching().then((part) => part.postFiles(...message), () => ({ status: 0 }));
  }

  // Below an error, offer to attach words that are too long for a message as a file.
  offerAsFile(box, error) {
    if ([...box.value].length <= Number(this.dataset.maxCharacters)) return;
    const button = this.copyOf("as-file");
    button.addEventListener("click", () => {
      this.add([{ file: new File([box.value], "message.txt", { type: "text/plain" }) }]);
      box.value = "";
      error.remove();
      box.focus();
    });
    error.append(button);
  }
}

customElements.define("attach-files", AttachFiles);
