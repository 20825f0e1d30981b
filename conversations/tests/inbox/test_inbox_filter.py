"""The inbox filters, which the script applies as well to entries that arrive while the page is open."""

import re

from django.conf import settings

from conversations.models.inbox.inbox_filter import InboxFilter

SCRIPT = settings.BASE_DIR / "static" / "js" / "inbox" / "live-inbox.js"


def test_the_script_has_a_selector_for_each_filter():
    selectors = re.search(r"const FILTER_SELECTORS = \{\n(.*?)\n\};", SCRIPT.read_text(), re.DOTALL)[1]
    assert re.findall(r'^  "?(\w*)"?: "', selectors, re.MULTILINE) == InboxFilter.values
