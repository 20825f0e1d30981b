// The order of messages on the page, under the headings of their days.
const number = (article) => Number(article.id.slice(1));

export function isBefore(one, other) {
  const difference = Number(one.dataset.at) - Number(other.dataset.at);
  return difference < 0 || (difference === 0 && number(one) < number(other));
}

// Return the first of the headings above an article that belong to it, unless they belong to an article of `day`.
export function heading(article, day) {
  let first = article;
  for (let line = article.previousElementSibling; line?.matches(".day, .new"); line = line.previousElementSibling) {
    if (line.dataset.day === day?.dataset.day) break;
    first = line;
  }
  return first;
}

// Return the heading of the day of an article.
export function dayOf(article) {
  let line = article;
  while (line && !line.matches(".day")) line = line.previousElementSibling;
  return line;
}
