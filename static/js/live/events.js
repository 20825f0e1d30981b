// "live" events of the document: what has happened, from the server or in this page, for every element that shows it. They
// are {name, data}; contract.js has the names.
export const announce = (name, data) => document.dispatchEvent(new CustomEvent("live", { detail: { name, data } }));

export const onLive = (receive) => document.addEventListener("live", ({ detail: { name, data } }) => receive(name, data));
