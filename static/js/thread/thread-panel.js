// Opens a thread beside its conversation, which stays where it is, and closes it; Back and Forward do the same. Its links
// and forms lead to whole pages without this script.
import { PAGE_EVENTS, SCRIPT_HEADERS, SELECTORS } from "../contract.js";
import { announce } from "../live/events.js";
import { focusOn } from "../shell/focus.js";
import { post } from "../shell/post.js";
import "./live-thread.js";

const main = document.querySelector(SELECTORS.main);
const scroller = main.querySelector(".scroller");
let isOpened = false; // by this script, so that the entry before it in the history is the page without it
let opener;

const panel = () => document.querySelector(SELECTORS.thread);

// Change the page, and keep an element of the conversation where it is on the screen, and its place while it is hidden.
let hiddenAt = null;
function keepingPlace(element, change) {
  const top = element?.getBoundingClientRect().top;
  const wasHidden = main.offsetParent === null;
  const { scrollTop } = scroller;
  const isAtEnd = !scroller.classList.contains("from-top") && scrollTop > -2; // the end of a reversed column is 0
  change();
  const isHidden = main.offsetParent === null;
  if (isHidden && !wasHidden) hiddenAt = scrollTop;
  else if (wasHidden && !isHidden && hiddenAt !== null) scroller.scrollTop = hiddenAt;
  else if (isAtEnd) scroller.scrollTop = 0;
  else if (!isHidden && element?.isConnected) scroller.scrollTop += element.getBoundingClientRect().top - top;
}

const firstInView = () => [...main.querySelectorAll("article")].find((each) => each.getBoundingClientRect().bottom > scroller.getBoundingClientRect().top);

async function show(address) {
  const answer = await fetch(address, { headers: SCRIPT_HEADERS });
  // Parsed apart, its elements are upgraded in the page, in the order in which they expect each other.
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(SELECTORS.thread);
  if (!answer.ok || !fresh) return location.assign(address);
  keepingPlace(opener ?? firstInView(), () => {
    panel()?.remove();
    document.body.classList.add("at-thread");
    main.after(fresh);
  });
  announce(PAGE_EVENTS.opened, "");
  return focusOn(fresh.querySelector("textarea:not([hidden])") ?? fresh.querySelector("h2"));
}

function hide() {
  keepingPlace(opener ?? firstInView(), () => {
    panel()?.remove();
    document.body.classList.remove("at-thread");
  });
  focusOn(opener?.isConnected ? opener : main.querySelector("textarea"));
  opener = undefined;
}

// Open the thread to which a link leads.
export async function openThread(link) {
  opener = link.closest("article");
  await show(link.href);
  const isFirst = !isOpened;
  isOpened = true;
  history[isFirst ? "pushState" : "replaceState"]({}, "", link.href);
}

function close(link) {
  if (isOpened) return history.back();
  hide();
  return history.replaceState({}, "", link.href);
}

async function toggleFollowing(form) {
  const button = form.querySelector("button");
  const answer = await post(form.action, new FormData(form));
  if (answer.status !== 200) return;
  const isFollowed = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", isFollowed);
  form.action = isFollowed ? form.dataset.mute : form.dataset.follow;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(`${SELECTORS.thread} .head a`);
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  close(link);
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest(`${SELECTORS.thread} .head form`);
  if (!form) return;
  event.preventDefault();
  toggleFollowing(form);
});
addEventListener("popstate", () => {
  const isThread = /^\/m\/\d+\/thread\/$/.test(location.pathname);
  isOpened = isThread;
  if (isThread && !panel()) show(location.href);
  else if (!isThread && panel()) hide();
});
