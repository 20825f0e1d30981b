// Shows the page that was asked for as soon as the site answers: there may be a network again before it does.
const EVERY = 5000;
const { alive } = document.querySelector("[data-alive]").dataset;

async function tryAgain() {
  const answer = await fetch(alive).catch(() => undefined);
  if (answer?.ok) location.reload();
}

addEventListener("online", tryAgain);
setInterval(tryAgain, EVERY);
