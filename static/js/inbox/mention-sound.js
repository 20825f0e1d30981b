// Plays two soft tones for a new mention, for people who turned that on.
import { SELECTORS, SERVER_EVENTS } from "../contract.js";
import { onLive } from "../live/events.js";
import { fragment } from "../shell/fragment.js";

async function ring() {
  const tones = await import("./mention-tones.js").catch(() => undefined); // without a network there is no sound
  tones?.ringInOneTab();
}

// Runs before live-inbox.js: the entry on the page shows whether the mention is new.
function listen(name, data) {
  if (name !== SERVER_EVENTS.inbox) return;
  const fresh = fragment(data).querySelector(SELECTORS.entry);
  const isKnown = document.querySelector(`[data-entry="${CSS.escape(fresh.dataset.entry)}"] .mentioned`);
  if (fresh.querySelector(".mentioned") && !isKnown) ring();
}

if (document.querySelector("live-updates[data-sounds]")) onLive(listen);
