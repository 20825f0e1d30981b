// The address of the page follows what is in view, so that a reload and Back return there.
const PAUSE_MS = 400;

// Return the cursor of an article, or the one that many ids after it: as Cursor in conversations/text/cursors.py.
export function cursorOf({ id, dataset }, step = 0) {
  const data = new DataView(new ArrayBuffer(16));
  data.setBigInt64(0, BigInt(dataset.at.replace(".", "")));
  data.setBigUint64(8, BigInt(id.slice(1)) + BigInt(step));
  const word = btoa(String.fromCharCode(...new Uint8Array(data.buffer)));
  return word.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// While a thread is beside the conversation, the address is that of the thread.
export function followView(owner) {
  const { scroller, timeline, position } = owner;
  restore(scroller);
  let timer;
  scroller.addEventListener("scroll", () => {
    clearTimeout(timer);
    timer = setTimeout(write, PAUSE_MS);
  }, { passive: true });

  function write() {
    const last = position.last();
    if (!last || !timeline.contains(last) || !owner.hasOwnAddress) return;
    if (owner.isAtEnd) return history.replaceState(null, "", location.pathname);
    const query = new URLSearchParams(location.search);
    if (query.has("at") && isInView(document.getElementById(`m${query.get("at")}`))) return;
    const bottom = last.getBoundingClientRect().bottom - scroller.getBoundingClientRect().bottom;
    const line = timeline.dataset.new ? `&new=${timeline.dataset.new}` : "";
    history.replaceState({ place: { id: last.id, bottom } }, "", `?before=${cursorOf(last, 1)}${line}`);
  }

  function isInView(article) {
    const { top, bottom } = scroller.getBoundingClientRect();
    const place = article?.getBoundingClientRect();
    return place && place.bottom > top && place.top < bottom;
  }
}

// Return to where the reader left this page, which ends with the same message.
function restore(scroller) {
  const { id, bottom } = history.state?.place ?? {};
  const article = id && document.getElementById(id);
  if (article) scroller.scrollTop += article.getBoundingClientRect().bottom - scroller.getBoundingClientRect().bottom - bottom;
}
