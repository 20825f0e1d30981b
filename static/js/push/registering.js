// Keeps the server's copy of this browser's subscription current. Browsers replace subscriptions and seldom say so, and
// the server deletes them with the session: report the current one from each tab, and again after an hour.
import { STORED } from "../contract.js";
import { OPEN, PUSH, choice, choose, fieldsOf, postDevice, serverKey, subscribe, subscription } from "./this-browser.js";

const AGAIN_MS = 60 * 60 * 1000;
const GONE = 410; // the person removed this browser on another device

// Return what this tab last reported, '' if it could not subscribe, null if neither was lately.
function lastReport() {
  const [time, ...words] = (sessionStorage.getItem(STORED.push) ?? "0").split(" ");
  return Date.now() - time < AGAIN_MS ? words.join(" ") : null;
}

const store = (words) => sessionStorage.setItem(STORED.push, `${Date.now()} ${words}`);

async function register() {
  const key = serverKey();
  const isHopeless = choice() === OPEN && lastReport() === "";
  if (!key || !choice() || isHopeless) return;
  const found = await subscribe(key).catch(() => undefined);
  choose(found ? PUSH : OPEN); // until a later page can subscribe
  if (found) await report(fieldsOf(found));
  else store("");
}

async function report(fields) {
  const words = JSON.stringify(fields);
  if (lastReport() === words) return;
  const { status } = await postDevice({ ...fields, again: "yes" });
  if (status) store(words);
  if (status !== GONE) return;
  choose(null);
  await (await subscription())?.unsubscribe();
}

register();
