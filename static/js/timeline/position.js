// The place of a scroller in its messages. At its end it counts from there, so that the newest message stays in view.
// Elsewhere it counts from the top: there the browser keeps what is in view in place, also while the reader scrolls.
// Where the browser does not do that, it always counts from the end.
const END_MARGIN_PIXELS = 40;
const NOTICED_PIXELS = 1; // the browser keeps places to the nearest pixel
const HAS_ANCHORS = CSS.supports("overflow-anchor", "auto");

export class Position {
  constructor(scroller) {
    this.scroller = scroller;
  }

  get isFromTop() {
    return this.scroller.classList.contains("from-top");
  }

  // How far the end is below the view.
  get pixelsToEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller;
    return this.isFromTop ? scrollHeight - clientHeight - scrollTop : -scrollTop;
  }

  get isAtEnd() {
    return this.pixelsToEnd <= END_MARGIN_PIXELS;
  }

  // Count from the end if the newest message is there and in view, else from the top.
  settle(isAtNewest) {
    const { scroller, isFromTop } = this;
    if (!HAS_ANCHORS || isFromTop !== isAtNewest || scroller.scrollHeight <= scroller.clientHeight) return;
    this.steady(() => scroller.classList.toggle("from-top", !isFromTop));
  }

  toEnd() {
    this.scroller.scrollTop = this.isFromTop ? this.scroller.scrollHeight : 0;
  }

  // Return the first article in view.
  first() {
    const { top } = this.scroller.getBoundingClientRect();
    return this.articles.find((article) => article.getBoundingClientRect().bottom > top);
  }

  // Return the last article in view.
  last() {
    const { bottom } = this.scroller.getBoundingClientRect();
    return this.articles.findLast((article) => article.getBoundingClientRect().top < bottom);
  }

  get articles() {
    return [...this.scroller.querySelectorAll("article:not([hidden])")];
  }

  // Move an article to this height, unless it is there: setting a position would end a smooth movement.
  move(article, top) {
    const by = article.getBoundingClientRect().top - top;
    if (Math.abs(by) > NOTICED_PIXELS) this.scroller.scrollTop += by;
  }

  // Change messages without moving the first one in view, which may be replaced.
  steady(change) {
    const anchor = this.first();
    const top = anchor?.getBoundingClientRect().top;
    change();
    const there = anchor && document.getElementById(anchor.id);
    if (there) this.move(there, top);
  }

  // A message that the reader unfolds grows downwards; one that they fold stays in view.
  fold({ target }) {
    const article = target.closest("summary")?.closest("article");
    if (!article) return;
    const { top } = article.getBoundingClientRect();
    const start = this.scroller.getBoundingClientRect().top + 2 * END_MARGIN_PIXELS;
    const isOpening = !target.closest("details").open;
    requestAnimationFrame(() => this.move(article, isOpening ? top : Math.max(top, start)));
  }
}
