import { newLine } from "../../../../static/js/writing/lists.js";
import { equal } from "./check.js";

// The text after a new line at the "|".
function continued(text) {
  const caret = text.indexOf("|");
  const bare = text.replace("|", "");
  const change = newLine(bare, caret);
  return change && bare.slice(0, change.start) + change.words + bare.slice(change.end);
}

export const tests = {
  "a new line continues a list, a numbered list and a quote": () => {
    equal(continued("- milk|"), "- milk\n- ");
    equal(continued("* milk|"), "* milk\n* ");
    equal(continued("9. milk|"), "9. milk\n10. ");
    equal(continued("a\n  1) milk|\nb"), "a\n  1) milk\n  2) \nb");
    equal(continued("> words|"), "> words\n> ");
    equal(continued("> - milk|"), "> - milk\n> - ");
  },

  "a task begins another task that is not done": () => {
    equal(continued("- [x] milk|"), "- [x] milk\n- [ ] ");
  },

  "a new line within an item begins another one": () => {
    equal(continued("- milk| and flour"), "- milk\n-  and flour");
  },

  "an empty item ends the list": () => {
    equal(continued("- milk\n- |"), "- milk\n");
    equal(continued("1. milk\n2. |\nb"), "1. milk\n\nb");
    equal(continued("> |"), "");
    equal(continued("- [ ] |"), "");
  },

  "other lines stay as they are": () => {
    equal(["words|", "|", "-5 degrees|", "a - b|", "1.5 kilos|", "**bold**|"].map(continued).filter(Boolean), []);
  },
};
