import { typedWord } from "../../../../static/js/search/typed-word.js";
import { equal } from "./check.js";

const typed = (text) => typedWord(text, text.length, text.length);

export const tests = {
  "an operator is completed from its first letter on, a word from its second": () => {
    const texts = ["from:", "from:a", 'in:"to', "-mentions:b", "an", "our plans"];
    equal(texts.map(typed), ["from:", "from:a", 'in:"to', "mentions:b", "an", "plans"]);
    equal(typed("a"), undefined);
  },

  "nothing is completed after a space or in a selection": () => {
    equal(typed("plans "), undefined);
    equal(typedWord("plans", 0, 5), undefined);
  },
};
