// Words that the server does not have, kept in this browser until it does: no closed tab takes them away. They are one
// person's: they go when somebody else has signed in, and once one has signed out.
const PREFIX = "words of ";
const fullName = (name) => `${PREFIX}${document.getElementById("main").dataset.person} ${name}`;

for (const name of Object.keys(localStorage)) {
  if (name.startsWith(PREFIX) && !name.startsWith(fullName(""))) localStorage.removeItem(name);
}

// The page to sign in forgets them where it finds this mark, which goes with the next page of who is signed in still.
document.addEventListener("submit", (event) => {
  const { unsent } = event.target.dataset;
  if (!unsent) return;
  if (kept.names("").length && !confirm(unsent)) event.preventDefault();
  else localStorage.setItem(`${PREFIX}nobody`, "gone");
});

globalThis.kept = {
  get: (name) => JSON.parse(localStorage.getItem(fullName(name))),

  set(name, value) {
    try {
      localStorage.setItem(fullName(name), JSON.stringify(value));
    } catch {
      // There is no more room: they are on their page alone.
    }
  },

  forget: (name) => localStorage.removeItem(fullName(name)),

  // How the names go on that begin like this.
  names(start) {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(fullName(start)));
    return names.map((name) => name.slice(fullName(start).length));
  },

  // Tell of what other tabs keep and forget: how its name goes on, and whether it is there.
  follow(start, tell) {
    addEventListener("storage", ({ key, newValue }) => {
      if (key?.startsWith(fullName(start))) tell(key.slice(fullName(start).length), newValue !== null);
    });
  },
};

// Have something to oneself among all tabs, as soon as its owner lets go of it or is closed. Browsers keep locks from
// sites without TLS: there all have it.
globalThis.haveAlone = (name, use) => {
  if (!navigator.locks) return use(() => {});
  navigator.locks.request(name, () => new Promise(use));
};
