import { outcomeOf, SendQueue } from "../../../../static/js/composer/send-queue.js";
import { equal } from "./check.js";

const TAKEN = { status: 201 };
const NO_NETWORK = { status: 0 };

// Someone who sends: it writes down what happens, and answers when told to. As the message box does, it drops what was sent
// or refused.
class Owner {
  constructor() {
    this.log = [];
    this.pauses = [];
    this.queue = new SendQueue(this, { start: (run, ms) => this.wait(run, ms), stop: () => this.wait() });
  }

  wait(run, ms) {
    this.run = run;
    if (ms) this.pauses.push(ms);
  }

  post(...keys) {
    for (const key of keys) this.queue.add({ key });
  }

  send({ key }) {
    this.log.push(`send ${key}`);
    return new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  async answer(answer) {
    this.resolve(answer);
    await new Promise((done) => setTimeout(done));
  }

  sending({ key }) {
    this.log.push(`sending ${key}`);
  }

  sent(entry) {
    this.log.push(`sent ${entry.key}`);
    this.queue.drop(entry);
  }

  refused(entry) {
    this.log.push(`refused ${entry.key}`);
    this.queue.drop(entry);
  }

  signedOut({ key }) {
    this.log.push(`signed out ${key}`);
  }

  failed({ key }) {
    this.log.push(`failed ${key}`);
  }
}

export const tests = {
  "messages are sent one at a time, in their order": async () => {
    const owner = new Owner();
    owner.post("a", "b");
    equal(owner.log, ["sending a", "send a"]);
    await owner.answer(TAKEN);
    equal(owner.log.slice(2), ["sent a", "sending b", "send b"]);
    await owner.answer(TAKEN);
    equal(owner.log.slice(5), ["sent b"]);
    equal(owner.queue.entries, []);
  },

  "a message that failed is sent again with the same key, before later ones": async () => {
    const owner = new Owner();
    owner.post("a", "b");
    await owner.answer(NO_NETWORK);
    equal(owner.log.slice(2), ["failed a", "failed b"]);
    owner.run();
    await owner.answer(TAKEN);
    equal(owner.log.slice(4), ["sending a", "send a", "sent a", "sending b", "send b"]);
  },

  "pauses get longer with each failure, up to half a minute, and begin anew once a message was sent": async () => {
    const owner = new Owner();
    owner.post("a", "b");
    for (let attempt = 0; attempt < 8; attempt += 1) {
      await owner.answer(NO_NETWORK);
      owner.run();
    }
    equal(owner.pauses, [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
    await owner.answer(TAKEN);
    await owner.answer(NO_NETWORK);
    equal(owner.pauses.at(-1), 1000);
  },

  "a new message waits for those that failed": async () => {
    const owner = new Owner();
    owner.post("a");
    await owner.answer(NO_NETWORK);
    owner.post("b");
    equal(owner.log.includes("send b"), false);
    equal(owner.queue.entries.length, 2);
  },

  "once there is a connection the first message is sent at once, and never twice at a time": async () => {
    const owner = new Owner();
    owner.post("a");
    owner.queue.retry();
    equal(owner.log, ["sending a", "send a"]);
    await owner.answer(NO_NETWORK);
    owner.queue.retry();
    equal(owner.log.slice(2), ["failed a", "sending a", "send a"]);
    equal(owner.run, undefined);
  },

  "a message that the server refuses does not hold up the next": async () => {
    const owner = new Owner();
    owner.post("a", "b");
    await owner.answer({ status: 400 });
    equal(owner.log.slice(2), ["refused a", "sending b", "send b"]);
  },

  "a message sent too quickly waits as long as the server says, and has not failed": async () => {
    const owner = new Owner();
    owner.post("a");
    await owner.answer({ status: 429, wait: 7 });
    equal([owner.pauses, owner.log], [[7000], ["sending a", "send a"]]);
    owner.run();
    equal(owner.log.slice(2), ["sending a", "send a"]);
  },

  "after the end of the session nothing more is sent": async () => {
    const owner = new Owner();
    owner.post("a", "b");
    await owner.answer({ status: 0, isRedirect: true });
    equal(owner.log.slice(2), ["signed out a"]);
    equal(owner.pauses, []);
  },

  "a message that another tab has sent is left out": async () => {
    const owner = new Owner();
    owner.post("a", "b", "c");
    owner.queue.drop(owner.queue.find("b"));
    await owner.answer(TAKEN);
    equal(owner.log.at(-1), "send c");
    equal(owner.queue.find("b"), undefined);
  },

  "each answer has its meaning": () => {
    const meanings = [201, 400, 403, 404, 409, 413, 422, 429, 500, 0].map((status) => outcomeOf({ status, isPlain: true }));
    equal(meanings, ["sent", ...Array(6).fill("refused"), "tooQuick", "failed", "failed"]);
    equal(outcomeOf({ status: 403, isPlain: false }), "signedOut"); // the page about a form that is too old
    equal(outcomeOf({ status: 0, isRedirect: true }), "signedOut");
  },
};
