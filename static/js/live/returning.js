// Back, Forward and a restarted browser may show a stored copy of the page: compare it with the current page before anybody
// types there.
async function compare() {
  document.body.inert = true;
  // Offline, the copy is better than nothing.
  await import("./comparing.js").then(({ comparePage }) => comparePage(), () => {});
  document.body.inert = false;
  dispatchEvent(new Event("compared"));
}

addEventListener("pageshow", ({ persisted }) => {
  if (persisted) compare();
});
if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") compare();
