// One event stream for all tabs of a browser, because browsers allow only six connections to a site. It runs in a shared
// worker; in browsers without shared workers, each page imports this script, and one page has the stream for all.
import { Stream } from "./live/stream.js";
import { OwnStream, TabStream } from "./live/tab-stream.js";

const streams = new Map();

globalThis.onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data: { address, page } }) => {
    if (!streams.has(address)) streams.set(address, streamOfPorts(address));
    if (page) streams.get(address).open(port, page);
    else streams.get(address).close(port);
  };
};

function streamOfPorts(address) {
  const stream = new Stream(address, (event) => {
    for (const port of stream.pages.keys()) port.postMessage(event);
  });
  return stream;
}

export const shareStream = (address, notify) => new (navigator.locks ? TabStream : OwnStream)(address, notify);
