import { isInOpenFence } from "../../../../static/js/composer/code-fence.js";
import { equal } from "./check.js";

const open = (...texts) => equal(texts.filter((text) => !isInOpenFence(text)), []);
const closed = (...texts) => equal(texts.filter((text) => isInOpenFence(text)), []);

export const tests = {
  "three backticks or tildes begin a code block, with or without a language": () => {
    open("```", "```python", "words\n```", "~~~", "````", "```js\nlet x;", "```\n\n", "  ```");
    closed("", "words", "``", "`code`", "```code```", "words ```", "``` a ` b");
  },

  "as many of the same close it": () => {
    closed("```\ncode\n```", "~~~\ncode\n~~~~", "```\ncode\n```  ", "```\ncode\n```\nwords");
    open("```\ncode\n~~~", "````\ncode\n```", "```\ncode\n``` words", "```\na\n```\n```");
  },

  "a code block may be in a quote or a list": () => {
    open("> ```", "> > ```js", "- ```", "1. ```\n   code", "* > ```");
    closed("> ```\n> code\n> ```", "- ```\n  code\n  ```", "-```");
  },
};
