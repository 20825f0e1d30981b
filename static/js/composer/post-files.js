// Posts a message with files like post(), but shows the progress, and has no time limit.
import { SCRIPT_HEADERS } from "../contract.js";

export function postFiles(address, body, files, bar) {
  for (const { file, description } of files) {
    body.append("files", file, file.name);
    body.append("description", description);
  }
  bar.hidden = false;
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = ({ loaded, total }) => {
      bar.value = loaded / total;
    };
    request.onloadend = () => {
      bar.hidden = true;
      const isPlain = request.getResponseHeader("content-type")?.startsWith("text/plain");
      const wait = Number(request.getResponseHeader("retry-after"));
      // The request followed a redirect, which leads to signing in.
      const isRedirect = request.status === 200;
      resolve({ status: isRedirect ? 0 : request.status, isRedirect, isPlain, wait, text: request.responseText });
    };
    request.open("POST", address);
    for (const [name, value] of Object.entries(SCRIPT_HEADERS)) request.setRequestHeader(name, value);
    request.send(body);
  });
}

// Format a size as the server does.
export function sizeOf({ size }) {
  if (size < 1000) return `${size} bytes`;
  return size < 1e6 ? `${(size / 1e3).toFixed()} KB` : `${(size / 1e6).toFixed(1)} MB`;
}
