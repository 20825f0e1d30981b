"""Automatic checks of a page: accessibility, console errors, and its width on a narrow screen."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

DESK, PHONE, ZOOMED = (1280, 800), (360, 740), (320, 640)  # the last is 1280 pixels at 400 %
ALL = {"resultTypes": ["violations"], "preload": False}  # preloading would fetch all styles again, from wrong addresses
COLOURS = ALL | {"runOnly": ["color-contrast", "link-in-text-block"]}
LIGHT, DARK, CONTRAST = {}, {"color_scheme": "dark"}, {"contrast": "more"}
LOOKS = [(DESK, ALL, LIGHT), (PHONE, ALL, LIGHT), (PHONE, ALL, DARK)]
LOOKS += [(DESK, COLOURS, media) for media in (DARK, CONTRAST, DARK | CONTRAST)]
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

    def open(self, path):
        """Load a page in a large window with the light theme."""
        self.troubles.clear()  # from axe on the previous page, which tries out styles
        self.set(DESK)
        self.page.goto(self.url + path)

    def set(self, size, **media):
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.emulate_media(color_scheme=media.get("color_scheme", "light"), contrast=media.get("contrast"))

    def find(self):
        """List the problems of the page in its present state, in all themes and sizes."""
        found = [*self.page.evaluate(STRUCTURE), *self.troubles]
        for size, rules, media in LOOKS:
            self.set(size, **media)
            found += barriers(self.page, rules, size, media)
        self.set(ZOOMED)
        width = self.page.evaluate("document.documentElement.scrollWidth")
        return found if width <= ZOOMED[0] else [*found, f"{width} pixels wide at 400 %"]
