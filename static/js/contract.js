// The names that scripts share with Python and templates: chatsite/tests/test_contract.py compares them. It parses this
// file as plain data. Pages, workers and servers of two releases meet during an upgrade, so changes here need care.

// Names of "live" events of the document: from the server, from the connection to it, and from the page itself.
export const SERVER_EVENTS = {
  messages: "messages",
  inbox: "inbox",
  typing: "typing",
  left: "left", // the reader left this conversation
  gone: "gone", // the reader can no longer see this conversation
  reload: "reload", // too much has changed
  signedOut: "signed-out",
  threads: "threads", // how many threads have new replies
  notice: "notice", // the reader is to be notified of a message now
  totals: "totals", // how many messages are unread, and how many mentions
};
export const CONNECTION_EVENTS = {
  open: "open",
  trouble: "trouble",
  refused: "refused",
};
export const PAGE_EVENTS = {
  posted: "posted",
  changed: "changed",
  read: "read",
  loaded: "loaded", // articles that were loaded into the timeline
  opened: "opened", // a thread
};

export const ADDRESSES = {
  inbox: "/",
  conversation: "/c/{id}/",
  messages: "/c/{id}/messages/",
  message: "/m/{id}/",
  edit: "/m/{id}/edit/",
  delete: "/m/{id}/delete/",
  restore: "/m/{id}/restore/",
  pin: "/m/{id}/pin/",
  unpin: "/m/{id}/unpin/",
  save: "/m/{id}/save/",
  unsave: "/m/{id}/unsave/",
  unread: "/m/{id}/mark-unread/",
  reactions: "/m/{id}/reactions/",
  notice: "/m/{id}/notice/",
  looking: "/c/{id}/looking/",
  pushDevices: "/settings/notifications/devices/",
  pushRead: "/push/read/",
  pushReceipt: "/push/receipt/",
  signOut: "/accounts/logout/",
  signOutOfAdmin: "/admin/logout/",
  staticFiles: "/static/",
};

// The server recognises requests of scripts by this header, and answers them without a whole page.
export const SCRIPT_HEADERS = {
  "X-Requested-With": "fetch",
};

// The entries of the inbox that each InboxFilter shows.
export const FILTER_SELECTORS = {
  "unread": "[data-unread]",
  "": ":not([data-archived])",
  "direct": "[data-direct]:not([data-archived])",
  "archived": "[data-archived]",
};

// The values of data-do on the buttons beside a message.
export const MESSAGE_ACTIONS = ["pick", "reply", "save", "link", "text", "quote", "pin", "unread", "edit", "remove", "hide"];

// A message that follows its sender's previous one within this time does not repeat the name.
export const MAX_GROUPING_PAUSE_SECONDS = 300;

export const SELECTORS = {
  main: "#main",
  head: ".head",
  timeline: ".timeline",
  thread: ".thread",
  threadLink: "[href$='/thread/']",
  inbox: ".inbox",
  sidebar: ".sections",
  entry: "[data-entry]",
  composer: "message-composer",
  emojiPicker: "emoji-picker",
  messageBox: "message-composer textarea",
  body: ".body",
  editing: ".editing",
  errors: ".errorlist",
  lastPage: "[rel=next]",
  firstPage: "[rel=prev]",
  moreChanges: "[data-more]",
  signedOut: "[data-signed-out]",
};

// The service worker reads from these attributes whom a page belongs to, or that nobody is signed in.
export const PERSON_ATTRIBUTE = "data-person";
export const SIGNED_OUT_ATTRIBUTE = "data-signed-out";

// Names under which browsers store data. They must not change: earlier releases used them, and their pages may still be open.
export const STORED = {
  words: "words of ", // and the id of a person
  wordsOfNobody: "words of nobody",
  outbox: "outbox of ", // and the address of a form, and a thread
  draft: "begun in ", // and the address of a form, and a thread
  edit: "edit of ", // and the id of a message
  staged: "files in ", // and the address of a form, and a thread
  emoji: "emoji", // the recent ones and the skin tone
  announcementsPaused: "announcements are paused",
  assets: "looks",
  pages: "pages of ", // and the id of a person
  storedAt: "x-as-of",
  files: "unsent files", // the database
  filesStored: "there are unsent files",
  push: "notifications of ", // and the id of a person
};
