// Opens the emoji picker, whose script and list load on first use. Parts of the bundle import it from here.
const picker = () => import("./picker.js");

// Let the reader choose an emoji beside `anchor`; resolves to null if they close the picker. What they type before it is
// open is for its search field: the page would take it for shortcuts.
export async function pickEmoji(anchor) {
  let typed = "";
  const hold = (event) => {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.key[1]) typed += event.key;
  };
  const release = () => {
    removeEventListener("keydown", hold, true);
    return typed;
  };
  addEventListener("keydown", hold, true);
  try {
    return await (await picker()).pickEmoji(anchor, release);
  } finally {
    release();
  }
}

// Find emoji by the beginning of a name: [{emoji, name}].
export const findEmoji = (typed, most) => picker().then((part) => part.findEmoji(typed, most));
