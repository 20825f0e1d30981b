// What is pasted for the contents of the clipboard: an address on selected words becomes their link, formatted text becomes
// Markdown, and code stays as it is.
import { isInOpenFence } from "../composer/code-fence.js";
import { toMarkdown } from "./html-to-markdown.js";
import { linkTo } from "./linking.js";

const ADDRESS = /^(?:https?:\/\/|mailto:)\S+$/i;
const squeezed = (text) => text.replace(/\s+/g, "");

export function pasted({ value, selectionStart, selectionEnd }, { html, text }) {
  if (isInOpenFence(value.slice(0, selectionStart))) return text;
  const selected = value.slice(selectionStart, selectionEnd);
  const address = text.trim();
  if (selected.trim() && ADDRESS.test(address) && !ADDRESS.test(selected.trim())) return linkTo(selected, address);
  const markdown = html ? toMarkdown(html) : text;
  // Without any formatting, the plain text has the better line breaks.
  return squeezed(markdown.replaceAll("\\", "")) === squeezed(text.replaceAll("\\", "")) ? text : markdown;
}
