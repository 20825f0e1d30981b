// Compares this page, such as a stored copy, with the current one: the person, the draft, and what is unread. The event
// stream delivers missed messages.
import { SELECTORS, SERVER_EVENTS } from "../contract.js";
import { announce } from "./events.js";

const TIMEOUT_MS = 5000;

async function load() {
  try {
    const answer = await fetch(location.pathname + location.search, { cache: "no-cache", signal: AbortSignal.timeout(TIMEOUT_MS) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return answer.ok || answer.status === 404 ? page : undefined;
  } catch {
    return undefined; // offline, the copy is better than nothing
  }
}

// Return whether a page belongs to the same person as this one, who may still write there.
function isSame(page) {
  const [own, other] = [document, page].map((each) => each.querySelector(SELECTORS.main));
  const isMissing = document.querySelector(SELECTORS.composer) && !page.querySelector(SELECTORS.composer);
  return other && own.dataset.person === other.dataset.person && !isMissing;
}

// Show the current text in other fields, unless something was typed there.
function takeOverFields(page) {
  for (const field of document.querySelectorAll(`${SELECTORS.main} :is(input, textarea)[id]`)) {
    const text = page.getElementById(field.id)?.defaultValue ?? field.defaultValue;
    const isFree = !field.closest(SELECTORS.composer) && field.value === field.defaultValue && text !== field.defaultValue;
    if (!isFree) continue;
    field.defaultValue = text;
    field.value = text;
  }
}

function takeOverCounts(page) {
  for (const entry of page.querySelectorAll(SELECTORS.entry)) announce(SERVER_EVENTS.inbox, entry.closest("li").outerHTML);
  const [own, other] = [document, page].map((each) => each.querySelector("live-sidebar"));
  if (other) own?.setTotals(other.dataset);
}

function takeOver(page) {
  takeOverFields(page);
  const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
  for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = token ?? field.value;
  takeOverCounts(page);
  for (const composer of document.querySelectorAll(`${SELECTORS.composer}[data-draft]`)) {
    composer.compare(page.querySelector(`${SELECTORS.composer}[data-draft]`));
  }
}

export async function comparePage() {
  const page = await load();
  if (!page) return undefined;
  if (isSame(page)) return takeOver(page);
  location.replace(location.pathname + location.search);
  return new Promise(() => {}); // until this page is gone
}

// Show what is unread now, on a page that is in use.
export async function recount() {
  const page = await load();
  if (page && isSame(page)) takeOverCounts(page);
}
