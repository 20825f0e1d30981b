"""The site in the text browser w3m: sign in, read, post, search, sign out."""

import os
import pty
import select
import shutil
import subprocess
import time

import pytest

from accounts.tests.factories import UserFactory
from conversations.models import Message
from conversations.tests.factories import ConversationFactory, say

PASSWORD = "correct horse battery"
WAIT_SECONDS = 20
CONFIG = "use_cookie 1\naccept_cookie 1\nconfirm_qq 0\ndisplay_charset UTF-8\neditor {editor}\n"
TAB, ENTER = "\t", "\r"


class TextBrowser:
    """A w3m process on a pseudo-terminal; its screen is read from the files to which it saves the page."""

    def __init__(self, folder, url):
        self.folder, self.saved = folder, 0
        (folder / ".w3m").mkdir()
        (folder / ".w3m" / "config").write_text(CONFIG.format(editor=folder / "editor"))
        (folder / "editor").write_text(f'#!/bin/sh\nfor file; do :; done\ncp {folder}/words "$file"\n')
        (folder / "editor").chmod(0o700)
        self.terminal, theirs = pty.openpty()
        environment = os.environ | {"HOME": str(folder), "TERM": "xterm", "LANG": "C.UTF-8", "LINES": "60"}
        self.process = subprocess.Popen(
            ["w3m", url], stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
        )
        os.close(theirs)

    def type(self, words):
        os.write(self.terminal, words.encode())

    def find(self, words):
        """Move the cursor to this text, searching from the top of the page."""
        self.type(f"g/{words}{ENTER}")

    def follow(self, words):
        self.find(words)
        self.type(ENTER)

    def next(self, count=1):
        """Move forward by `count` links or fields and activate the last of them."""
        self.type(TAB * count + ENTER)

    def fill(self, words, count=1):
        self.next(count)
        self.type(words + ENTER)

    def write(self, words):
        """Fill in a text area, for which w3m opens an editor."""
        (self.folder / "words").write_text(words)
        self.next()

    def see(self, *words):
        """Wait until all of these words are shown; return the page."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not all(each in (shown := self.shown()) for each in words):
            assert time.monotonic() < deadline, f"{words} are not in\n{shown}"
        return shown

    def shown(self):
        self.saved += 1
        file, deadline = self.folder / f"screen{self.saved}", time.monotonic() + WAIT_SECONDS
        self.type(f"S{file}{ENTER}")
        while not file.exists() and time.monotonic() < deadline:
            if select.select([self.terminal], [], [], 0.1)[0]:
                os.read(self.terminal, 65536)  # else w3m blocks on its output
        return file.read_text() if file.exists() else ""  # may be incomplete while w3m writes it

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)


@pytest.fixture
def town(transactional_db):
    """Market square, where Ben has posted a message to Ana."""
    ana, ben = UserFactory(username="ana"), UserFactory(username="ben", display_name="Ben Okri")
    ana.set_password(PASSWORD)
    ana.save()
    town = ConversationFactory(title="Market square", members=[ana, ben])
    say(town, ben, "Who brings the harpsichord?")
    return town


@pytest.fixture
def text_browser(town, live_server, tmp_path):
    if not shutil.which("w3m"):
        pytest.skip("there is no w3m on this machine: apt-get install w3m")
    opened = TextBrowser(tmp_path, live_server.url)
    yield opened
    opened.close()


def test_sign_in_read_post_search_and_sign_out(text_browser):
    text_browser.see("Sign in", "User name")
    text_browser.find("User name")
    text_browser.fill("ana")
    text_browser.fill(PASSWORD, 2)  # skips the link for a forgotten password
    text_browser.next()
    text_browser.see("Market square", "Who brings the harpsichord?")
    text_browser.follow("Market square")
    text_browser.see("Ben Okri", "Who brings the harpsichord?", "Message to Market square")
    text_browser.find("Message to")
    text_browser.write("I bring it,\nwith Ben.")
    text_browser.find("Formatting")
    text_browser.next()
    text_browser.see("I bring it,", "with Ben.")
    assert Message.objects.order_by("pk").last().content == "I bring it,\nwith Ben."
    text_browser.follow("Search or jump to")
    text_browser.see("Part of a name")
    text_browser.find("Part of a name")
    text_browser.fill("harpsichords")
    text_browser.next()
    text_browser.see("Search all messages")
    text_browser.follow("Search all messages")
    assert "1 result" in text_browser.see("Ben Okri", "Who brings the harpsichord?", "Filters")
    text_browser.follow("Sign out")
    text_browser.see("Sign in", "User name")
