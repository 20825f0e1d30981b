// Decides which draft the message box shows when a page opens: the server's, the one stored in this browser, or both.
// `stored` is {words, key, saved}, where `saved` is the server's draft at the time when `words` were stored.
export function mergeDraft({ words, key }, stored) {
  if (words === stored.saved || stored.words.includes(words)) return { words: stored.words, key: stored.key };
  if (words.includes(stored.words)) return { words, key };
  return { words: `${stored.words}\n${words}`, key };
}
