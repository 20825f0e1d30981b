// Notifies people while a page is open: by a sound if they chose one, and by a notification where no push does that. One
// tab does it for all, and none if a visible one shows the conversation.
import { SCRIPT_HEADERS, SELECTORS, SERVER_EVENTS } from "../contract.js";
import { onLive } from "../live/events.js";
import { addressOf } from "../shell/addresses.js";
import { OPEN, choice } from "./this-browser.js";
import { play } from "./tones.js";

const REST_MS = 5000; // other tabs may hear of the same message a little later
const { sound } = document.querySelector("live-updates").dataset;
const { conversation } = document.querySelector(SELECTORS.timeline)?.dataset ?? {};
const showing = (tag) => `a visible page shows ${tag}`;

async function notify(message) {
  if (!sound && choice() !== OPEN) return;
  const answer = await fetch(addressOf("notice", message), { headers: SCRIPT_HEADERS, redirect: "error" });
  if (answer.status !== 200) return;
  const { title, navigate, ...options } = await answer.json();
  if (await isShowing(options.tag)) return;
  if (sound) play(sound);
  if (choice() !== OPEN) return;
  const registration = await navigator.serviceWorker.ready;
  await registration.showNotification(title, { ...options, silent: true, data: { navigate } });
}

async function isShowing(tag) {
  if (!navigator.locks) return document.visibilityState === "visible" && tag === `c${conversation}`;
  const { held } = await navigator.locks.query();
  return held.some(({ name }) => name === showing(tag));
}

// Without locks, as on a site without TLS, each tab plays its sound.
function notifyOnce(message) {
  if (!navigator.locks) return notify(message).catch(() => {});
  return navigator.locks.request(`notice of ${message}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    await notify(message).catch(() => {}); // offline
    await new Promise((done) => setTimeout(done, REST_MS));
  });
}

// Hold a lock while this page is visible, but not while it is stored for Back.
function show() {
  navigator.locks?.request(showing(`c${conversation}`), { mode: "shared" }, () => {
    if (document.visibilityState !== "visible") return undefined;
    return new Promise((hide) => {
      document.addEventListener("visibilitychange", hide, { once: true });
      addEventListener("pagehide", hide, { once: true });
    });
  });
}

onLive((name, data) => {
  if (name === SERVER_EVENTS.notice) notifyOnce(data);
});
if (conversation) {
  show();
  document.addEventListener("visibilitychange", show);
  addEventListener("pageshow", ({ persisted }) => persisted && show());
}
