// A click on a picture shows it in a dialog, which loads on first use.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a.picture");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { showPicture } = await import("./picture-viewer.js");
  showPicture(link);
});
