// Remembers how far the sidebar and the inbox are scrolled, from page to page in this tab.
const isReturning = ["back_forward", "reload"].includes(performance.getEntriesByType("navigation")[0]?.type);

for (const each of document.querySelectorAll("[data-place]")) {
  const name = `place of ${each.dataset.place}`;
  const isKept = isReturning || "keep" in each.dataset;
  if (isKept) each.scrollTop = sessionStorage.getItem(name) ?? 0;
  addEventListener("pagehide", () => sessionStorage.setItem(name, each.scrollTop));
}
