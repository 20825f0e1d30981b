import { SCRIPT_HEADERS } from "../contract.js";

// Loads texts for what somebody types, with one request at a time for each address.
export class LatestTexts {
  requests = {};

  // Load the text at an address; undefined if a newer request replaced this one, or without an answer.
  async load(address, query) {
    this.requests[address]?.abort();
    this.requests[address] = new AbortController();
    try {
      const { signal } = this.requests[address];
      const answer = await fetch(`${address}?${new URLSearchParams(query)}`, { signal, headers: SCRIPT_HEADERS, redirect: "error" });
      return answer.ok ? await answer.text() : undefined;
    } catch {
      return undefined; // typing continues without suggestions
    }
  }
}
