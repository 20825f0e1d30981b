// Finds code blocks in unfinished text.
const CONTAINERS = String.raw`(?:[ \t]|>|[-*+](?=\s)|\d{1,9}[.)](?=\s))*`; // quotes and lists
const OPENING = new RegExp(`^${CONTAINERS}(\x60{3,}(?=[^\x60]*$)|~{3,})`);
const CLOSING = new RegExp(`^${CONTAINERS}(\x60{3,}|~{3,})[ \\t]*$`);

// Return whether a text ends within a code block.
export function isInOpenFence(text) {
  let open = "";
  for (const line of text.split("\n")) {
    const fence = (open ? CLOSING : OPENING).exec(line)?.[1] ?? "";
    if (!open) open = fence;
    else if (fence.startsWith(open)) open = "";
  }
  return open !== "";
}
