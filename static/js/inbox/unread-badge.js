// Marks the tab's icon while something is unread, and shows the number of the page title on the app's icon.
const icon = document.querySelector('link[rel="icon"]');
const plain = icon.getAttribute("href");

function show() {
  const unread = Number(/^\((\d+)\+?\) /.exec(document.title)?.[1] ?? 0);
  const href = unread ? icon.dataset.unread : plain;
  if (icon.getAttribute("href") !== href) icon.setAttribute("href", href);
  navigator.setAppBadge?.(unread).catch(() => {}); // browsers may support it but refuse
}

new MutationObserver(show).observe(document.querySelector("title"), { childList: true });
show();
