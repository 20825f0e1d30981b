// Who signed out leaves no words in this browser to the next one. They go with the page to sign in that follows, and not
// before, as one stays signed in where the network fails; a session that ends by itself lets them wait. Pages that are
// kept to be read without a network wait for nobody.
if (document.querySelector("[data-signed-out]")) {
  navigator.clearAppBadge?.();
  globalThis.caches?.keys().then((names) => names.forEach((name) => name.startsWith("pages of ") && caches.delete(name)));
}
if (document.querySelector("[data-signed-out]") && localStorage.getItem("words of nobody")) {
  for (const name of Object.keys(localStorage)) if (name.startsWith("words of ")) localStorage.removeItem(name);
}
