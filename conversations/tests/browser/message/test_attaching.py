"""Attaching files in a browser: choosing, dropping, pasting, describing and sending them, with errors shown."""

import pytest
from playwright.sync_api import expect

from conversations.models import Attachment
from conversations.tests.message.pictures import picture

PHOTO = {"name": "house.jpg", "mimeType": "image/jpeg", "buffer": picture()}
TEXT = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"words"}
GIVE = """([selector, kind]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File(["x"], "given.txt", { type: "text/plain" }));
  const options = { bubbles: true, cancelable: true, clipboardData: transfer, dataTransfer: transfer };
  const Kind = kind === "paste" ? ClipboardEvent : DragEvent;
  document.querySelector(selector).dispatchEvent(new Kind(kind, options));
}"""
NO_ROOM = "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"


@pytest.fixture
def ana(visitor):
    ana = visitor()
    ana.sign_in("ana", to="Town hall")
    return ana


def choose(page, *files):
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach files").click()
    chooser.value.set_files(list(files))


def test_files_are_chosen_described_and_sent_with_text(ana):
    choose(ana.page, PHOTO, TEXT)
    choose(ana.page, TEXT | {"name": "mistake.txt"})
    ana.page.get_by_role("button", name="Remove mistake.txt").click()
    ana.page.get_by_label("Description of the picture (alt text)").first.fill("Our house")
    ana.write("Look at that", by_key=True)
    article = ana.page.get_by_role("article")
    expect(article.get_by_role("img", name="Our house")).to_be_visible()
    expect(article.get_by_role("link", name="notes.txt", exact=True)).to_be_visible()
    assert [each.description for each in Attachment.objects.order_by("position")] == ["Our house", ""]
    expect(ana.page.locator(".attached li, .outbox li")).to_have_count(0)


def test_files_are_dropped_and_pasted(ana):
    ana.page.locator("attach-files.live").wait_for(state="attached")
    ana.page.evaluate(GIVE, [".scroller", "drop"])
    ana.page.evaluate(GIVE, ["textarea", "paste"])
    expect(ana.page.locator(".attached li")).to_have_count(2)
    ana.page.get_by_role("button", name="Send").click()
    expect(ana.page.get_by_role("article").get_by_role("link", name="given.txt", exact=True)).to_have_count(2)


def test_a_failed_send_with_files_that_the_browser_can_not_store_is_retried_by_its_own_page(ana):
    ana.page.evaluate(NO_ROOM)
    ana.page.route("**/messages/", lambda route: route.abort())
    choose(ana.page, TEXT)
    ana.page.get_by_label("Message to").fill("a caption")
    ana.page.keyboard.press("Enter")
    expect(ana.page.locator(".outbox")).to_contain_text("Not sent.")
    ana.page.on("dialog", lambda dialog: dialog.accept())
    ana.page.reload()
    expect(ana.page.get_by_text("These files are no longer stored here. Choose them again: notes.txt")).to_be_visible()
    expect(ana.page.get_by_label("Message to")).to_have_value("a caption")
    choose(ana.page, TEXT)
    ana.page.keyboard.press("Escape")
    ana.page.get_by_role("button", name="Send").click()
    expect(ana.page.locator(".outbox")).to_contain_text("Not sent.")
    ana.page.unroute("**/messages/")
    ana.page.get_by_role("button", name="Try again").click()
    expect(ana.page.get_by_role("article").get_by_role("link", name="notes.txt", exact=True)).to_have_count(1)
    ana.troubles.clear()  # Chromium logs the refused request


def test_files_and_text_over_the_limits_are_reported_at_once(ana):
    choose(ana.page, TEXT | {"name": "huge.zip", "buffer": b"x" * 25_000_001})
    expect(ana.page.get_by_text("huge.zip is larger than 25 MB.")).to_be_visible()
    expect(ana.page.locator(".attached li")).to_have_count(0)
    ana.page.get_by_label("Message to").fill("word " * 3000)
    ana.page.get_by_role("button", name="Send").click()
    ana.page.get_by_role("button", name="Attach it as a file instead").click()
    expect(ana.page.get_by_label("Message to")).to_have_value("")
    ana.page.get_by_role("button", name="Send").click()
    expect(ana.page.get_by_role("article").get_by_role("link", name="message.txt", exact=True)).to_be_visible()
    ana.troubles.clear()  # Chromium logs the refused request


def test_files_are_attached_without_scripts(visitor):
    ana = visitor(java_script_enabled=False)
    ana.sign_in("ana", to="Town hall")
    ana.page.get_by_text("Attach files").click()
    ana.page.get_by_label("Files", exact=True).set_input_files([PHOTO, TEXT])
    ana.page.get_by_label("Descriptions of the pictures").fill("Our house")
    ana.write("Look at that")
    expect(ana.page.get_by_role("img", name="Our house")).to_have_attribute("width", "400")
    expect(ana.page.get_by_role("link", name="notes.txt", exact=True)).to_be_visible()
