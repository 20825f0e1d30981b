// Keeps the lines of the inbox as they are on the server, and the number of unread messages in the page's title. None
// moves while somebody is at them, with the focus or, where the inbox is the page, with the mouse.
class LiveInbox extends HTMLElement {
  connectedCallback() {
    this.place = this.querySelector(".inbox");
    this.list = this.place.querySelector("ul") ?? this.place;
    this.row = this.querySelector("template.row")?.content.firstElementChild;
    this.button = this.querySelector("[data-order]");
    this.waiting = new Map(); // lines that came while somebody was at the others
    document.addEventListener("live", ({ detail: { name, data } }) => {
      if (name === "inbox") this.put(data);
      if (name === "left" || name === "gone") this.remove(data);
      if (name === "read") this.markRead(this.entry(data));
      this.count();
    });
    this.addEventListener("focusout", () => setTimeout(() => this.settle()));
    if (this.button) this.followMouse();
  }

  followMouse() {
    for (const name of ["pointerenter", "pointerleave"]) {
      this.place.addEventListener(name, (event) => {
        this.isPointedAt = name === "pointerenter" && event.pointerType === "mouse";
        this.settle();
      });
    }
    this.button.addEventListener("click", () => {
      this.order();
      this.entries[0]?.focus();
    });
  }

  get isHeld() {
    return this.isPointedAt || this.contains(document.activeElement);
  }

  get entries() {
    return [...this.list.querySelectorAll("[data-entry]")];
  }

  entry(conversation) {
    return this.list.querySelector(`[data-entry="${CSS.escape(conversation)}"]`);
  }

  put(html) {
    const fresh = document.createRange().createContextualFragment(html).querySelector("[data-entry]");
    const name = fresh.dataset.entry;
    const old = this.entry(name);
    if (name === document.querySelector(".timeline")?.dataset.conversation) fresh.setAttribute("aria-current", "page");
    if (old) {
      const had = old === document.activeElement;
      old.replaceWith(fresh);
      if (had) fresh.focus();
    } else if (this.place.hasAttribute("data-first") && fresh.matches(this.place.dataset.fits)) {
      this.waiting.set(name, fresh);
    }
    this.settle();
  }

  remove(conversation) {
    const entry = this.entry(conversation);
    this.waiting.delete(conversation);
    if (entry) rowOf(entry).remove();
  }

  // Bring the lines into their order, if nobody is at them; else offer to.
  settle() {
    const { entries } = this;
    const isSettled = !this.waiting.size && inOrder(entries).every((each, at) => each === entries[at]);
    if (!isSettled && !this.isHeld) return this.order();
    if (this.button && this.button !== document.activeElement) this.button.hidden = isSettled;
  }

  order() {
    for (const entry of this.waiting.values()) {
      this.place.querySelector(".empty")?.remove();
      this.list.insertBefore(this.rowFor(entry), this.list.querySelector(".more"));
    }
    this.waiting.clear();
    const wanted = inOrder(this.entries);
    wanted.forEach((entry, at) => {
      const there = this.entries[at];
      if (there !== entry) rowOf(there).before(rowOf(entry));
    });
    if (this.button) this.button.hidden = true;
  }

  rowFor(entry) {
    if (!this.row) return entry;
    const row = this.row.cloneNode(true);
    const name = entry.querySelector("b").cloneNode(true);
    name.querySelector(".kind")?.remove();
    const box = row.querySelector("input");
    box.value = entry.dataset.entry;
    box.setAttribute("aria-label", name.textContent.trim());
    row.append(entry);
    return row;
  }

  markRead(entry) {
    entry?.querySelectorAll(".badge, .mentioned").forEach((mark) => mark.remove());
    entry?.classList.remove("unread");
    entry?.removeAttribute("data-unread");
  }

  count() {
    const unread = this.entries.map((entry) => Number(entry.dataset.unread ?? 0));
    const sum = unread.reduce((one, other) => one + other, 0);
    const title = document.title.replace(/^\(\d+\+?\) /, "");
    document.title = sum ? `(${sum > 99 ? "99+" : sum}) ${title}` : title;
  }
}

const rowOf = (entry) => entry.closest("li") ?? entry;
const when = (entry) => Date.parse(entry.querySelector("time").getAttribute("datetime"));
const inOrder = (entries) => [...entries].sort((one, other) => when(other) - when(one));

customElements.define("live-inbox", LiveInbox);
