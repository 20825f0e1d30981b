// Makes nodes of HTML from the server.
export const fragment = (html) => document.createRange().createContextualFragment(html);
