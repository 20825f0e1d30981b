// Two soft tones when a mention comes in, for who has chosen them: from one tab, however many are open.
const TONES = [[0, 659], [0.14, 880]]; // seconds, hertz
const LENGTH = 0.35;
const REST = 1000;

function ring() {
  if (navigator.userActivation?.hasBeenActive === false) return; // no browser plays to who has not touched the page
  const context = new AudioContext();
  for (const [start, frequency] of TONES) {
    const begin = context.currentTime + start;
    const tone = new OscillatorNode(context, { frequency });
    const volume = new GainNode(context, { gain: 0.12 });
    volume.gain.setValueAtTime(0.12, begin);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + LENGTH);
    tone.connect(volume).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + LENGTH);
  }
  setTimeout(() => context.close(), REST);
}

function alone() {
  if (!navigator.locks) return ring();
  navigator.locks.request("sound of a mention", { ifAvailable: true }, (lock) => {
    if (!lock) return undefined;
    ring();
    return new Promise((done) => setTimeout(done, REST));
  });
}

// Before the inbox is changed, which tells what is new.
function hear({ detail: { name, data } }) {
  if (name !== "inbox") return;
  const fresh = document.createRange().createContextualFragment(data).querySelector("[data-entry]");
  const isKnown = document.querySelector(`[data-entry="${CSS.escape(fresh.dataset.entry)}"] .mentioned`);
  if (fresh.querySelector(".mentioned") && !isKnown) alone();
}

if (document.querySelector("live-updates[data-sounds]")) document.addEventListener("live", hear);
