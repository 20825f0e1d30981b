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
