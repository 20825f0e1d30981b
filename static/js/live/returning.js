// Back, Forward and a restarted browser may show a copy of the page that the browser has stored: before anything is typed
// there, it is compared with the page as it is now.
async function compare() {
  document.body.inert = true;
  // Without a network the copy is better than nothing.
  await import("./comparing.js").then(({ comparePage }) => comparePage(), () => {});
  document.body.inert = false;
  dispatchEvent(new Event("compared"));
}

addEventListener("pageshow", ({ persisted }) => {
  if (persisted) compare();
});
if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") compare();
