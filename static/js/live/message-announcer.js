// Tells screen readers what comes in, politely and once; not what one says oneself, and nothing while it is paused,
// which this browser remembers.
const PAUSED = "announcements are paused";
const MOST = 3; // messages at a time, else only their number
const LONGEST = 200; // characters
const LASTS = 10000; // then it would only be in the way of who reads the page

class MessageAnnouncer extends HTMLElement {
  connectedCallback() {
    this.known = new Set([...document.querySelectorAll(".timeline article")].map(({ id }) => id));
    this.button = document.querySelector(".head .announcing");
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.pause(!localStorage.getItem(PAUSED)));
    addEventListener("storage", ({ key }) => key === PAUSED && this.show());
    document.addEventListener("arrived", ({ detail }) => this.hear(detail));
    this.show();
  }

  pause(isPaused) {
    if (isPaused) localStorage.setItem(PAUSED, "yes");
    else localStorage.removeItem(PAUSED);
    this.show();
  }

  show() {
    this.button.setAttribute("aria-pressed", !localStorage.getItem(PAUSED));
  }

  hear(articles) {
    const { person } = document.getElementById("main").dataset;
    const fresh = articles.filter(({ id, dataset }) => !this.known.has(id) && dataset.sender !== person);
    for (const { id } of articles) this.known.add(id);
    if (!fresh.length || localStorage.getItem(PAUSED)) return;
    if (fresh.length > MOST) this.say(this.dataset.many.replace("{number}", fresh.length));
    else fresh.forEach((article) => this.say(wordsOf(article)));
  }

  say(words) {
    const line = document.createElement("p");
    line.textContent = words;
    this.querySelector("[aria-live]").append(line);
    setTimeout(() => line.remove(), LASTS);
  }
}

function wordsOf(article) {
  const words = (article.querySelector(".body") ?? article).textContent.trim();
  const sender = article.querySelector("h3 b")?.textContent;
  return `${sender ? `${sender}: ` : ""}${words.slice(0, LONGEST)}`;
}

customElements.define("message-announcer", MessageAnnouncer);
