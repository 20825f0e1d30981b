import { mentionedNames, typedName } from "../../../../static/js/writing/mentions.js";
import { equal } from "./check.js";

const typed = (text) => typedName(text, text.length, text.length);

export const tests = {
  "the name before the caret is completed": () => {
    equal(typed("@an"), "an");
    equal(typed("hello (@an"), "an");
    equal(typed("hello @"), "");
    equal(typedName("@an and more", 3, 3), "an");
    equal(typed("@ana-maria.b"), "ana-maria.b");
  },

  "a name may have accents, and an @ of full width may stand after a mark": () => {
    equal(typed("@jör"), "jör");
    equal(typed("＠an"), "an");
    equal(typed("交给@an"), "an");
    equal(typed("@ana/@be"), "be");
    equal(typed(".@an"), "an");
    equal(mentionedNames("＠Jörg/@ben，@ida."), "@ben @ida. @jörg");
  },

  "an address is no name, nor is what lies behind the caret, nor a selection": () => {
    equal(typed("ana@example"), undefined);
    equal(typed("https://example.org/@ana"), undefined);
    equal(typed("@ana "), undefined);
    equal(typedName("@ana", 1, 4), undefined);
    equal(typed(`@${"a".repeat(51)}`), undefined);
  },

  "each name is counted once, in small letters, whatever their order": () => {
    equal(mentionedNames("@Ben and @ana, @ben!"), "@ana @ben");
    equal(mentionedNames("@ana, @Ben"), mentionedNames("@ben @ANA"));
    equal(mentionedNames("nobody"), "");
  },

  "names in code and in addresses are none": () => {
    equal(mentionedNames("`@ana` @ben"), "@ben");
    equal(mentionedNames("```\n@ana\n``` @ben"), "@ben");
    equal(mentionedNames("@ben ```\n@ana"), "@ben");
    equal(mentionedNames("ana@example.org"), "");
  },

  "what the server is asked has a limit": () => {
    const names = [...Array(500).keys()].map((number) => `@name${number}`);
    equal(mentionedNames(names.join(" ")).length, 1000);
  },
};
