// The words of messages as plain text, and the clipboard.

// Return the text of nodes as it is shown, but with user names in mentions, and without our own buttons and labels.
export function textOf(nodes) {
  const copy = document.createElement("div");
  copy.className = "unseen";
  copy.style.whiteSpace = "normal";
  copy.append(nodes);
  for (const mention of copy.querySelectorAll("a.mention")) mention.textContent = `@${decodeURIComponent(mention.pathname.split("/").at(-2))}`;
  for (const each of copy.querySelectorAll("summary, button")) each.remove();
  for (const folded of copy.querySelectorAll("details")) folded.open = true;
  document.body.append(copy);
  const text = copy.innerText.trim();
  copy.remove();
  return text;
}

// Return the selected text if all of it is within an element.
export function selectedWithin(element) {
  const selection = getSelection();
  if (!element || selection.isCollapsed || !element.contains(selection.anchorNode) || !element.contains(selection.focusNode)) return "";
  return textOf(selection.getRangeAt(0).cloneContents());
}

// Copy text; browsers have no clipboard on sites without TLS, where an invisible field takes its place.
export async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.className = "unseen";
  field.value = text;
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
