"""Names of devices."""

import re

from django import template
from django.utils.translation import gettext as _

register = template.Library()

# The first match counts: each browser also claims to be the older ones that it imitates.
BROWSERS = ["Edg", "OPR", "SamsungBrowser", "Firefox", "FxiOS", "Chrome", "CriOS", "Safari", "curl"]
SYSTEMS = ["iPhone", "iPad", "Android", "Windows", "Mac OS X", "CrOS", "Linux"]
SHOWN_AS = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "FxiOS": "Firefox", "CriOS": "Chrome"}
SHOWN_AS |= {"Mac OS X": "macOS", "CrOS": "ChromeOS"}


@register.filter
def browser(user_agent: str) -> str:
    """Name the browser and the system of a User-Agent: "Firefox on Linux"."""
    found = [
        next((name for name in names if re.search(re.escape(name), user_agent)), "") for names in (BROWSERS, SYSTEMS)
    ]
    names = [SHOWN_AS.get(name, name) for name in found if name]
    if len(names) == len(found):
        return _("%(browser)s on %(system)s") % {"browser": names[0], "system": names[1]}
    return "".join(names) or user_agent[:40] or _("Unknown browser")
