// Keeps the lines of the inbox as they are on the server, and the number of unread messages in the page's title.
class LiveInbox extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector(".inbox");
    document.addEventListener("live", ({ detail: { name, data } }) => {
      if (name === "inbox") this.put(data);
      if (name === "left" || name === "gone") this.entry(data)?.remove();
      if (name === "read") this.markRead(this.entry(data));
      this.count();
    });
  }

  entry(conversation) {
    return this.list.querySelector(`[data-entry="${CSS.escape(conversation)}"]`);
  }

  put(html) {
    const fresh = document.createRange().createContextualFragment(html).querySelector("[data-entry]");
    const old = this.entry(fresh.dataset.entry);
    const place = document.querySelector(".timeline")?.dataset.conversation;
    if (fresh.dataset.entry === place) fresh.setAttribute("aria-current", "page");
    const when = (entry) => entry?.querySelector("time").getAttribute("datetime");
    if (old && (when(old) === when(fresh) || old.contains(document.activeElement))) {
      const had = old.contains(document.activeElement);
      old.replaceWith(fresh);
      if (had) fresh.focus();
    } else if (old || this.list.hasAttribute("data-first")) {
      old?.remove();
      this.list.querySelector(".empty")?.remove();
      const entries = [...this.list.querySelectorAll("[data-entry]")];
      const next = entries.find((entry) => Date.parse(when(entry)) <= Date.parse(when(fresh)));
      this.list.insertBefore(fresh, next ?? this.list.querySelector(".more"));
    }
  }

  markRead(entry) {
    entry?.querySelectorAll(".badge, .mentioned").forEach((mark) => mark.remove());
    entry?.classList.remove("unread");
    entry?.removeAttribute("data-unread");
  }

  count() {
    const unread = [...this.list.querySelectorAll("[data-unread]")].map((entry) => Number(entry.dataset.unread));
    const sum = unread.reduce((one, other) => one + other, 0);
    const title = document.title.replace(/^\(\d+\+?\) /, "");
    document.title = sum ? `(${sum > 99 ? "99+" : sum}) ${title}` : title;
  }
}

customElements.define("live-inbox", LiveInbox);
