"""The event names that open pages of the previous release listen for during an upgrade."""

import re

from django.conf import settings

RELEASE_0_1 = {"messages", "inbox", "typing", "left", "gone", "reload", "signed-out"}


def test_the_script_listens_for_the_events_of_release_0_1():
    script = (settings.BASE_DIR / "static" / "js" / "live-worker.js").read_text()
    assert set(re.findall(r'"([\w-]+)"', re.search(r"for \(const name of \[(.*?)\]", script)[1])) == RELEASE_0_1


def test_the_server_sends_the_events_of_release_0_1():
    sources = [path.read_text() for path in (settings.BASE_DIR / "conversations" / "live").glob("*.py")]
    sent = {name for text in sources for name in re.findall(r'(?:frame\(|forget\([\w.]+, )"([\w-]+)"', text)}
    assert sent == RELEASE_0_1
