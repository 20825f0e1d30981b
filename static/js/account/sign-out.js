// Signing out leaves no unsent words in this browser to the next person. The sign-in page that follows removes them, and
// nothing before it: where the network fails, people stay signed in. A session that ends by itself leaves them. Pages
// cached for reading offline are removed in each case.
if (document.querySelector("[data-signed-out]")) {
  navigator.clearAppBadge?.();
  globalThis.caches?.keys().then((names) => names.forEach((name) => name.startsWith("pages of ") && caches.delete(name)));
}
if (document.querySelector("[data-signed-out]") && localStorage.getItem("words of nobody")) {
  for (const name of Object.keys(localStorage)) if (name.startsWith("words of ")) localStorage.removeItem(name);
}
