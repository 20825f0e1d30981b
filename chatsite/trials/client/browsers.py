"""Find a browser on this machine."""

import shutil

# The first is Chromium without windows, which takes two thirds of the time.
NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]


def find_browser() -> str | None:
    """Give the path of a browser of the system; None where there is none, but perhaps one of Playwright's own."""
    return next(filter(None, map(shutil.which, NAMES)), None)
