// A button that plays the sound that is chosen beside it.
import { play } from "../push/tones.js";

class SoundPreview extends HTMLElement {
  connectedCallback() {
    const select = this.closest("form").querySelector("select[name=sound]");
    const show = () => {
      this.hidden = !select.value;
    };
    this.querySelector("button").addEventListener("click", () => play(select.value));
    select.addEventListener("change", show);
    show();
  }
}

customElements.define("sound-preview", SoundPreview);
