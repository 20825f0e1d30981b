// Sends what waits for conversations that are not open here: their pages were closed while there was no network. What
// is refused, or has lost its files, stays for its own page to tell of.
const START = "outbox of ";
let isSending = false;

const isHere = (name) => [...document.querySelectorAll("message-composer")].some(({ store }) => name.startsWith(store));

function waiting() {
  const found = kept.names(START).map((rest) => ({ name: START + rest, ...kept.get(START + rest) }));
  return found.filter(({ name, names }) => !names && !isHere(name)).sort((one, other) => one.at - other.at);
}

function send({ name, content, key, reply_to = "", quote = "" }) {
  const [address] = /\S+\/messages\//.exec(name.slice(START.length)) ?? [];
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
    const { status, wait } = await new Promise((tell) => {
      haveAlone(entry.name, async (release) => {
        const answer = kept.get(entry.name) ? await send(entry) : { status: 201 }; // another tab may have sent it
        if (answer.status === 201) kept.forget(entry.name);
        release();
        tell(answer);
      });
    });
    if (status === 429) setTimeout(flush, 1000 * (wait || 1));
    if (!status || status === 429) break;
  }
  isSending = false;
}

document.addEventListener("live", ({ detail: { name } }) => name === "open" && flush());
flush();
