// Opens what a notification is about, in a window of the site if there is one, or does what its buttons say.
import { ADDRESSES } from "../contract.js";
import { post } from "../shell/post.js";

const READ = "read";

addEventListener("notificationclick", (event) => event.waitUntil(act(event.notification, event.action)));

async function act(notification, action) {
  const { navigate = ADDRESSES.inbox, addresses = {}, token } = notification.data ?? {};
  if (action === READ && token) return markRead(notification, token);
  notification.close();
  return open(addresses[action] ?? navigate);
}

// Leave it open if that failed, as on a train.
async function markRead(notification, token) {
  const { status } = await post(ADDRESSES.pushRead, new URLSearchParams({ token }));
  if (status >= 200 && status < 300) notification.close();
}

// The site may have several names: use the one under which this browser is signed in.
async function open(address) {
  const { pathname, search, hash } = new URL(address, location.origin);
  const here = `${location.origin}${pathname}${search}${hash}`;
  const [page] = await clients.matchAll({ type: "window" }); // the one that was used last
  await page?.focus().catch(() => {});
  const isThere = await page?.navigate(here).then(() => true, () => false);
  if (!isThere) await clients.openWindow(here);
}
