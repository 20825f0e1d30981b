// Loads the script of threads on first use: on a page that shows a thread, or when a link of a message opens one.
import { SELECTORS } from "../contract.js";

const load = () => import("./thread-panel.js");

if (document.querySelector("live-thread")) load();
document.addEventListener("click", (event) => {
  const link = event.target.closest(`:is(${SELECTORS.timeline}, .sheet) ${SELECTORS.threadLink}`);
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  link.closest("dialog")?.close();
  load().then(({ openThread }) => openThread(link)).catch(() => location.assign(link.href));
});
