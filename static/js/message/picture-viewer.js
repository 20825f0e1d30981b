// The pictures of a page in a dialog: the arrow keys and swiping lead from one to the next, Escape closes it.
const SWIPE_PIXELS = 60;

let viewer;

export function showPicture(link) {
  viewer ??= new Viewer();
  viewer.open(link);
}

class Viewer {
  constructor() {
    const template = document.querySelector("template.picture-viewer");
    document.body.append(template.content.cloneNode(true));
    this.dialog = document.querySelector("dialog.picture-viewer");
    this.image = this.dialog.querySelector("img");
    this.zoomButton = this.dialog.querySelector(".zoom");
    this.dialog.querySelector(".before").addEventListener("click", () => this.move(-1));
    this.dialog.querySelector(".after").addEventListener("click", () => this.move(1));
    this.dialog.querySelector(".close").addEventListener("click", () => this.dialog.close());
    this.zoomButton.addEventListener("click", () => this.zoom(!this.isZoomed));
    this.image.addEventListener("click", () => this.zoom(!this.isZoomed));
    this.image.addEventListener("load", () => this.image.classList.remove("loading"));
    this.dialog.addEventListener("keydown", (event) => this.press(event));
    this.dialog.addEventListener("close", () => this.link.focus());
    this.watchStage(this.dialog.querySelector(".stage"));
  }

  open(link) {
    this.links = [...document.querySelectorAll("#main a.picture, aside a.picture")];
    this.show(link);
    this.dialog.showModal();
    this.dialog.querySelector(".close").focus();
  }

  show(link) {
    this.link = link;
    const { whole, name } = link.dataset;
    const thumbnail = link.querySelector("img");
    this.zoom(false);
    // The thumbnail, enlarged to the shape of the picture, until the whole of it has loaded.
    this.image.style.backgroundImage = `url("${thumbnail.currentSrc || thumbnail.src}")`;
    this.image.style.aspectRatio = `${thumbnail.getAttribute("width")} / ${thumbnail.getAttribute("height")}`;
    this.image.classList.add("loading");
    Object.assign(this.image, { src: whole, alt: thumbnail.alt });
    this.dialog.querySelector(".name").textContent = name;
    this.dialog.querySelector("a[download]").href = whole;
    const at = this.links.indexOf(link);
    this.dialog.querySelector("[role=status]").textContent = this.links.length > 1 ? `${at + 1} / ${this.links.length}` : "";
    this.dialog.querySelector(".before").disabled = at <= 0;
    this.dialog.querySelector(".after").disabled = at === this.links.length - 1;
  }

  move(step) {
    const next = this.links[this.links.indexOf(this.link) + step];
    if (next) this.show(next);
  }

  get isZoomed() {
    return this.dialog.classList.contains("zoomed");
  }

  zoom(isZoomed) {
    this.dialog.classList.toggle("zoomed", isZoomed);
    this.zoomButton.setAttribute("aria-pressed", String(isZoomed));
  }

  press(event) {
    const forward = document.dir === "rtl" ? -1 : 1;
    const step = { ArrowLeft: -forward, ArrowRight: forward }[event.key];
    if (!step || this.isZoomed) return;
    event.preventDefault();
    this.move(step);
  }

  // A click beside the picture closes it, and so does swiping down.
  watchStage(stage) {
    let start;
    stage.addEventListener("click", ({ target }) => target === stage && this.dialog.close());
    stage.addEventListener("touchstart", ({ touches }) => {
      start = touches.length === 1 && !this.isZoomed ? touches[0] : undefined;
    }, { passive: true });
    stage.addEventListener("touchend", ({ changedTouches: [end] }) => {
      if (!start) return;
      const across = end.clientX - start.clientX;
      const down = end.clientY - start.clientY;
      if (Math.abs(across) > SWIPE_PIXELS && Math.abs(across) > Math.abs(down)) this.move(across < 0 ? 1 : -1);
      else if (down > 2 * SWIPE_PIXELS) this.dialog.close();
    });
  }
}
