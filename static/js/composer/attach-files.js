// The files of a message: selected, dropped on the conversation or pasted, and described one by one. The form that
// sends the message takes them from here; without this script it has a plain field for them.
import { sizeOf } from "./post-files.js";

class AttachFiles extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.input = this.querySelector("input[type=file]");
    this.list = this.querySelector(".attached");
    this.error = this.querySelector(".refused");
    this.attached = new Map(); // from lines to files
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
      if (this.attached.size) event.preventDefault();
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

  // `files` are {file, description}.
  add(files) {
    const { maxBytes, maxFiles, tooLarge, tooMany } = this.dataset;
    const isSmall = ({ file }) => file.size <= Number(maxBytes);
    const refused = files.filter((each) => !isSmall(each)).map(({ file }) => `${file.name} ${tooLarge}`);
    const room = Number(maxFiles) - this.attached.size;
    const taken = files.filter(isSmall);
    if (taken.length > room) refused.push(tooMany);
    this.showError(refused.join(" "));
    for (const { file, description = "" } of taken.slice(0, room)) {
      const line = this.querySelector(".attached-file").content.firstElementChild.cloneNode(true);
      line.querySelector(".name").textContent = file.name;
      line.querySelector(".help").textContent = sizeOf(file);
      const field = line.querySelector("input");
      field.hidden = !file.type.startsWith("image/");
      field.value = description;
      // Enter would send the message before the description is complete.
      field.addEventListener("keydown", (event) => {
        if (event.key === "Enter") event.preventDefault();
      });
      const remove = line.querySelector("button");
      remove.setAttribute("aria-label", `${remove.dataset.remove} ${file.name}`);
      remove.addEventListener("click", () => {
        this.attached.delete(line);
        line.remove();
        this.form.querySelector("textarea").focus();
      });
      this.attached.set(line, file);
      this.list.append(line);
    }
  }

  // Hand over the files to send.
  take() {
    const files = [...this.attached].map(([line, file]) => ({ file, description: line.querySelector("input").value }));
    this.attached.clear();
    this.list.replaceChildren();
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

customElements.define("attach-files", AttachFiles);
