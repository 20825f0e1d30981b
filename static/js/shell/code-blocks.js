// Loads the copy buttons of code blocks when the page first shows a block: at once, in a new message, in a thread.
const waiting = new MutationObserver(load);

function load() {
  if (!document.querySelector(".body pre.code")) return;
  waiting.disconnect();
  import("./copy-code.js").catch(() => {});
}

if (navigator.clipboard) {
  waiting.observe(document.body, { childList: true, subtree: true });
  load();
}
