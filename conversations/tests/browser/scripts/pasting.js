import { pasted } from "../../../../static/js/writing/pasting.js";
import { toMarkdown } from "../../../../static/js/writing/html-to-markdown.js";
import { equal } from "./check.js";

const box = (value, selectionStart = value.length, selectionEnd = value.length) => ({ value, selectionStart, selectionEnd });
const DOCS = `<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr"><span style="font-weight:700;">Plan</span>
  <span style="font-style:italic">for</span> <span style="font-weight:400">May</span></p><ul><li><p>milk</p></li><ul><li><p>two litres</p></li></ul><li><p>flour</p></li></ul></b>`;
const CODE = `<div style="font-family: monospace; white-space: pre;"><div><span style="color: #00f;">if</span> x:</div></div>`;

export const tests = {
  "headings, emphasis, links and quotes become Markdown": () => {
    equal(toMarkdown("<h2>Title</h2><p>a <b>bold</b> <em>word </em>and <del>gone</del></p>"), "## Title\n\na **bold** *word* and ~~gone~~");
    equal(toMarkdown('<p><a href="https://a.example/x">here</a> <a href="https://a.example/">https://a.example/</a></p>'), "[here](https://a.example/x) https://a.example/");
    equal(toMarkdown("<blockquote><p>one</p><p>two</p></blockquote>"), "> one\n>\n> two");
    equal(toMarkdown("<p>one<br>two</p><hr><p>three</p>"), "one\ntwo\n\n---\n\nthree");
  },

  "lists become Markdown, also those of Google Docs": () => {
    equal(toMarkdown("<ol start=3><li>a<ul><li>b</li></ul></li><li>c</li></ol>"), "3. a\n   - b\n4. c");
    equal(toMarkdown(DOCS), "**Plan** *for* May\n\n- milk\n  - two litres\n- flour");
  },

  "code and tables become Markdown": () => {
    equal(toMarkdown("<p>call <code>f()</code></p><pre>a\n  b\n</pre>"), "call `f()`\n\n```\na\n  b\n```");
    equal(toMarkdown("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>x|y</td></tr></table>"), "| a | b |\n| --- | --- |\n| 1 | x\\|y |");
  },

  "scripts, hidden text and addresses that do something are left out": () => {
    equal(toMarkdown('<p>a<script>alert(1)</script><span hidden>b</span><a href="javascript:alert(1)">c</a></p>'), "ac");
  },

  "characters of Markdown in text stay themselves": () => {
    equal(toMarkdown("<p>2*3*4</p><p># no title</p><p>1. May</p>"), "2\\*3\\*4\n\n\\# no title\n\n1\\. May");
  },

  "text without formatting is pasted as plain text, and so is code": () => {
    equal(pasted(box(""), { html: "<div>one</div><div>two</div>", text: "one\ntwo" }), "one\ntwo");
    equal(pasted(box(""), { html: CODE, text: "if x:" }), "if x:");
    equal(pasted(box("```\n"), { html: "<b>x</b>", text: "x" }), "x");
    equal(pasted(box(""), { html: "<b>x</b>", text: "x" }), "**x**");
  },

  "an address on selected words becomes their link": () => {
    equal(pasted(box("see this", 4, 8), { html: "", text: "https://a.example/x_(y)" }), "[this](<https://a.example/x_(y)>)");
    equal(pasted(box("see this"), { html: "", text: "https://a.example/" }), "https://a.example/");
    equal(pasted(box("https://b.example", 0, 17), { html: "", text: "https://a.example/" }), "https://a.example/");
  },
};
