// The part of the bundle that helps with writing: it loads when somebody begins to write, and works in every form for text.
import "./format-bar.js";
import "./message-preview.js";
import "./word-completion.js";
import { pasted } from "./pasting.js";
import { replaceText } from "./replacing.js";

// Paste what the clipboard has, {html, text}, as Markdown.
export const paste = (box, clipboard) => replaceText(box, box.selectionStart, box.selectionEnd, pasted(box, clipboard));
