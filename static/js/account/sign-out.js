// Signing out leaves no unsent words or files in this browser to the next person. The sign-in page that follows removes them, and
// nothing before it: where the network fails, people stay signed in. A session that ends by itself leaves them. Pages
// cached for reading offline are removed in each case.
import { SELECTORS, STORED } from "../contract.js";

async function removePages() {
  for (const name of (await globalThis.caches?.keys()) ?? []) if (name.startsWith(STORED.pages)) caches.delete(name);
}

function removeWords() {
  for (const name of Object.keys(localStorage)) if (name.startsWith(STORED.words)) localStorage.removeItem(name);
  localStorage.removeItem(STORED.filesStored);
  globalThis.indexedDB?.deleteDatabase(STORED.files);
}

if (document.querySelector(SELECTORS.signedOut)) {
  navigator.clearAppBadge?.();
  removePages();
  if (localStorage.getItem(STORED.wordsOfNobody)) removeWords();
}
