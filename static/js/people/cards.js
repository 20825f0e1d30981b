// A click on a name, an avatar or a mention in a message opens the card of the person.
const LINKS = "article a:is(.author, .face, .mention)";

document.addEventListener("click", async (event) => {
  const link = event.target.closest(LINKS);
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  try {
    const { showCard } = await import("./person-card.js");
    await showCard(link);
  } catch {
    location.assign(link.href);
  }
});
