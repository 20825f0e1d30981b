// Alt with an arrow key opens the conversation above or below in the inbox, with Shift the next unread one.
document.addEventListener("keydown", async (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]") || event.target.matches("select")) return;
  event.preventDefault();
  const { openNeighbour } = await import("./neighbours.js");
  openNeighbour(step, event.shiftKey);
});
