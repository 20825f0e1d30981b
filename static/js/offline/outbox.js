// Sends messages that wait in the outboxes of conversations not open in this tab: their pages were closed without a
// network. A message that is refused, or has lost its files, waits for its own page, which shows why.
const PREFIX = "outbox of "; // as in release 0.1: stored names are data
let isSending = false;

const isOpenHere = (name) => [...document.querySelectorAll("message-composer")].some(({ store }) => name.startsWith(store));

function waiting() {
  const found = unsentStore.names(PREFIX).map((rest) => ({ name: PREFIX + rest, ...unsentStore.get(PREFIX + rest) }));
  return found.filter(({ name, names }) => !names && !isOpenHere(name)).sort((one, other) => one.at - other.at);
}

function send({ name, content, key, reply_to = "", quote = "" }) {
  const [address] = /\S+\/messages\//.exec(name.slice(PREFIX.length)) ?? [];
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

document.addEventListener("live", ({ detail: { name } }) => name === "open" && flush());
flush();
