// The actions on messages. The bar with their buttons loads when somebody first points at a message, focuses or touches
// one; what they do before it has loaded is done then. Marks what is the reader's own, as a message has the same HTML
// for everyone: their reactions, and the messages that they have saved.
const LONG_PRESS_MS = 450; // shorter than the browser's own, which selects text
const KEYS = { r: "reply", e: "edit", "+": "pick" };
const OWN_MENU = ":is(a, button, summary, img, video, audio, textarea, input)"; // pressed long, they do what browsers do

const loadBar = () => import("./message-bar.js");
const isPlain = (event) => !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
const articleAt = (target) => target.closest("article:not(.system)");
const isListed = (article) => Boolean(article.closest(".message-list"));

class MessageActions extends HTMLElement {
  connectedCallback() {
    const area = this.closest(".site");
    this.saved = new Set(document.querySelector("[data-saved]")?.dataset.saved.split(" ")); // ids of messages
    for (const name of ["pointerover", "focusin"]) {
      area.addEventListener(name, ({ target }) => this.withBar(articleAt(target), (bar, article) => bar.moveTo(article)));
    }
    area.addEventListener("click", (event) => this.click(event));
    area.addEventListener("pointerdown", (event) => this.pressLong(event));
    for (const name of ["pointerup", "pointercancel"]) area.addEventListener(name, () => clearTimeout(this.timer));
    area.addEventListener("contextmenu", (event) => {
      if (event.pointerType === "touch" && articleAt(event.target) && !event.target.closest(OWN_MENU)) event.preventDefault();
    });
    document.addEventListener("edit-message", ({ detail }) => this.act(detail, "edit"));
    new MutationObserver(() => this.mark()).observe(area, { childList: true, subtree: true });
    this.mark();
  }

  // Call back with the bar as soon as it has loaded; without a connection the next use tries again.
  async withBar(article, callBack) {
    if (!article || isListed(article)) return;
    this.loading ??= loadBar();
    try {
      const { MessageBar } = await this.loading;
      this.bar ??= new MessageBar(this);
    } catch {
      this.loading = undefined;
      return;
    }
    callBack(this.bar, article);
  }

  click(event) {
    const target = event.target.closest("article :is(.reaction, .dots)");
    if (!target || !isPlain(event) || (target.matches(".reaction") && !("mayWrite" in this.dataset))) return;
    event.preventDefault();
    this.withBar(articleAt(target), (bar) => bar.click(target));
  }

  pressLong({ pointerType, target }) {
    clearTimeout(this.timer);
    if (pointerType !== "touch" || target.closest(OWN_MENU)) return;
    this.timer = setTimeout(() => this.withBar(articleAt(target), (bar, article) => bar.openSheet(article)), LONG_PRESS_MS);
  }

  act(article, name, isByKey = false) {
    this.withBar(article, (bar) => bar.act(article, name, isByKey));
  }

  // Act on a message by key, as its buttons do; return whether the key stands for an action.
  actByKey(article, key) {
    if (!KEYS[key] || !articleAt(article) || isListed(article)) return false;
    this.act(article, KEYS[key], true);
    return true;
  }

  // Undo the last action, which a notice names; return whether there is one.
  undoLast() {
    return Boolean(this.bar?.toast.undoLast());
  }

  mark() {
    for (const reaction of document.querySelectorAll("article .reaction[data-people]:not([role])")) {
      reaction.setAttribute("role", "button");
      reaction.setAttribute("aria-pressed", reaction.dataset.people.split(" ").includes(this.dataset.person));
    }
    for (const id of this.saved) {
      for (const title of document.querySelectorAll(`:is(#m${id}, #t${id}) h3:not(:has(.saved-mark))`)) {
        title.append(this.querySelector("template.mark").content.cloneNode(true));
      }
    }
  }
}

customElements.define("message-actions", MessageActions);
if (document.querySelector("edit-form")) loadBar();
