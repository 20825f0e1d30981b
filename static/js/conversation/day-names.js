// “Today” and “Yesterday” go at midnight, as the server wrote it; the date beside them stays.
function letGo() {
  for (const name of document.querySelectorAll(".called")) {
    if (name.dataset.until * 1000 <= Date.now()) name.remove();
  }
}

setInterval(letGo, 60_000);
document.addEventListener("visibilitychange", letGo);
