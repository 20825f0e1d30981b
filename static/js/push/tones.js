// The sounds of notifications: soft tones, as User.Sound names them.
const SOUNDS = {
  chime: [[0, 659], [0.14, 880]], // seconds, hertz
  drop: [[0, 988], [0.1, 587]],
  bell: [[0, 784], [0, 1175], [0, 1568]],
};
const TONE_SECONDS = 0.35;
const VOLUME = 0.12;
const REST_MS = 1000;

export function play(sound) {
  if (navigator.userActivation?.hasBeenActive === false) return; // browsers play nothing before the page is used
  const context = new AudioContext();
  for (const [start, frequency] of SOUNDS[sound] ?? []) {
    const begin = context.currentTime + start;
    const tone = new OscillatorNode(context, { frequency });
    const volume = new GainNode(context, { gain: VOLUME });
    volume.gain.setValueAtTime(VOLUME, begin);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + TONE_SECONDS);
    tone.connect(volume).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + TONE_SECONDS);
  }
  setTimeout(() => context.close(), REST_MS);
}
