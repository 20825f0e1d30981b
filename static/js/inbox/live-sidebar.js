// The sidebar: its conversations, how much is unread in all of them, and which sections are folded.
import { SCRIPT_HEADERS, SELECTORS, SERVER_EVENTS } from "../contract.js";
import { onLive } from "../live/events.js";
import { fragment } from "../shell/fragment.js";
import { LiveList } from "./live-list.js";

const COOKIE_SECONDS = 31_536_000;
const CAP = 99;
const RECOUNT_DELAY_MS = 1000;
const COUNTS = ["unread", "mentions"];

class LiveSidebar extends LiveList {
  item = "li.row";

  connectedCallback() {
    this.nav = this.querySelector(SELECTORS.sidebar);
    this.lists = [...this.querySelectorAll("ul")];
    super.connectedCallback();
    onLive((name, data) => {
      if (name === SERVER_EVENTS.totals) this.compareTotals(data.split(" "));
    });
    this.addEventListener("toggle", () => this.storeFolds(), true);
    this.addEventListener("click", (event) => this.follow(event));
    this.addEventListener("contextmenu", (event) => this.openMenu(event, event.target.closest(".row")?.querySelector(".row-menu")));
    this.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  get isLonger() {
    return this.querySelector(".more") !== null;
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
    if (!old && (fresh.matches("[data-archived]") || this.isLonger)) this.recount(); // the totals count rows that are not here
    const changes = COUNTS.map((name) => [name, (fresh?.dataset[name] ?? 0) - (old?.dataset[name] ?? 0)]);
    if (changes.some(([name, change]) => change < 0 && this.dataset[name] > CAP)) this.recount(); // they stop counting at 100
    this.setTotals(Object.fromEntries(changes.map(([name, change]) => [name, Math.max(Number(this.dataset[name]) + change, 0)])));
  }

  remove(conversation) {
    if (!this.entry(conversation) && this.isLonger) this.recount();
    super.remove(conversation);
  }

  setTotals(sums) {
    for (const name of COUNTS) {
      this.dataset[name] = sums[name];
      for (const total of document.querySelectorAll(`[data-total=${name}]`)) {
        total.textContent = format(sums[name]);
        total.parentElement.classList.toggle("unread", sums[name] > 0);
      }
    }
    const shown = format(sums.unread);
    const title = (shown && `(${shown}) `) + document.title.replace(/^\(\d+\+?\) /, "");
    if (title !== document.title) document.title = title;
  }

  // What was read on another device while this page had no stream is still unread here.
  compareTotals(sums) {
    if (COUNTS.some((name, at) => format(this.dataset[name]) !== format(sums[at]))) this.recount();
  }

  recount() {
    this.recounting ??= setTimeout(async () => {
      await import("../live/comparing.js").then(({ recount }) => recount()).catch(() => {});
      this.recounting = undefined;
    }, RECOUNT_DELAY_MS);
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
