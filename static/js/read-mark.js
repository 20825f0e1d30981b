// Once the newest messages were really in front of somebody, tell the server, as its button does without script.
class ReadMark extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").hidden = true;
    this.markWhenSeen = () => document.visibilityState === "visible" && this.mark();
    document.addEventListener("visibilitychange", this.markWhenSeen);
    this.markWhenSeen();
  }

  async mark() {
    document.removeEventListener("visibilitychange", this.markWhenSeen);
    const form = this.querySelector("form");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
      const entry = document.querySelector('.inbox [aria-current="page"]');
      if (answer.type !== "opaqueredirect" || !entry) return;
      entry.querySelector(".badge")?.remove();
      entry.classList.remove("unread");
    } catch {
      this.querySelector("button").hidden = false;
    }
  }
}

customElements.define("read-mark", ReadMark);
