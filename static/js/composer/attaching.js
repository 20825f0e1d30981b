// The part of the bundle for files in a message form, an <attach-files> element: it loads with the first file.
import { unsentFiles } from "../offline/unsent-files.js";
import { unsentStore } from "../offline/unsent-store.js";
import { newKey } from "../shell/post.js";
import { postFiles as post, sizeOf } from "./post-files.js";
import { showThumbnail } from "./thumbnails.js";

export const postFiles = post;

const fieldIn = (line) => line.querySelector("input");

// Show the files that are stored for this form.
export async function follow(form) {
  const { staged = [] } = unsentStore.get(form.name) ?? {};
  for (const [line, { key, isStored }] of form.attached) {
    const same = staged.find((each) => each.key === key);
    if (same) fieldIn(line).value = same.description;
    else if (isStored) remove(form, line);
  }
  const shown = [...form.attached.values()].map(({ key }) => key);
  const missing = staged.filter(({ key }) => !shown.includes(key));
  if (!missing.length) return;
  const found = await unsentFiles.find(missing);
  addFiles(form, found.filter(({ file }) => file));
  const lost = found.filter(({ file }) => !file).map(({ name }) => name);
  if (lost.length) form.showError(`${form.dataset.lost} ${lost.join(", ")}`);
  note(form);
}

// List the stored files and their descriptions.
function note(form) {
  const stored = [...form.attached].filter(([, { isStored }]) => isStored);
  const staged = stored.map(([line, { key, file }]) => ({ key, name: file.name, description: fieldIn(line).value }));
  if (staged.length) unsentStore.set(form.name, { staged });
  else unsentStore.remove(form.name);
}

async function store(form, staged) {
  await unsentFiles.store(staged);
  if ([...form.attached.values()].includes(staged)) note(form);
}

function remove(form, line) {
  form.attached.delete(line);
  line.remove();
}

export function addFiles(form, files) {
  const { maxBytes, maxFiles, tooLarge, tooMany } = form.dataset;
  const isSmall = ({ file }) => file.size <= Number(maxBytes);
  const refused = files.filter((each) => !isSmall(each)).map(({ file }) => `${file.name} ${tooLarge}`);
  const room = Number(maxFiles) - form.attached.size;
  const taken = files.filter(isSmall);
  if (taken.length > room) refused.push(tooMany);
  form.showError(refused.join(" "));
  for (const staged of taken.slice(0, room)) {
    const line = lineOf(form, staged);
    form.attached.set(line, staged);
    form.querySelector(".attached").append(line);
    staged.key ??= newKey();
    if (!staged.isStored) staged.storing = store(form, staged);
  }
  if (taken.length) note(form);
}

function lineOf(form, staged) {
  const { file, description = "" } = staged;
  const line = form.copyOf("attached-file");
  line.querySelector(".name").textContent = file.name;
  line.querySelector(".help").textContent = sizeOf(file);
  const field = fieldIn(line);
  field.hidden = !file.type.startsWith("image/");
  field.value = description;
  if (!field.hidden) showThumbnail(line.querySelector("canvas"), file);
  // Enter would send the message before the description is complete.
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  field.addEventListener("input", () => note(form));
  const button = line.querySelector("button");
  button.title = `${button.dataset.remove} ${file.name}`;
  button.setAttribute("aria-label", button.title);
  button.addEventListener("click", () => {
    remove(form, line);
    note(form);
    unsentFiles.remove([staged.key]);
    form.closest("form").querySelector("textarea").focus();
  });
  return line;
}
