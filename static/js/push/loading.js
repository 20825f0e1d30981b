// Loads what notifies people, where they want that: most want neither notifications nor sounds in this browser.
const isWanted = globalThis.Notification?.permission === "granted" || document.querySelector("push-device, live-updates[data-sound]");
if (isWanted) import("./notifying.js").catch(() => {}); // without a network there are none
