// Turns notifications in this browser on and off, on the settings page. It asks for the permission only after a click:
// browsers refuse sites that ask before.
import { SELECTORS } from "../contract.js";
import { fragment } from "../shell/fragment.js";
import { OPEN, PUSH, choice, choose, fieldsOf, isSupported, postDevice, serverKey, subscribe, subscription } from "./this-browser.js";

const LIST = ".push-devices"; // the part of the page that lists all browsers
const OFF = "off";

class PushDevice extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", ({ target }) => {
      if (target.matches("button")) this.act(target);
    });
    this.show();
  }

  get state() {
    if (!isSecureContext) return "insecure";
    if (!isSupported()) return isOnAppleMobile() && !navigator.standalone ? "not-installed" : "unsupported";
    if (Notification.permission === "denied") return "denied";
    return choice() ?? OFF;
  }

  show() {
    for (const each of this.querySelectorAll("[data-state]")) each.hidden = !each.dataset.state.split(" ").includes(this.state);
  }

  async act(button) {
    this.showError("");
    button.disabled = true;
    if (this.state === OFF) await this.turnOn();
    else await this.turnOff();
    button.disabled = false;
    this.show();
    this.querySelector("button:not([hidden])")?.focus();
    await this.showList();
  }

  async turnOn() {
    if ((await Notification.requestPermission()) !== "granted") return;
    const key = serverKey();
    const found = key && (await subscribe(key).catch(() => undefined));
    if (!found) return choose(OPEN); // the site or the browser has no push service
    const { status, text } = await postDevice(fieldsOf(found));
    if (status === 204) return choose(PUSH);
    await found.unsubscribe();
    this.showError(status === 422 ? text : status ? this.dataset.failed : this.dataset.unreachable);
  }

  // Without this request, the server learns of it from the push service with the next message.
  async turnOff() {
    choose(null);
    const found = await subscription();
    if (!found) return;
    await postDevice({ ...fieldsOf(found), remove: "yes" });
    await found.unsubscribe();
  }

  async showList() {
    const list = document.querySelector(LIST);
    const answer = list && (await fetch(location.pathname).catch(() => undefined));
    const fresh = answer?.ok && fragment(await answer.text()).querySelector(LIST);
    if (fresh) list.replaceWith(fresh);
  }

  showError(words) {
    const line = this.querySelector(SELECTORS.errors);
    line.textContent = words;
    line.hidden = !words;
  }
}

// iPads say that they are Macs, which have no touch screen.
function isOnAppleMobile() {
  return /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
}

customElements.define("push-device", PushDevice);
