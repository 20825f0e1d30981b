// Closes notifications of messages that were read, on whichever device, or deleted.
import { PAGE_EVENTS, SCRIPT_HEADERS, SELECTORS, SERVER_EVENTS } from "../contract.js";
import { onLive } from "../live/events.js";
import { addressOf, isAddressOf } from "../shell/addresses.js";
import { fragment } from "../shell/fragment.js";

const { inbox, messages, threads, left, gone } = SERVER_EVENTS;
const PAST = [204, 404]; // read, and deleted or out of sight

// Close those of messages that were read or deleted. Of a reply in a thread, or where only mentions count, pages can't tell: the server can.
async function closePast(filter) {
  const registration = await navigator.serviceWorker?.getRegistration();
  for (const each of (await registration?.getNotifications(filter)) ?? []) if (await isPast(each)) each.close();
}

async function isPast({ data }) {
  const { pathname } = new URL(data?.navigate ?? "", location);
  if (!isAddressOf("message", pathname)) return true; // it only led to the site
  const address = addressOf("notice", pathname.split("/").at(-2));
  const answer = await fetch(address, { headers: SCRIPT_HEADERS, redirect: "error" }).catch(() => undefined);
  return PAST.includes(answer?.status);
}

let hasUnreadThreads = document.querySelector("[data-total=threads]")?.textContent !== "";

function closeOfThreads(hasUnread) {
  const wereRead = hasUnreadThreads && !hasUnread;
  hasUnreadThreads = hasUnread;
  return wereRead && closePast();
}

const closeOf = (conversation) => closePast({ tag: `c${conversation}` });

function receive(name, data) {
  if (name === PAGE_EVENTS.read || name === left || name === gone) return closeOf(data);
  if (name === threads) return closeOfThreads(data !== "0");
  if (name !== inbox && name !== messages) return undefined;
  const part = fragment(data);
  if (name === messages) return part.querySelector("[data-deleted]") && closeOf(part.firstElementChild.dataset.conversation);
  const { entry, unread } = part.querySelector(SELECTORS.entry).dataset;
  return unread ? undefined : closeOf(entry);
}

if (globalThis.Notification?.permission === "granted") {
  closePast();
  onLive(receive);
}
