// Keys that an input method takes, to write Japanese for example, mean nothing else: no other script sees them. Safari
// reports an Enter that accepts a word after the composition, with only the old code to tell it by. Runs first.
const TAKEN_BY_INPUT_METHOD = 229;

addEventListener(
  "keydown",
  (event) => {
    if (event.isComposing || event.keyCode === TAKEN_BY_INPUT_METHOD) event.stopImmediatePropagation();
  },
  { capture: true },
);
