import { mergeDraft } from "../../../../static/js/composer/draft-merging.js";
import { equal } from "./check.js";

const merge = (words, stored) => mergeDraft({ words, key: "of the server" }, { key: "stored", saved: "", ...stored });

export const tests = {
  "words that did not reach the server replace those it had before": () => {
    const merged = merge("half", { words: "other words", saved: "half" });
    equal(merged, { words: "other words", key: "stored" });
  },

  "words that go on where the server's end replace them": () => {
    equal(merge("half a", { words: "half a thought" }), { words: "half a thought", key: "stored" });
    equal(merge("", { words: "first words" }), { words: "first words", key: "stored" });
  },

  "words of another device that go on where the stored ones end stay": () => {
    equal(merge("half a thought", { words: "half a" }), { words: "half a thought", key: "of the server" });
  },

  "words of two devices that have nothing in common are both there": () => {
    equal(merge("from the phone", { words: "from the desk" }), { words: "from the desk\nfrom the phone", key: "of the server" });
  },

  "merging again changes nothing": () => {
    const stored = { words: "from the desk" };
    const once = merge("from the phone", stored);
    equal(merge(once.words, stored).words, once.words);
  },

  "words that were all saved follow the server's": () => {
    equal(merge("changed on the phone", { words: "half", saved: "half" }), { words: "changed on the phone", key: "of the server" });
    equal(merge("", { words: "half", saved: "half" }), { words: "", key: "of the server" });
  },

  "words added to a draft that was sent elsewhere are another message": () => {
    equal(merge("", { words: "half a thought", saved: "half" }), { words: "half a thought", key: "of the server" });
  },

  "words that were removed here stay removed": () => {
    equal(merge("half", { words: "", saved: "half" }), { words: "", key: "stored" });
  },
};
