// Parses HTML from the server into nodes.
export const fragment = (html) => document.createRange().createContextualFragment(html);
