// Triage by key, where the inbox is the page: j and k move, e marks read, u unread, x chooses. What is chosen, or else
// the conversation that has the focus, is marked in place by the same form.
class InboxTriage extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.status = this.form.querySelector("[role=status]");
    document.addEventListener("keydown", (event) => this.press(event) && event.preventDefault());
    this.form.addEventListener("submit", (event) => {
      if (event.submitter?.name === "all" || !this.chosen.length) return;
      event.preventDefault();
      this.mark(event.submitter, this.chosen);
    });
  }

  get chosen() {
    return [...this.querySelectorAll(":checked")].map((box) => box.value);
  }

  get entries() {
    return [...this.querySelectorAll("[data-entry]")];
  }

  // The line that has the focus.
  get here() {
    return document.activeElement.closest("inbox-triage li")?.querySelector("[data-entry]");
  }

  press(event) {
    const key = singleKey(event);
    if (key === "j" || key === "k") {
      goTo(stepFrom(this.entries, this.here, this.here && key === "k" ? -1 : 1));
    } else if (key === "x" && this.here) {
      this.here.closest("li").querySelector("input").click();
    } else if (key === "e" || key === "u") {
      const wanted = this.chosen.length ? this.chosen : this.here ? [this.here.dataset.entry] : [];
      const button = this.form.querySelector(`[aria-keyshortcuts=${key}]`);
      if (wanted.length) this.mark(button, wanted);
    } else {
      return false;
    }
    return true;
  }

  async mark(button, conversations) {
    const address = button?.getAttribute("formaction") ?? this.form.action;
    const body = new FormData(this.form);
    body.delete("conversation");
    for (const each of conversations) body.append("conversation", each);
    const answer = await post(address, body);
    if (answer.status !== 200) return this.say(answer.isPlain ? answer.text : this.dataset.failed);
    const page = document.createRange().createContextualFragment(answer.text);
    this.say(page.querySelector("p").textContent);
    for (const box of this.querySelectorAll(":checked")) box.checked = false;
    for (const entry of page.querySelectorAll("[data-entry]")) {
      document.dispatchEvent(new CustomEvent("live", { detail: { name: "inbox", data: entry.outerHTML } }));
    }
  }

  say(words) {
    this.status.textContent = words;
  }
}

customElements.define("inbox-triage", InboxTriage);
