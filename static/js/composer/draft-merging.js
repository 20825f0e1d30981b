// Decides what the message box holds when a page opens: the words that the server has, those stored in this browser, or
// both. `stored` is {words, key, saved}, where `saved` are the words that the server had when these were stored.
export function mergeDraft({ words, key }, stored) {
  if (words === stored.saved || stored.words.includes(words)) return { words: stored.words, key: stored.key };
  if (words.includes(stored.words)) return { words, key };
  return { words: `${stored.words}\n${words}`, key };
}
