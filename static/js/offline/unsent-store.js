// Unsent words, stored in this browser until the server has them: closing a tab does not lose them. They belong to one
// person: they are removed when someone else signs in, and after signing out. The names in localStorage must not change:
// words that release 0.1 stored, in tabs that may still be open, have to be found.
import { SELECTORS, STORED } from "../contract.js";

const PREFIX = STORED.words;
const { person } = document.querySelector(SELECTORS.main).dataset;
const fullName = (name) => `${PREFIX}${person} ${name}`;

for (const name of Object.keys(localStorage)) {
  if (name.startsWith(PREFIX) && !name.startsWith(fullName(""))) localStorage.removeItem(name);
}

// The sign-in page removes the words if it finds this item; the next page of someone still signed in removes the item.
document.addEventListener("submit", (event) => {
  const { unsent } = event.target.dataset;
  if (!unsent) return;
  if (unsentStore.names("").length && !confirm(unsent)) event.preventDefault();
  else localStorage.setItem(STORED.wordsOfNobody, "gone");
});

export const unsentStore = {
  get: (name) => JSON.parse(localStorage.getItem(fullName(name))),

  set(name, value) {
    try {
      localStorage.setItem(fullName(name), JSON.stringify(value));
    } catch {
      // The storage is full: only the page has the words.
    }
  },

  remove: (name) => localStorage.removeItem(fullName(name)),

  // A channel to the other tabs of the same person.
  channel: (name) => new BroadcastChannel(fullName(name)),

  // List the names that begin with `start`, without it.
  names(start) {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(fullName(start)));
    return names.map((name) => name.slice(fullName(start).length));
  },

  // Call `notify` for each change by another tab, with the rest of the name and whether the item still exists.
  onChange(start, notify) {
    addEventListener("storage", ({ key, newValue }) => {
      if (key?.startsWith(fullName(start))) notify(key.slice(fullName(start).length), newValue !== null);
    });
  },
};

// Call `use` with a function that releases the lock, once no other tab holds it: closing a tab releases its locks.
// Browsers have no locks on sites without TLS: there every tab gets one.
export function withLock(name, use) {
  if (navigator.locks) navigator.locks.request(name, () => new Promise(use));
  else use(() => {});
}
