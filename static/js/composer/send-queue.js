// The unsent messages of a page: sends one at a time, in order, and retries each with the same key until the server
// accepts or refuses it.
import { isSignedOut } from "../shell/post.js";

const RETRY_PAUSES_MS = [1000, 2000, 4000, 8000, 16000, 30000];
const REFUSALS = [400, 403, 404, 409, 413, 422];
const TIMERS = { start: (run, ms) => setTimeout(run, ms), stop: (timer) => clearTimeout(timer) };

// The outcome of a message, by the answer of post().
export function outcomeOf(answer) {
  if (answer.status === 201) return "sent";
  if (isSignedOut(answer)) return "signedOut";
  if (REFUSALS.includes(answer.status)) return "refused";
  return answer.status === 429 ? "tooQuick" : "failed";
}

export class SendQueue {
  // `owner` has send(entry), which resolves to an answer of post(), and the callbacks sending(entry), sent(entry, answer),
  // signedOut(entry), refused(entry, answer) and failed(entry). It drops entries that were refused or sent.
  constructor(owner, timers = TIMERS) {
    this.owner = owner;
    this.timers = timers;
    this.entries = [];
    this.failures = 0;
    this.isSending = false;
  }

  find(key) {
    return this.entries.find((each) => each.key === key);
  }

  add(entry) {
    this.entries.push(entry);
    if (this.entries.length === 1) this.sendFirst();
  }

  drop(entry) {
    this.entries = this.entries.filter((each) => each !== entry);
  }

  retry() {
    if (this.isSending) return;
    this.timers.stop(this.timer);
    this.sendFirst();
  }

  async sendFirst() {
    const [entry] = this.entries;
    if (!entry || this.isSending) return;
    this.isSending = true;
    this.owner.sending(entry);
    const answer = await this.owner.send(entry);
    this.isSending = false;
    this.settle(entry, answer);
  }

  settle(entry, answer) {
    const outcome = outcomeOf(answer);
    if (outcome === "signedOut") {
      this.owner.signedOut(entry);
    } else if (outcome === "tooQuick") {
      this.sendLater(1000 * (answer.wait || 1)); // only a rate limit
    } else if (outcome === "failed") {
      for (const each of this.entries) this.owner.failed(each);
      this.sendLater(RETRY_PAUSES_MS[Math.min(this.failures, RETRY_PAUSES_MS.length - 1)]);
      this.failures += 1;
    } else {
      if (outcome === "sent") this.failures = 0;
      this.owner[outcome](entry, answer);
      this.sendFirst();
    }
  }

  sendLater(pause) {
    this.timer = this.timers.start(() => this.sendFirst(), pause);
  }
}
