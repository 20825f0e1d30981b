// Moves the read mark along with what was really in front of somebody; without script its button does that.
const PAUSE = 400;

class ReadMark extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.querySelector("button")?.remove();
    this.read = Number(this.dataset.read);
    this.visible = new Set();
    this.watcher = new IntersectionObserver((entries) => this.see(entries), { threshold: 0.1 });
    this.watch(document.querySelectorAll(".timeline article"));
    document.addEventListener("arrived", ({ detail }) => this.watch(detail));
    document.addEventListener("visibilitychange", () => this.plan());
    document.addEventListener("live", ({ detail }) => detail.name === "inbox" && this.plan());
  }

  watch(articles) {
    for (const article of articles) this.watcher.observe(article);
  }

  see(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.visible.add(target);
      else this.visible.delete(target);
    }
    this.plan();
  }

  plan() {
    clearTimeout(this.timer);
    if (document.visibilityState === "visible") this.timer = setTimeout(() => this.mark(), PAUSE);
  }

  // A mention that is new may be before the mark, where somebody edited a message.
  isRead(article) {
    return Number(article.dataset.at) <= this.read && !document.querySelector('.inbox [aria-current="page"] .mentioned');
  }

  async mark() {
    const seen = [...this.visible].filter((article) => article.isConnected && !this.isRead(article));
    if (!seen.length || document.visibilityState !== "visible") return;
    const last = seen.reduce((one, other) => (Number(one.dataset.at) > Number(other.dataset.at) ? one : other));
    const data = new FormData(this.form);
    data.set("message", last.id.slice(1));
    const answer = await post(this.form.action, data);
    if (!answer.status && !answer.isElsewhere) {
      this.timer = setTimeout(() => this.mark(), 10 * PAUSE);
    } else if (answer.isElsewhere) {
      this.read = Math.max(this.read, Number(last.dataset.at));
      const isAll = !document.querySelector('.timeline [rel="next"]') && !last.matches(":has(~ article)");
      const { conversation } = document.querySelector(".timeline").dataset;
      if (isAll) document.dispatchEvent(new CustomEvent("live", { detail: { name: "read", data: conversation } }));
    }
  }
}

customElements.define("read-mark", ReadMark);
