// Shows what the server pushes. A push that shows nothing may cost the site its permission, so one that can't be read
// shows something, too. The page of the service worker (templates/service-worker.js) declares NEW_MESSAGE.
import { ADDRESSES } from "../contract.js";
import { post } from "../shell/post.js";

const UNREADABLE = { tag: "unreadable", data: { navigate: ADDRESSES.inbox } };

addEventListener("push", (event) => event.waitUntil(receive(event.data)));

async function receive(data) {
  const { read, badge, receipt, ...shown } = parsed(data);
  await close(read).catch(() => {});
  const isShown = await show(shown).then(() => true, () => false);
  if (!isShown) await registration.showNotification(NEW_MESSAGE, UNREADABLE);
  if (Number.isInteger(badge)) await navigator.setAppBadge?.(badge).catch(() => {}); // browsers may support it but refuse
  if (isShown && receipt) await post(ADDRESSES.pushReceipt, new URLSearchParams({ token: receipt }));
}

function parsed(data) {
  try {
    const { notification, renotify, read = [], app_badge: badge, mark_read: token, receipt } = data.json();
    return { notification, renotify, read, badge, token, receipt };
  } catch {
    return { read: [] };
  }
}

// Close the notifications of conversations that were read since.
async function close(tags) {
  for (const tag of tags) {
    for (const each of await registration.getNotifications({ tag })) each.close();
  }
}

// Declarative Web Push has members that `showNotification` does not take.
async function show({ notification, renotify, token }) {
  const { title, body, tag, lang, dir, icon, silent, navigate, actions = [] } = notification;
  const addresses = Object.fromEntries(actions.map((each) => [each.action, each.navigate]));
  await registration.showNotification(title.trim() || NEW_MESSAGE, {
    body, tag, lang, dir, icon, silent,
    renotify: Boolean(tag && renotify),
    actions: actions.map((each) => ({ action: each.action, title: each.title })),
    data: { navigate, addresses, token },
  });
}
