// Writes a link as Markdown.
export function linkTo(words, address) {
  const target = /[()\s]/.test(address) ? `<${address}>` : address;
  return `[${words.replace(/[[\]\\]/g, "\\$&")}](${target})`;
}
