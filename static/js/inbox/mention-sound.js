// Plays two soft tones for a new mention, for people who turned that on: in one tab, however many are open.
const TONES = [[0, 659], [0.14, 880]]; // seconds, hertz
const TONE_SECONDS = 0.35;
const REST_MS = 1000;

function ring() {
  if (navigator.userActivation?.hasBeenActive === false) return; // browsers play nothing before the page is used
  const context = new AudioContext();
  for (const [start, frequency] of TONES) {
    const begin = context.currentTime + start;
    const tone = new OscillatorNode(context, { frequency });
    const volume = new GainNode(context, { gain: 0.12 });
    volume.gain.setValueAtTime(0.12, begin);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + TONE_SECONDS);
    tone.connect(volume).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + TONE_SECONDS);
  }
  setTimeout(() => context.close(), REST_MS);
}

function ringInOneTab() {
  if (!navigator.locks) return ring();
  navigator.locks.request("sound of a mention", { ifAvailable: true }, (lock) => {
    if (!lock) return undefined;
    ring();
    return new Promise((done) => setTimeout(done, REST_MS));
  });
}

// Runs before live-inbox.js: the entry on the page shows whether the mention is new.
function listen({ detail: { name, data } }) {
  if (name !== "inbox") return;
  const fresh = document.createRange().createContextualFragment(data).querySelector("[data-entry]");
  const isKnown = document.querySelector(`[data-entry="${CSS.escape(fresh.dataset.entry)}"] .mentioned`);
  if (fresh.querySelector(".mentioned") && !isKnown) ringInOneTab();
}

if (document.querySelector("live-updates[data-sounds]")) document.addEventListener("live", listen);
