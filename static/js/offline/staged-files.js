// The database with the contents of unsent files, by key; see unsent-files.js.
import { STORED } from "../contract.js";

const FILES = "files";
const MAX_AGE_MS = 24 * 60 * 60 * 1000;
const GRACE_MS = 60_000; // another tab may be about to list the file

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

// Open the database for each use: while it is open, the sign-in page can't delete it.
async function inStore(mode, use) {
  const opening = indexedDB.open(STORED.files, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(FILES);
  const database = await settled(opening);
  try {
    const transaction = database.transaction(FILES, mode);
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const [found] = await Promise.all([use(transaction.objectStore(FILES)), done]);
    return found;
  } finally {
    database.close();
  }
}

// Store a file; reject if the storage is full.
export async function storeFile(key, person, file) {
  localStorage.setItem(STORED.filesStored, "yes");
  await inStore("readwrite", (files) => settled(files.put({ person, file, at: Date.now() }, key)));
}

// Return the files with these keys, undefined for those that are gone.
export function findFiles(keys) {
  return inStore("readonly", (files) => Promise.all(keys.map((key) => settled(files.get(key)).then((found) => found?.file))));
}

export async function removeFiles(keys) {
  await inStore("readwrite", (files) => Promise.all(keys.map((key) => settled(files.delete(key)))));
}

// Delete files of other people, files older than a day, and files that no list names any more.
export async function tidyFiles(person, known) {
  const rest = await inStore("readwrite", async (files) => {
    const [keys, found] = await Promise.all([settled(files.getAllKeys()), settled(files.getAll())]);
    const old = keys.filter((key, at) => {
      const age = Date.now() - found[at].at;
      return found[at].person !== person || age > MAX_AGE_MS || (age > GRACE_MS && !known.includes(key));
    });
    await Promise.all(old.map((key) => settled(files.delete(key))));
    return keys.length - old.length;
  });
  if (!rest) localStorage.removeItem(STORED.filesStored);
}
