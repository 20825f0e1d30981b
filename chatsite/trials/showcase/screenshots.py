"""Pictures of the main pages of a site, on a desktop and on a phone, light and dark."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, StorageState, ViewportSize, sync_playwright

from chatsite.trials.client.browsers import find_browser
from chatsite.trials.client.site import Site
from chatsite.trials.showcase import workspace

SIZES = {1440: 900, 1024: 768, 360: 740}
Scheme = Literal["light", "dark"]
SCHEMES: list[Scheme] = ["light", "dark"]
# The main views, by name: an address, or a state of the page there.
PAGES = {
    "conversation": "{town}",
    "inbox": "/",
    "inbox-open": "/inbox/all/{deliveries_pk}/",
    "thread": "{thread}",
    "threads": "/threads/",
    "mentions": "/mentions/",
    "saved": "/saved/",
    "jump": "/quick-switcher/?q=mark",
    "search": "/search/?q=oven",
    "day": "{day}",
    "files": "{machines}files/",
    "members": "{town}members/",
    "conversation-settings": "{town}settings/",
    "new-conversation": "/c/new/",
    "browse": "/c/browse/",
    "people": "/people/",
    "person": "/people/emre/",
    "profile": "/settings/profile/",
    "reports": "/reports/activity/",
    "sign-in": "/accounts/login/",
}


def take(site: Site, folder: Path, log: Callable[[str], object]) -> None:
    """Fill an empty site, and store pictures of its pages in a folder, for example as inbox-360-dark.png."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        with site.database() as server:
            ana, conversations = workspace.fill(playwright.request, site.url, server)
        town = conversations["Town hall"]
        page = ana.get(town).text()
        thread = re.search(r"/m/\d+/thread/", page)
        assert thread, "there is no thread in that conversation"
        addresses = {
            "town": town,
            "thread": thread[0],
            "day": f"{town}{workspace.moment(0, '08:00').date()}/",
            "machines": conversations["Ovens and machines"],
            "deliveries_pk": str(workspace.number(conversations["Deliveries"])),
        }
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        for width in SIZES:
            for scheme in SCHEMES:
                shoot(browser, site.url, ana.storage_state(), folder, width, scheme, addresses)
                log(f"{len(PAGES)} pages at {width} pixels, {scheme}")


def shoot(
    browser: Browser, url: str, state: StorageState, folder: Path, width: int, scheme: Scheme, addresses: dict[str, str]
) -> None:
    def context(storage_state: StorageState | None) -> BrowserContext:
        viewport: ViewportSize = {"width": width, "height": SIZES[width]}
        return browser.new_context(storage_state=storage_state, viewport=viewport, color_scheme=scheme, base_url=url)

    signed_in, anonymous = context(state), context(None)
    for name, address in PAGES.items():
        page = (anonymous if name == "sign-in" else signed_in).new_page()
        page.goto(address.format(**addresses))
        page.wait_for_timeout(300)  # until scripts have moved everything into place
        page.screenshot(path=folder / f"{name}-{width}-{scheme}.png")
        page.close()
    signed_in.close()
    anonymous.close()
