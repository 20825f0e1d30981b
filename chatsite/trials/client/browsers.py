"""Find a browser on this machine."""

import shutil

WITH_WINDOWS = ["chromium", "chromium-browser", "google-chrome"]
# Chromium without windows, with which tests take a third less time. It shows no notifications.
NAMES = ["chromium-headless-shell", *WITH_WINDOWS]


def find_browser(names: list[str] = NAMES) -> str | None:
    """Return the path of an installed browser; None if there is none, but Playwright may have its own."""
    return next(filter(None, map(shutil.which, names)), None)
