// Converts HTML from the clipboard to Markdown: headings, emphasis, links, lists, code, tables and quotes.
import { linkTo } from "./linking.js";

const SKIPPED = "script, style, template, head, title, svg, button, input, select, textarea, noscript, [hidden], [aria-hidden=true]";
const BLOCKS = "p, div, h1, h2, h3, h4, h5, h6, ul, ol, li, pre, table, blockquote, hr, section, article, header, footer, main, figure, tr, dl, dt, dd";
const FENCE = "\x60\x60\x60";
const HEAVY = 600;
const MAX_DEPTH = 100;

export function toMarkdown(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const each of body.querySelectorAll(SKIPPED)) each.remove();
  if (isCode(body)) return body.textContent;
  return tidy(blocks(body, 0));
}

// Editors for code paste lines that keep their white space.
const isCode = (body) => [...body.children].some(({ localName, style }) => localName !== "pre" && /^pre\b/.test(style.whiteSpace));

const tidy = (text) => text.replace(/[ \t]+$/gm, "").replace(/\n{3,}/g, "\n\n").trim();

// Blocks with empty lines between them; what stands between blocks is a paragraph.
function blocks(parent, depth) {
  const found = [];
  let line = "";
  const end = () => {
    if (line.trim()) found.push(paragraph(line));
    line = "";
  };
  for (const node of parent.childNodes) {
    const isBlock = node.nodeType === Node.ELEMENT_NODE && (node.matches(BLOCKS) || Boolean(node.querySelector(BLOCKS)));
    if (!isBlock || depth > MAX_DEPTH) {
      line += inline(node, depth);
      continue;
    }
    end();
    found.push(block(node, depth + 1));
  }
  end();
  return found.filter((each) => each.trim()).join("\n\n");
}

const paragraph = (line) => line.replace(/ *\n */g, "\n").trim().replace(/^(\d{0,9})(#{1,6} |>|[-+] |[.)] )/, "$1\\$2");

function block(element, depth) {
  const kind = element.localName;
  if (/^h[1-6]$/.test(kind)) return `${"#".repeat(Number(kind[1]))} ${inlines(element, depth).replace(/\s+/g, " ").trim()}`;
  if (kind === "ul" || kind === "ol") return list(element, depth);
  if (kind === "pre") return `${FENCE}\n${element.textContent.replace(/\n$/, "")}\n${FENCE}`;
  if (kind === "blockquote") return blocks(element, depth).replace(/^/gm, "> ");
  if (kind === "table") return table(element, depth);
  return kind === "hr" ? "---" : blocks(element, depth);
}

function list(element, depth) {
  const isOrdered = element.localName === "ol";
  let number = element.start ?? 1;
  const items = [];
  for (const child of element.children) {
    if (child.matches("ul, ol")) { // a list right within a list, as Google Docs has it, belongs to the item before it
      items.push(indented(list(child, depth + 1), isOrdered ? 3 : 2));
      continue;
    }
    const marker = isOrdered ? `${number}. ` : "- ";
    number += 1;
    const words = blocks(child, depth + 1).replace(/\n\n/g, "\n");
    items.push(marker + indented(words, marker.length).trimStart());
  }
  return items.join("\n");
}

const indented = (text, width) => text.replace(/^(?=.)/gm, " ".repeat(width));

function table(element, depth) {
  const rows = [...element.rows].map(({ cells }) => [...cells].map((cell) => inlines(cell, depth).replace(/\s+/g, " ").trim().replaceAll("|", "\\|")));
  const width = Math.max(0, ...rows.map(({ length }) => length));
  if (width < 2) return rows.flat().join("\n\n"); // a table for the layout
  const line = (cells) => `| ${[...cells, ...Array(width - cells.length).fill("")].join(" | ")} |`;
  const [head, ...rest] = rows;
  return [line(head), line(Array(width).fill("---")), ...rest.map(line)].join("\n");
}

const inlines = (parent, depth) => [...parent.childNodes].map((node) => inline(node, depth + 1)).join("");

function inline(node, depth) {
  if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/[ \t\r\n\u00a0]+/g, " ").replace(/[*\x60]|\b_(?=\w)/g, "\\$&");
  if (node.nodeType !== Node.ELEMENT_NODE || depth > MAX_DEPTH) return "";
  const kind = node.localName;
  if (kind === "br") return "\n";
  if (kind === "img") return node.alt;
  if (["code", "kbd", "samp", "tt"].includes(kind)) return around("\x60", node.textContent);
  const words = inlines(node, depth);
  return kind === "a" ? link(node, words) : marks(node).reduce((text, mark) => around(mark, text), words);
}

function marks({ localName: kind, style }) {
  const weight = style.fontWeight === "bold" ? HEAVY : Number(style.fontWeight);
  const isBold = style.fontWeight ? weight >= HEAVY : ["b", "strong"].includes(kind);
  const isItalic = style.fontStyle ? style.fontStyle === "italic" : ["i", "em"].includes(kind);
  const isStruck = ["s", "del", "strike"].includes(kind) || style.textDecorationLine.includes("line-through");
  return [isBold && "**", isItalic && "*", isStruck && "~~"].filter(Boolean);
}

// Marks stand right beside the words, and blanks outside.
function around(mark, words) {
  const bare = words.trim();
  if (!bare || bare.includes("\n\n")) return words;
  const [before, after] = words.split(bare.length ? bare : words);
  return `${before ?? ""}${mark}${bare}${mark}${after ?? ""}`;
}

function link({ href, protocol }, words) {
  const label = words.trim();
  if (!["http:", "https:", "mailto:"].includes(protocol) || !label) return words;
  if (label === href || href === `mailto:${label}`) return label;
  return linkTo(label, href);
}
