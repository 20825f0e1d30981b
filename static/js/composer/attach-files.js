// The files that go with a message: chosen, dropped on the conversation or pasted, and described one by one. The form
// that sends the message takes them from here; without this script it has a plain field for them.
class AttachFiles extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.input = this.querySelector("input[type=file]");
    this.list = this.querySelector(".attached");
    this.trouble = this.querySelector(".refused");
    this.chosen = new Map(); // from lines to files
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
    addEventListener("beforeunload", (event) => this.chosen.size && event.preventDefault());
  }

  // Words come before a picture of them, which some programs copy too.
  paste(event) {
    const { files, types } = event.clipboardData;
    if (!files.length || types.includes("text/plain")) return;
    event.preventDefault();
    this.add([...files].map((file) => ({ file })));
  }

  receiveDrops(place) {
    const hasFiles = (event) => event.dataTransfer.types.includes("Files");
    place.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      place.classList.add("dropping");
    });
    place.addEventListener("dragleave", (event) => place.contains(event.relatedTarget) || place.classList.remove("dropping"));
    place.addEventListener("drop", (event) => {
      place.classList.remove("dropping");
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      const items = [...event.dataTransfer.items].filter((item) => !item.webkitGetAsEntry?.()?.isDirectory);
      this.add(items.map((item) => ({ file: item.getAsFile() })).filter(({ file }) => file));
    });
  }

  // `files` are {file, description}.
  add(files) {
    const { bytes, files: most, tooLarge, tooMany } = this.dataset;
    const isSmall = ({ file }) => file.size <= Number(bytes);
    const refused = files.filter((each) => !isSmall(each)).map(({ file }) => `${file.name} ${tooLarge}`);
    const room = Number(most) - this.chosen.size;
    const taken = files.filter(isSmall);
    if (taken.length > room) refused.push(tooMany);
    this.complain(refused.join(" "));
    for (const { file, description = "" } of taken.slice(0, room)) {
      const line = this.querySelector(".attached-file").content.firstElementChild.cloneNode(true);
      line.querySelector(".name").textContent = file.name;
      line.querySelector(".help").textContent = sizeOf(file);
      const field = line.querySelector("input");
      field.hidden = !file.type.startsWith("image/");
      field.value = description;
      // Enter would send the message before all is said.
      field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
      const remove = line.querySelector("button");
      remove.setAttribute("aria-label", `${remove.dataset.remove} ${file.name}`);
      remove.addEventListener("click", () => {
        this.chosen.delete(line);
        line.remove();
        this.form.querySelector("textarea").focus();
      });
      this.chosen.set(line, file);
      this.list.append(line);
    }
  }

  // Hands the files over, to be sent.
  take() {
    const taken = [...this.chosen].map(([line, file]) => ({ file, description: line.querySelector("input").value }));
    this.chosen.clear();
    this.list.replaceChildren();
    this.complain("");
    return taken;
  }

  complain(words) {
    this.trouble.textContent = words;
    this.trouble.hidden = !words;
  }

  // Below an error: words that are too long for a message go as a file.
  offerFor(box, place) {
    if ([...box.value].length <= Number(this.dataset.most)) return;
    const button = this.querySelector(".as-file").content.firstElementChild.cloneNode(true);
    button.addEventListener("click", () => {
      this.add([{ file: new File([box.value], "message.txt", { type: "text/plain" }) }]);
      box.value = "";
      place.remove();
      box.focus();
    });
    place.append(button);
  }
}

// As post() does, but with word of how much has gone, and for as long as it takes.
globalThis.postFiles = (address, body, files, bar) => {
  for (const { file, description } of files) {
    body.append("files", file, file.name);
    body.append("description", description);
  }
  bar.hidden = false;
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = ({ loaded, total }) => (bar.value = loaded / total);
    request.onloadend = () => {
      bar.hidden = true;
      const isPlain = request.getResponseHeader("content-type")?.startsWith("text/plain");
      const wait = Number(request.getResponseHeader("retry-after"));
      // A redirect, which leads to signing in, was followed.
      const isElsewhere = request.status === 200;
      resolve({ status: isElsewhere ? 0 : request.status, isElsewhere, isPlain, wait, text: request.responseText });
    };
    request.open("POST", address);
    request.setRequestHeader("X-Requested-With", "fetch");
    request.send(body);
  });
};

// As the server writes it.
function sizeOf({ size }) {
  if (size < 1000) return `${size} bytes`;
  return size < 1e6 ? `${(size / 1e3).toFixed()} KB` : `${(size / 1e6).toFixed(1)} MB`;
}

customElements.define("attach-files", AttachFiles);
