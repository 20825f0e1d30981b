// The files of a message: selected, dropped on the conversation or pasted, and described one by one. The form that
// sends the message takes them from here; without this script it has a plain field for them. This browser stores them until
// they are sent, so that they survive a reload and are the same in all tabs.
import { unsentFiles } from "../offline/unsent-files.js";
import { unsentStore } from "../offline/unsent-store.js";
import { newKey } from "../shell/post.js";
import { sizeOf } from "./post-files.js";

class AttachFiles extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.input = this.querySelector("input[type=file]");
    this.list = this.querySelector(".attached");
    this.error = this.querySelector(".refused");
    this.attached = new Map(); // from lines to {key, file, isStored}
    this.classList.add("live");
    const button = this.querySelector(".attach-button").content.firstElementChild.cloneNode(true);
    button.addEventListener("click", () => this.input.click());
    this.form.querySelector(".box").prepend(button);
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
    this.restoring = this.follow();
    unsentStore.onChange(name, (rest) => {
      if (!rest) this.restoring = this.follow();
    });
  }

  async follow() {
    const { staged = [] } = unsentStore.get(this.name) ?? {};
    for (const [line, { key, isStored }] of this.attached) {
      const same = staged.find((each) => each.key === key);
      if (same) fieldIn(line).value = same.description;
      else if (isStored) this.remove(line);
    }
    const shown = [...this.attached.values()].map(({ key }) => key);
    const missing = staged.filter(({ key }) => !shown.includes(key));
    if (!missing.length) return;
    const found = await unsentFiles.find(missing);
    this.add(found.filter(({ file }) => file));
    const lost = found.filter(({ file }) => !file).map(({ name }) => name);
    if (lost.length) this.showError(`${this.dataset.lost} ${lost.join(", ")}`);
    this.note();
  }

  // List the stored files and their descriptions.
  note() {
    const stored = [...this.attached].filter(([, { isStored }]) => isStored);
    const staged = stored.map(([line, { key, file }]) => ({ key, name: file.name, description: fieldIn(line).value }));
    if (staged.length) unsentStore.set(this.name, { staged });
    else unsentStore.remove(this.name);
  }

  async store(staged) {
    await unsentFiles.store(staged);
    if ([...this.attached.values()].includes(staged)) this.note();
  }

  remove(line) {
    this.attached.delete(line);
    line.remove();
  }

  // `files` are {file, description}, with a key if they are stored.
  add(files) {
    const { maxBytes, maxFiles, tooLarge, tooMany } = this.dataset;
    const isSmall = ({ file }) => file.size <= Number(maxBytes);
    const refused = files.filter((each) => !isSmall(each)).map(({ file }) => `${file.name} ${tooLarge}`);
    const room = Number(maxFiles) - this.attached.size;
    const taken = files.filter(isSmall);
    if (taken.length > room) refused.push(tooMany);
    this.showError(refused.join(" "));
    for (const staged of taken.slice(0, room)) {
      const { file, description = "" } = staged;
      const line = this.querySelector(".attached-file").content.firstElementChild.cloneNode(true);
      line.querySelector(".name").textContent = file.name;
      line.querySelector(".help").textContent = sizeOf(file);
      const field = fieldIn(line);
      field.hidden = !file.type.startsWith("image/");
      field.value = description;
      // Enter would send the message before the description is complete.
      field.addEventListener("keydown", (event) => {
        if (event.key === "Enter") event.preventDefault();
      });
      const remove = line.querySelector("button");
      remove.setAttribute("aria-label", `${remove.dataset.remove} ${file.name}`);
      remove.addEventListener("click", () => {
        this.remove(line);
        this.note();
        unsentFiles.remove([staged.key]);
        this.form.querySelector("textarea").focus();
      });
      field.addEventListener("input", () => this.note());
      this.attached.set(line, staged);
      this.list.append(line);
      staged.key ??= newKey();
      if (!staged.isStored) staged.storing = this.store(staged);
    }
    if (taken.length) this.note();
  }

  // Hand over the files to send.
  take() {
    const files = [...this.attached].map(([line, staged]) => Object.assign(staged, { description: fieldIn(line).value }));
    this.attached.clear();
    this.list.replaceChildren();
    this.note();
    this.showError("");
    return files;
  }

  showError(words) {
    this.error.textContent = words;
    this.error.hidden = !words;
  }

  // Below an error, offer to attach words that are too long for a message as a file.
  offerAsFile(box, error) {
    if ([...box.value].length <= Number(this.dataset.maxCharacters)) return;
    const button = this.querySelector(".as-file").content.firstElementChild.cloneNode(true);
    button.addEventListener("click", () => {
      this.add([{ file: new File([box.value], "message.txt", { type: "text/plain" }) }]);
      box.value = "";
      error.remove();
      box.focus();
    });
    error.append(button);
  }
}

const fieldIn = (line) => line.querySelector("input");

customElements.define("attach-files", AttachFiles);
