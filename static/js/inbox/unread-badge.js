// Shows on the icon of the tab that something is unread, and the number in the title also on the icon of the app.
const icon = document.querySelector('link[rel="icon"]');
const plain = icon.getAttribute("href");

function show() {
  const unread = Number(/^\((\d+)\+?\) /.exec(document.title)?.[1] ?? 0);
  const href = unread ? icon.dataset.unread : plain;
  if (icon.getAttribute("href") !== href) icon.setAttribute("href", href);
  navigator.setAppBadge?.(unread).catch(() => {}); // browsers may have it and refuse it
}

new MutationObserver(show).observe(document.querySelector("title"), { childList: true });
show();
