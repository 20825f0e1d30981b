// Signing out removes unsent words and files, so that the next person in this browser does not see them. Only the sign-in
// page that follows removes them: if the network fails, people stay signed in. If a session ends by itself, what is unsent
// stays. Pages cached for offline reading and notifications are removed in both cases.
import { SELECTORS, STORED } from "../contract.js";

async function removePages() {
  for (const name of (await globalThis.caches?.keys()) ?? []) if (name.startsWith(STORED.pages)) caches.delete(name);
}

// The next person in this browser must neither see the notifications of this one nor get them.
async function endNotifications() {
  const registration = await navigator.serviceWorker?.getRegistration();
  for (const each of (await registration?.getNotifications?.()) ?? []) each.close();
  await (await registration?.pushManager?.getSubscription())?.unsubscribe();
}

function removeWords() {
  for (const name of Object.keys(localStorage)) if (name.startsWith(STORED.words)) localStorage.removeItem(name);
  localStorage.removeItem(STORED.filesStored);
  globalThis.indexedDB?.deleteDatabase(STORED.files);
}

if (document.querySelector(SELECTORS.signedOut)) {
  navigator.clearAppBadge?.();
  removePages();
  endNotifications();
  if (localStorage.getItem(STORED.wordsOfNobody)) removeWords();
}
