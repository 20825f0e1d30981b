// The sidebar: its conversations, how much is unread in all of them, and which sections are folded.
import { SCRIPT_HEADERS, SELECTORS } from "../contract.js";
import { fragment } from "../shell/fragment.js";
import { LiveList } from "./live-list.js";

const COOKIE_SECONDS = 31_536_000;
const CAP = 99;

class LiveSidebar extends LiveList {
  item = "li.row";

  connectedCallback() {
    this.nav = this.querySelector(SELECTORS.sidebar);
    this.lists = [...this.querySelectorAll("ul")];
    super.connectedCallback();
    this.addEventListener("toggle", () => this.storeFolds(), true);
    this.addEventListener("click", (event) => this.follow(event));
    this.addEventListener("contextmenu", (event) => this.openMenu(event, event.target.closest(".row")?.querySelector(".row-menu")));
    this.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  shows(entry) {
    return !entry.matches("[data-archived]");
  }

  listFor(row) {
    return this.querySelector(`[data-section=${row.querySelector("[data-direct]") ? "direct" : "conversations"}] ul`);
  }

  compare(one, other) {
    const { unreadFirst, byName } = this.nav.dataset;
    const unread = unreadFirst === undefined ? 0 : isUnread(other) - isUnread(one);
    return unread || (byName === undefined ? super.compare(one, other) : nameOf(one).localeCompare(nameOf(other)));
  }

  // Keep the mark of a draft, and add the difference to the totals.
  change(old, fresh) {
    const draft = old?.querySelector(".draft-mark");
    if (draft && fresh) fresh.querySelector("b").after(draft);
    for (const name of ["unread", "mentions"]) {
      const sum = Math.max(this.dataset[name] - (old?.dataset[name] ?? 0) + Number(fresh?.dataset[name] ?? 0), 0);
      this.dataset[name] = sum;
      for (const total of document.querySelectorAll(`[data-total=${name}]`)) {
        total.textContent = format(sum);
        total.parentElement.classList.toggle("unread", sum > 0);
      }
    }
    const shown = format(this.dataset.unread);
    document.title = (shown && `(${shown}) `) + document.title.replace(/^\(\d+\+?\) /, "");
  }

  storeFolds() {
    const folded = [...this.querySelectorAll(".section > details:not(.menu, [open])")].map((each) => each.parentElement.dataset.section);
    document.cookie = `folded=${folded.join(".")}; path=/; max-age=${COOKIE_SECONDS}; samesite=lax`;
  }

  follow(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const more = event.target.closest(".more");
    if (more) this.showAll(event, more);
    this.openMenu(event, event.target.closest(".row-menu"));
  }

  async showAll(event, link) {
    event.preventDefault();
    const answer = await fetch(link.href, { headers: SCRIPT_HEADERS, redirect: "error" }).catch(() => undefined);
    if (!answer?.ok) return location.assign(link.href);
    const list = link.closest(".section").querySelector("ul");
    const open = list.querySelector("[aria-current]")?.dataset.entry;
    list.replaceChildren(fragment(await answer.text()));
    if (open) this.entry(open)?.setAttribute("aria-current", "page");
    link.remove();
    list.querySelector(SELECTORS.entry)?.focus({ preventScroll: true });
  }

  async openMenu(event, link) {
    if (!link) return;
    event.preventDefault();
    const { openRowMenu } = await import("./row-menu.js");
    openRowMenu(link, event);
  }
}

const format = (sum) => (sum > CAP ? `${CAP}+` : sum > 0 ? String(sum) : "");
const isUnread = ({ dataset }) => Number("unread" in dataset || "mentions" in dataset);
const nameOf = (entry) => entry.querySelector("b").textContent;

customElements.define("live-sidebar", LiveSidebar);
