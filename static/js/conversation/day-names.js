// The server renders “Today” and “Yesterday” before dates: remove them at midnight, or show the date instead.
const CHECK_INTERVAL_MS = 60_000;

function removeOutdated() {
  for (const name of document.querySelectorAll(".relative-day")) {
    if (name.dataset.until * 1000 > Date.now()) continue;
    if (name.dataset.then) name.replaceWith(name.dataset.then);
    else name.remove();
  }
}

setInterval(removeOutdated, CHECK_INTERVAL_MS);
document.addEventListener("visibilitychange", removeOutdated);
