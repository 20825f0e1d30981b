// Sends a form in the background. Without an answer in time the status is 0.
import { SCRIPT_HEADERS } from "../contract.js";

const TIMEOUT_MS = 15_000;

export async function post(address, body, options = {}) {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const request = { method: "POST", body, headers: SCRIPT_HEADERS, signal, redirect: "manual", ...options };
  try {
    const answer = await fetch(address, request);
    const isPlain = answer.headers.get("content-type")?.startsWith("text/plain");
    const wait = Number(answer.headers.get("retry-after"));
    return { status: answer.status, isRedirect: answer.type === "opaqueredirect", isPlain, wait, text: await answer.text() };
  } catch {
    return { status: 0 };
  }
}

// Return whether the session has ended, or a new one began in another tab, so that this page's form has expired.
export const isSignedOut = ({ status, isRedirect, isPlain }) => Boolean(isRedirect) || (status === 403 && !isPlain);

// Make the key by which the server recognises a message sent twice. Browsers have no randomUUID on sites without TLS.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
