"""Automatic checks of a page: accessibility, console errors, and how it fits the screen, in every theme and size."""

import os
from itertools import product
from typing import NamedTuple

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

ALL = {"resultTypes": ["violations"], "preload": False}  # preloading would fetch all styles again, from wrong addresses
FINGER, MOUSE = 44, 24  # pixels


class Look(NamedTuple):
    """A size and theme in which a page is checked."""

    size: tuple[int, int]
    scheme: str
    contrast: str | None = None
    is_touch: bool = False

    @property
    def options(self):
        """Return the options of a browser's context that cannot change later."""
        return {"has_touch": True, "is_mobile": True} if self.is_touch else {}

    def apply(self, page: Page) -> None:
        page.set_viewport_size({"width": self.size[0], "height": self.size[1]})
        page.emulate_media(color_scheme=self.scheme, contrast=self.contrast)


DESK = Look((1440, 900), "light")
SIZES = {(1440, 900): False, (1024, 768): False, (360, 740): True, (320, 640): False}  # the last is 1280 at 400 %
THEMES = [("light", None), ("dark", None), ("light", "more"), ("dark", "more")]
LOOKS = [Look(size, *theme, is_touch) for theme, (size, is_touch) in product(THEMES, SIZES.items())]


def looks_of(number: int) -> list[Look]:
    """Return the looks in which to check a page: all, or with LOOKS=rotation one, by the number of the page."""
    is_rotation = os.environ.get("LOOKS") == "rotation"
    return [LOOKS[number * 5 % len(LOOKS)]] if is_rotation else LOOKS  # 5 shares no divisor with their number


WATCH = """
globalThis.refused = [];
const note = ({ violatedDirective, blockedURI }) => refused.push(`${violatedDirective} ${blockedURI}`);
document.addEventListener("securitypolicyviolation", note);
"""
STRUCTURE = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
  const found = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `two of the id ${id}`);
  for (const each of document.querySelectorAll("img:not([alt])")) found.push(`no alt: ${each.outerHTML}`);
  for (const [name, number] of [["h1", 1], ["main", 1], ["title", 1]]) {
    const there = [...document.querySelectorAll(name)].filter((each) => !each.closest("svg")).length;
    if (there !== number) found.push(`${there} of ${name}`);
  }
  for (const each of refused) found.push(`refused by the policy: ${each}`);
  return found;
}"""
# Links in words, messages and tables are as large as their words.
FIT = """(least) => {
  const found = [], root = document.documentElement;
  if (root.scrollWidth > innerWidth) found.push(`the page is ${root.scrollWidth} wide`);
  if (innerWidth > 768 && document.body.matches(".site") && root.scrollHeight > innerHeight) {
    found.push(`the page is ${root.scrollHeight} high`);
  }
  for (const each of document.querySelectorAll("body *:not(pre, .code, table, .chart > div, textarea)")) {
    const isWide = each.scrollWidth > each.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(each).overflowX);
    if (isWide) found.push(`scrolls sideways: ${each.outerHTML.slice(0, 120)}`);
  }
  // The middle of an element may be outside the part that a scroller around it shows.
  const isClipped = (each, x, y) => {
    for (let around = each.parentElement; around; around = around.parentElement) {
      const { left, right, top, bottom } = around.getBoundingClientRect();
      const clips = getComputedStyle(around).overflow !== "visible";
      if (clips && (x < left || x > right || y < top || y > bottom)) return true;
    }
    return false;
  };
  // Where a finger hits more than is seen, an invisible part is larger.
  const grown = (each) => {
    const { position, width, height } = getComputedStyle(each, "::after");
    return position === "absolute" ? [parseFloat(width), parseFloat(height)] : [0, 0];
  };
  const all = "button, summary, input, select, textarea, nav a, .button, .icon-button, .reaction";
  const isShown = { opacityProperty: true, visibilityProperty: true };
  const controls = [...document.querySelectorAll(all)].filter((each) => each.checkVisibility(isShown)
    && !each.matches("[type=hidden]") && !each.closest(".unseen"));
  for (const each of controls) {
    const { x, y, width, height } = each.getBoundingClientRect();
    if (width < 2) continue;
    const isInText = each.matches(".link, [type=checkbox], [type=radio]") || each.closest("p, table, .ends, .body");
    const [wide, high] = grown(each);
    if (!isInText && (Math.max(height, high) < least - 0.5 || Math.max(width, wide) < Math.min(least, 24))) {
      found.push(`${width} × ${height}: ${each.outerHTML.slice(0, 120)}`);
    }
    if (isClipped(each, x + width / 2, y + height / 2)) continue;
    const over = document.elementFromPoint(x + width / 2, y + height / 2)?.closest(all);
    const isLabel = over && (each.closest("label")?.contains(over) || each.contains(over) || over.contains(each));
    const opened = over?.closest("dialog, .menu > nav, [role=listbox], .picker"); // these are meant to lie over others
    if (!over || isLabel || (opened && !opened.contains(each))) continue;
    found.push(`${over.outerHTML.slice(0, 120)} lies over ${each.outerHTML.slice(0, 120)}`);
  }
  return found;
}"""


def barriers(page, rules=ALL, *where):
    """List the accessibility problems of a page in its present state."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("(options) => axe.run(document, options)", rules)["violations"]
    return [(each["id"], *where, [node["html"][:200] for node in each["nodes"]]) for each in found]


class Auditor:
    """Checks pages automatically in one browser."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url, self.troubles = page, url, []
        page.add_init_script(WATCH)
        page.on("console", self.note)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("requestfailed", self.note_failure)

    def note(self, message):
        """Record a console message, unless Chromium only reports the error status of the page itself."""
        is_of_page = message.location["url"] == self.page.url.partition("#")[0] and "status of" in message.text
        if message.type in ("error", "warning") and not is_of_page:
            self.troubles.append(f"in the console: {message.text}")

    def note_failure(self, request):
        if request.failure != "net::ERR_ABORTED":  # the page was left meanwhile
            self.troubles.append(f"not loaded: {request.url} {request.failure}")

    def open(self, path, look=DESK):
        """Load a page in a size and theme."""
        self.troubles.clear()  # from axe on the previous page, which tries out styles
        look.apply(self.page)
        self.page.goto(self.url + path)

    def find(self, look=DESK):
        """List the problems of the page in its present state, in a size and theme."""
        look.apply(self.page)
        found = [*self.page.evaluate(STRUCTURE), *self.troubles]
        found += self.page.evaluate(FIT, FINGER if look.is_touch else MOUSE)
        found += barriers(self.page)
        return [(look.size, look.scheme, look.contrast, each) for each in found]
