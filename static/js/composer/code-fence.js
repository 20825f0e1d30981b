// Finds code blocks in words that are still being written.
const CONTAINERS = String.raw`(?:[ \t]|>|[-*+](?=\s)|\d{1,9}[.)](?=\s))*`; // quotes and lists
const OPENING = new RegExp(`^${CONTAINERS}(\`{3,}(?=[^\`]*$)|~{3,})`);
const CLOSING = new RegExp(`^${CONTAINERS}(\`{3,}|~{3,})[ \\t]*$`);

// Whether a text ends within a code block that nothing has closed yet.
export function isInOpenFence(text) {
  let open = "";
  for (const line of text.split("\n")) {
    const fence = (open ? CLOSING : OPENING).exec(line)?.[1] ?? "";
    if (!open) open = fence;
    else if (fence.startsWith(open)) open = "";
  }
  return open !== "";
}
