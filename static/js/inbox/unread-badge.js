// Shows that something is unread, as the title says, also on the icon of the tab; how much, on that of the app.
const icon = document.querySelector('link[rel="icon"]');
const plain = icon.getAttribute("href");

function show() {
  const unread = Number(/^\((\d+)\+?\) /.exec(document.title)?.[1] ?? 0);
  const href = unread ? icon.dataset.unread : plain;
  if (icon.getAttribute("href") !== href) icon.setAttribute("href", href);
  navigator.setAppBadge?.(unread).catch(() => {}); // not every browser that knows it allows it
}

new MutationObserver(show).observe(document.querySelector("title"), { childList: true });
show();
