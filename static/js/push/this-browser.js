// What this person chose in this browser: to be notified by push, or only while a page is open, or neither.
import { ADDRESSES, SELECTORS, STORED } from "../contract.js";
import { post } from "../shell/post.js";

export const PUSH = "push";
export const OPEN = "open";
const NAME = STORED.push + document.querySelector(SELECTORS.main).dataset.person;

export const isSupported = () => Boolean(globalThis.Notification && navigator.serviceWorker);

// The choice lasts through sign-outs and lost subscriptions; the permission may have been withdrawn since.
export function choice() {
  return isSupported() && Notification.permission === "granted" ? localStorage.getItem(NAME) : null;
}

export function choose(value) {
  if (value) localStorage.setItem(NAME, value);
  else localStorage.removeItem(NAME);
}

export const serverKey = () => document.querySelector("live-updates").dataset.pushKey;

const encoded = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const pushManager = async () => (await navigator.serviceWorker.ready).pushManager;

export const subscription = async () => (await pushManager()).getSubscription();

// Return the browser's subscription for the server's key, for which it may have to subscribe again; raise without a service.
export async function subscribe(key) {
  const known = await subscription();
  const used = known?.options?.applicationServerKey;
  if (known && (!used || encoded(used) === key)) return known;
  await known?.unsubscribe();
  return (await pushManager()).subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

export const fieldsOf = (found) => {
  const { endpoint, keys: { p256dh, auth } } = found.toJSON();
  return { endpoint, p256dh, auth };
};

export function postDevice(fields) {
  const [{ value }] = document.getElementsByName("csrfmiddlewaretoken");
  return post(ADDRESSES.pushDevices, new URLSearchParams({ ...fields, csrfmiddlewaretoken: value }));
}
