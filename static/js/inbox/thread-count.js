// Shows how many of the reader's threads have new replies.
import { SERVER_EVENTS } from "../contract.js";
import { onLive } from "../live/events.js";

const CAP = 99;

onLive((name, data) => {
  if (name !== SERVER_EVENTS.threads) return;
  for (const total of document.querySelectorAll("[data-total=threads]")) {
    total.textContent = data > CAP ? `${CAP}+` : data === "0" ? "" : data;
    total.parentElement.classList.toggle("unread", data !== "0");
  }
});
