// The line above the message box that says which message the new one replies to, with a quote from it.
const MAX_CHARACTERS = 120;

// Cut between words, with an ellipsis.
function shortened(words) {
  if (words.length <= MAX_CHARACTERS) return words;
  return `${words.slice(0, MAX_CHARACTERS).replace(/\s+\S*$/, "")} …`;
}

export class ReplyBar {
  constructor(form) {
    this.fields = form.elements;
    this.bar = form.querySelector(".replying-to"); // none in a thread, where every message replies to the first
  }

  // The message that the form replies to: {id, sender, words, quote} or null.
  get message() {
    const id = this.bar && this.fields.reply_to.value;
    if (!id) return null;
    const [sender, words] = ["b", ".words"].map((part) => this.bar.querySelector(part).textContent.trim());
    return { id, sender, words, quote: this.fields.quote.value };
  }

  show(message) {
    if (!this.bar) return;
    this.bar.hidden = !message;
    this.fields.reply_to.value = message?.id ?? "";
    this.fields.quote.value = message?.quote ?? "";
    this.bar.querySelector("b").textContent = message?.sender ?? "";
    this.bar.querySelector(".words").textContent = message ? ` ${shortened(message.words)}` : "";
  }

  // The same as fields of a message, which may be sent later.
  get context() {
    const { sender = "", words = "", quote = "" } = this.message ?? {};
    const in_conversation = this.fields.in_conversation?.checked ? "1" : ""; // or only in the thread
    return { reply_to: this.fields.reply_to.value, quote, sender, words, in_conversation };
  }
}
