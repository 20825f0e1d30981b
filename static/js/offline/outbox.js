// Sends unsent messages of conversations that are not open in this tab: their pages were closed while offline. A message
// that is refused, or has lost its files, waits for its own page, which shows the reason.
import { CONNECTION_EVENTS, SELECTORS, STORED } from "../contract.js";
import { onLive } from "../live/events.js";
import { findAddress } from "../shell/addresses.js";
import { post } from "../shell/post.js";
import { unsentStore, withLock } from "./unsent-store.js";

const PREFIX = STORED.outbox;
let isSending = false;

const isOpenHere = (name) => [...document.querySelectorAll(SELECTORS.composer)].some(({ store }) => name.startsWith(store));

function waiting() {
  const found = unsentStore.names(PREFIX).map((rest) => ({ name: PREFIX + rest, ...unsentStore.get(PREFIX + rest) }));
  return found.filter(({ name, names }) => !names && !isOpenHere(name)).sort((one, other) => one.at - other.at);
}

function send({ name, content, key, reply_to = "", quote = "" }) {
  const address = findAddress("messages", name.slice(PREFIX.length));
  const body = new FormData();
  const [token] = document.getElementsByName("csrfmiddlewaretoken");
  const fields = { content, client_key: key, reply_to, quote, csrfmiddlewaretoken: token.value };
  for (const each of Object.entries(fields)) body.set(...each);
  return post(address, body);
}

async function flush() {
  if (isSending) return;
  isSending = true;
  for (const entry of waiting()) {
    const { status, wait } = await new Promise((resolve) => {
      withLock(entry.name, async (release) => {
        const answer = unsentStore.get(entry.name) ? await send(entry) : { status: 201 }; // another tab may have sent it
        if (answer.status === 201) unsentStore.remove(entry.name);
        release();
        resolve(answer);
      });
    });
    if (status === 429) setTimeout(flush, 1000 * (wait || 1));
    if (!status || status === 429) break;
  }
  isSending = false;
}

onLive((name) => {
  if (name === CONNECTION_EVENTS.open) flush();
});
flush();
