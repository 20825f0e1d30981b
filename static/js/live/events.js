// "live" events of the document: changes from the server or from this page, for all elements that show them. Their detail
// is {name, data}; contract.js lists the names.
export const announce = (name, data) => document.dispatchEvent(new CustomEvent("live", { detail: { name, data } }));

export const onLive = (receive) => document.addEventListener("live", ({ detail: { name, data } }) => receive(name, data));
