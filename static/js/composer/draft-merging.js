// Decides which draft the message box shows: the server's, the one of this page, or both. `own` is {words, key, saved},
// where `saved` is the server's draft that `words` began with.
export function mergeDraft({ words, key }, own) {
  if (own.words === own.saved && words !== own.saved) return { words, key }; // saved, then changed elsewhere
  if (!words && own.saved && own.words) return { words: own.words, key }; // sent elsewhere, so the rest is another message
  if (words === own.saved || own.words.includes(words)) return { words: own.words, key: own.key };
  if (words.includes(own.words)) return { words, key };
  return { words: `${own.words}\n${words}`, key };
}
