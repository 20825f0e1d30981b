// Reloads the requested page as soon as the site answers: the network may be back before the site is.
const RETRY_INTERVAL_MS = 5000;
const { alive } = document.querySelector("[data-alive]").dataset;

async function tryAgain() {
  const answer = await fetch(alive).catch(() => undefined);
  if (answer?.ok) location.reload();
}

addEventListener("online", tryAgain);
setInterval(tryAgain, RETRY_INTERVAL_MS);
