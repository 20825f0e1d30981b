// Two soft tones for a mention, in only one of the open tabs. Loaded at the first mention: most people want no sound.
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

export function ringInOneTab() {
  if (!navigator.locks) {
    ring();
    return;
  }
  navigator.locks.request("sound of a mention", { ifAvailable: true }, (lock) => {
    if (!lock) return undefined;
    ring();
    return new Promise((done) => setTimeout(done, REST_MS));
  });
}
