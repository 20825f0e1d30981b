import { formatted } from "../../../../static/js/writing/markup.js";
import { equal } from "./check.js";

// Format what is between two "|", or at one; return the text with the new selection marked in the same way.
function format(kind, marked) {
  const [before, selected] = marked.split("|");
  const isCaret = marked.split("|").length === 2;
  const text = marked.replaceAll("|", "");
  const change = formatted(kind, text, before.length, before.length + (isCaret ? 0 : selected.length));
  const [from, to] = change.selection;
  const result = text.slice(0, change.start) + change.words + text.slice(change.end);
  const end = from === to ? "" : `${result.slice(from, to)}|`;
  return `${result.slice(0, from)}|${end}${result.slice(to)}`;
}

export const tests = {
  "marks stand around the selected words, and again remove them": () => {
    equal(format("bold", "a |b c| d"), "a **|b c|** d");
    equal(format("bold", "a **|b c|** d"), "a |b c| d");
    equal(format("bold", "a |**b c**| d"), "a |b c| d");
    equal(format("italic", "|a|"), "*|a|*");
    equal(format("italic", "*|a|*"), "|a|");
    equal(format("italic", "**|a|**"), "***|a|***");
    equal(format("strikethrough", "|a|"), "~~|a|~~");
    equal(format("code", "|a|"), "`|a|`");
  },

  "blanks at the ends of the selection stay outside": () => {
    equal(format("bold", "a| b |c"), "a **|b|** c");
  },

  "without a selection the caret is between the marks": () => {
    equal(format("bold", "a |"), "a **|**");
    equal(format("block", "a|"), "a\n```\n|\n```");
    equal(format("link", "a |"), "a [|](https://)");
  },

  "a link asks for its address": () => {
    equal(format("link", "see |this|"), "see [this](|https://|)");
  },

  "lines become items of a list, a numbered list or a quote, and again lines": () => {
    equal(format("list", "x\n|a\nb|\ny"), "x\n|- a\n- b|\ny");
    equal(format("list", "|- a\n- b|"), "|a\nb|");
    equal(format("numbers", "|- a\n- b|"), "|1. a\n2. b|");
    equal(format("quote", "a|"), "> a|");
    equal(format("quote", "> a|"), "a|");
  },

  "code of several lines becomes a block": () => {
    equal(format("block", "see |a\nb| c"), "see \n```\n|a\nb|\n```\n c");
  },
};
