"""Pictures: in a dialog with those of the page, and on a page of their own without scripts."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from accounts.models import User
from conversations.models import Conversation
from conversations.tests.browser.audit import barriers
from conversations.tests.message.pictures import picture
from conversations.tests.message.test_attachments import attach

NAMES = ["one.jpg", "two.png", "three.webp"]


@pytest.fixture
def reader(visitor):
    """Open a conversation with three pictures: `reader(script)`."""

    def open_conversation(script):
        ana = visitor(java_script_enabled=script)
        ana.sign_in("ana", to="Town hall")
        client = Client()
        client.force_login(User.objects.get(username="ana"), "accounts.backend.AccountBackend")
        forms = zip(("JPEG", "PNG", "WEBP"), NAMES, strict=True)
        attach(client, Conversation.objects.get(), *((picture(form), name) for form, name in forms))
        ana.page.reload()
        return ana

    return open_conversation


def test_a_picture_opens_in_a_dialog_with_those_beside_it(reader):
    ana = reader(True)
    page, keys, address = ana.page, ana.page.keyboard, ana.page.url
    page.wait_for_function("() => Boolean(customElements.get('key-sheet'))")
    dialog = page.get_by_role("dialog", name="Picture")
    boxes = [page.get_by_role("img", name=name).bounding_box() for name in NAMES]
    assert [(round(box["width"] / box["height"], 1), 180 < box["width"] <= 200) for box in boxes] == [(1.5, True)] * 3
    assert len({box["y"] for box in boxes}) == 1, "they are in one row"
    page.get_by_role("img", name="two.png").click()
    expect(dialog.get_by_text("two.png")).to_be_visible()
    expect(dialog.get_by_text("2 / 3")).to_be_visible()
    expect(dialog.get_by_role("img", name="two.png")).to_have_js_property("naturalWidth", 640)
    assert barriers(page) == []
    keys.press("ArrowRight")
    expect(dialog.get_by_role("img", name="three.webp")).to_be_visible()
    expect(dialog.get_by_role("button", name="Next picture")).to_be_hidden()
    dialog.get_by_role("button", name="Previous picture").click()
    keys.press("ArrowLeft")
    expect(dialog.get_by_text("1 / 3")).to_be_visible()
    expect(dialog.get_by_role("link", name="Download")).to_have_attribute("href", re.compile(r"/files/\d+/one\.jpg$"))
    dialog.get_by_role("button", name="Zoom").click()
    expect(dialog.get_by_role("button", name="Zoom")).to_have_attribute("aria-pressed", "true")
    keys.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("a.picture").first).to_be_focused()
    assert page.url == address
    ana.troubles.clear()  # axe tries out styles


def test_without_scripts_a_picture_has_a_page_between_its_neighbours(reader):
    ana = reader(False)
    ana.page.get_by_role("img", name="two.png").click()
    expect(ana.page.get_by_role("heading", name="two.png")).to_be_visible()
    ana.page.get_by_role("link", name="Next picture").click()
    expect(ana.page.get_by_role("img", name="three.webp")).to_have_js_property("naturalWidth", 640)
    ana.page.get_by_role("link", name="Back to the message").click()
    expect(ana.page.get_by_role("img", name="one.jpg")).to_be_visible()
