"""Find a browser on this machine."""

import shutil

# The first is Chromium without windows, with which tests take a third less time.
NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]


def find_browser() -> str | None:
    """Return the path of an installed browser; None if there is none, but Playwright may have its own."""
    return next(filter(None, map(shutil.which, NAMES)), None)
