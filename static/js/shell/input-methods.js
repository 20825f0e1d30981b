// Hides keys that belong to an input method, for example for Japanese, from all other scripts; so it must run first. Safari
// reports the Enter that accepts a word after the composition, recognisable only by its code.
const TAKEN_BY_INPUT_METHOD = 229;

addEventListener(
  "keydown",
  (event) => {
    if (event.isComposing || event.keyCode === TAKEN_BY_INPUT_METHOD) event.stopImmediatePropagation();
  },
  { capture: true },
);
