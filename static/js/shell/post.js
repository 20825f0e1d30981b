// Sends a form in the background; an answer that does not come in time is as none: {status: 0}.
globalThis.post = async (address, body, options = {}) => {
  const headers = { "X-Requested-With": "fetch" };
  const signal = AbortSignal.timeout(15000);
  try {
    const answer = await fetch(address, { method: "POST", body, headers, signal, redirect: "manual", ...options });
    const isPlain = answer.headers.get("content-type")?.startsWith("text/plain");
    const wait = Number(answer.headers.get("retry-after"));
    return { status: answer.status, isElsewhere: answer.type === "opaqueredirect", isPlain, wait, text: await answer.text() };
  } catch {
    return { status: 0 };
  }
};

// A key by which sending twice is sending once. As randomUUID, which browsers keep from sites without TLS.
globalThis.newKey = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};
