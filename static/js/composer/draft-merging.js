// Decides what the message box holds: the words that the server has, those of this page, or both. `own` is {words, key,
// saved}, where `saved` are the words that the server had before.
export function mergeDraft({ words, key }, own) {
  if (own.words === own.saved && words !== own.saved) return { words, key }; // all of it was saved, then changed elsewhere
  if (!words && own.saved && own.words) return { words: own.words, key }; // sent elsewhere: what was added is another message
  if (words === own.saved || own.words.includes(words)) return { words: own.words, key: own.key };
  if (words.includes(own.words)) return { words, key };
  return { words: `${own.words}\n${words}`, key };
}
