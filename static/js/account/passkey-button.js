// A button that creates or uses a passkey, then sends the form around it with the credential. The options are in the
// page, or are loaded from the form's address by a POST with the field `begin`.
import { SCRIPT_HEADERS, SELECTORS } from "../contract.js";

const decode = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function decoded(options) {
  const known = (list = []) => list.map((each) => ({ ...each, id: decode(each.id) }));
  const plain = { ...options, challenge: decode(options.challenge) };
  if (plain.user) plain.user = { ...plain.user, id: decode(plain.user.id) };
  if (plain.excludeCredentials) plain.excludeCredentials = known(plain.excludeCredentials);
  if (plain.allowCredentials) plain.allowCredentials = known(plain.allowCredentials);
  return plain;
}

function encoded(credential) {
  const { id, rawId, type, authenticatorAttachment, response } = credential;
  const fields = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) fields[name] = encode(response[name]);
  }
  const clientExtensionResults = credential.getClientExtensionResults();
  return { id, rawId: encode(rawId), type, authenticatorAttachment, response: fields, clientExtensionResults };
}

class PasskeyButton extends HTMLElement {
  connectedCallback() {
    if (!globalThis.PublicKeyCredential) return;
    this.form = this.closest("form");
    this.button = this.querySelector("button");
    this.hidden = false;
    this.button.addEventListener("click", () => this.act());
  }

  async act() {
    this.showError("");
    this.button.disabled = true;
    try {
      const options = this.optionsInPage() ?? (await this.fetchOptions());
      if (options) this.finish(await navigator.credentials[this.dataset.ceremony]({ publicKey: decoded(options) }));
    } catch (error) {
      this.showError(error instanceof TypeError ? this.dataset.unreachable : this.dataset.failed);
    }
    this.button.disabled = false;
  }

  optionsInPage() {
    const script = this.form.querySelector("script[type='application/json']");
    const options = script && JSON.parse(script.textContent);
    return options?.publicKey ?? options;
  }

  async fetchOptions() {
    const body = new FormData(this.form);
    body.delete("password");
    body.set("begin", "yes");
    const answer = await fetch(this.form.action, { method: "POST", body, headers: SCRIPT_HEADERS });
    if (!answer.headers.get("content-type")?.startsWith("application/json")) {
      return this.showError(answer.status === 429 ? await answer.text() : this.dataset.failed);
    }
    const options = await answer.json();
    if (!options.errors) return options.publicKey ?? options;
    this.showError(Object.values(options.errors).flat().join(" "));
    this.form.elements[Object.keys(options.errors)[0]]?.focus?.();
  }

  finish(credential) {
    this.form.elements.credential.value = JSON.stringify(encoded(credential));
    this.form.noValidate = true; // the form needs no password now
    this.form.requestSubmit();
  }

  showError(words) {
    const line = this.querySelector(SELECTORS.errors);
    line.textContent = words;
    line.hidden = !words;
  }
}

customElements.define("passkey-button", PasskeyButton);
