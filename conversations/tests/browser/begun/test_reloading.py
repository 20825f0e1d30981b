"""A reload loses nothing that was begun: the message replied to, the quote, the files."""

import re

import pytest
from playwright.sync_api import expect

from conversations.models import Attachment, Message
from conversations.tests.browser.conftest import STORED_TEXT, opened_again, sign_in, sign_out
from conversations.tests.browser.message.test_attaching import NO_ROOM, PHOTO, TEXT, choose

DAY_HOURS = 24
SELECT = """([start, end]) => {
  const text = document.querySelector(".body p").firstChild;
  getSelection().setBaseAndExtent(text, start, text, end);
}"""
FILES = """() => new Promise((resolve) => {
  const opening = indexedDB.open("unsent files");
  opening.onupgradeneeded = () => opening.transaction.abort();
  opening.onerror = () => resolve([]);
  opening.onsuccess = () => {
    const request = opening.result.transaction("files").objectStore("files").getAll();
    request.onsuccess = () => {
      opening.result.close();
      resolve(request.result.map(({ file }) => file.name));
    };
  };
})"""
AGE = """(hours) => new Promise((resolve) => {
  const opening = indexedDB.open("unsent files");
  opening.onsuccess = () => {
    const transaction = opening.result.transaction("files", "readwrite");
    transaction.objectStore("files").openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      cursor.update({ ...cursor.value, at: Date.now() - hours * 60 * 60 * 1000 });
      cursor.continue();
    };
    transaction.oncomplete = () => {
      opening.result.close();
      resolve();
    };
  };
})"""


@pytest.fixture
def ana(visitor):
    ana = visitor()
    ana.sign_in("ana", to="Town hall")
    expect(ana.page.locator("message-composer.live")).to_be_visible()
    return ana


def attached(ana):
    return ana.page.locator(".attached li")


def attach(ana, *files):
    """Attach files, and wait until they are stored."""
    choose(ana.page, *files)
    ana.page.wait_for_function(f"(number) => ({FILES})().then((names) => names.length >= number)", arg=len(files))
    ana.page.wait_for_function("() => Object.keys(localStorage).some((name) => name.includes(' files in '))")


def wait_for_files(ana, *names):
    for _ in range(100):
        if ana.page.evaluate(FILES) == list(names):
            return
        ana.page.wait_for_timeout(50)
    assert ana.page.evaluate(FILES) == list(names)


def reply_with_quote(ana):
    ana.write("Where do we eat tonight?")
    ana.page.evaluate(SELECT, [12, 23])
    ana.page.get_by_role("article").hover()
    ana.page.get_by_role("button", name="Reply").click()
    expect(ana.page.get_by_label("Quote a part of it")).to_have_value("eat tonight")


@pytest.mark.parametrize("words", ["", "At the harbour"])
def test_the_message_replied_to_and_the_quote_survive_a_reload(ana, words):
    reply_with_quote(ana)
    if words:
        with ana.page.expect_response("**/draft/"):
            ana.page.get_by_label("Message to").fill(words)
    ana.page.get_by_label("Quote a part of it").fill("eat")
    ana.page.reload()
    expect(ana.page.locator(".replying-to")).to_contain_text("Where do we eat tonight?")
    expect(ana.page.get_by_label("Quote a part of it")).to_have_value("eat")
    expect(ana.page.get_by_label("Message to")).to_have_value(words)
    ana.page.get_by_label("Message to").fill("At the harbour")
    ana.page.get_by_label("Message to").press("Enter")
    expect(ana.page.get_by_role("article")).to_have_count(2)
    reply = Message.objects.latest("pk")
    assert (reply.reply_to.content, reply.quote) == ("Where do we eat tonight?", "eat")
    ana.page.reload()
    expect(ana.page.locator("message-composer.live")).to_be_visible()
    expect(ana.page.locator(".replying-to")).to_be_hidden()
    ana.page.wait_for_function(f"() => !({STORED_TEXT})()")


def test_a_reply_that_was_cancelled_stays_cancelled(ana):
    reply_with_quote(ana)
    ana.page.get_by_role("link", name="Cancel").click()
    ana.page.reload()
    expect(ana.page.locator("message-composer.live")).to_be_visible()
    expect(ana.page.locator(".replying-to")).to_be_hidden()


def test_attached_files_survive_a_reload_and_another_page_without_a_question(ana):
    asked = []
    ana.page.on("dialog", lambda dialog: asked.append(dialog.message) or dialog.accept())
    attach(ana, PHOTO, TEXT)
    ana.page.get_by_label("Description of the picture (alt text)").first.fill("Our house")
    ana.page.reload()
    expect(attached(ana)).to_have_count(2)
    address = ana.page.url
    ana.page.goto(f"{ana.url}/people/")
    ana.page.goto(address)
    expect(attached(ana)).to_have_count(2)
    expect(ana.page.get_by_label("Description of the picture (alt text)").first).to_have_value("Our house")
    ana.page.get_by_role("button", name="Remove notes.txt").click()
    wait_for_files(ana, "house.jpg")
    ana.write("Look at that", by_key=True)
    expect(ana.page.get_by_role("article").get_by_role("img", name="Our house")).to_be_visible()
    assert [each.name for each in Attachment.objects.all()] == ["house.jpg"]
    wait_for_files(ana)
    ana.page.reload()
    expect(attached(ana)).to_have_count(0)
    assert asked == []


def test_attached_files_survive_a_closed_tab(ana):
    attach(ana, TEXT)
    ana = opened_again(ana)
    expect(attached(ana)).to_contain_text("notes.txt")


def test_a_message_with_files_that_could_not_be_sent_is_sent_by_the_next_page(ana):
    ana.page.route("**/messages/", lambda route: route.abort())
    attach(ana, TEXT)
    ana.page.get_by_label("Message to").fill("a caption")
    ana.page.keyboard.press("Enter")
    expect(ana.page.locator(".outbox")).to_contain_text("Not sent.")
    ana.page.unroute("**/messages/")
    ana.page.reload()
    expect(ana.page.get_by_role("article").get_by_role("link", name="notes.txt", exact=True)).to_have_count(1)
    expect(ana.page.get_by_role("article")).to_contain_text("a caption")
    assert Message.objects.count() == 1
    wait_for_files(ana)
    ana.troubles.clear()  # Chromium logs the refused request


def test_files_belong_to_one_form_and_one_person(ana, visitor):
    attach(ana, TEXT)
    ana.page.goto(ana.begin("Elsewhere"))
    expect(ana.page.locator("message-composer.live")).to_be_visible()
    expect(attached(ana)).to_have_count(0)
    ben = visitor()
    ben.sign_in("ben")
    ana.page.context.clear_cookies()
    ana.page.context.add_cookies(ben.page.context.cookies())
    ana.page.goto(ana.url)
    wait_for_files(ana)


def test_signing_out_asks_and_removes_the_files(ana):
    attach(ana, TEXT)
    asked = []
    ana.page.once("dialog", lambda dialog: asked.append(dialog.message) or dialog.accept())
    sign_out(ana.page)
    expect(ana.page.get_by_label("Password")).to_be_visible()
    assert asked == ["Some of your messages are not sent yet. Sign out and discard them?"]
    wait_for_files(ana)
    assert ana.page.evaluate("Object.keys(localStorage).filter((name) => name.includes('file'))") == []


def test_files_stay_for_their_owner_when_a_session_ends_by_itself(ana):
    attach(ana, TEXT)
    ana.page.context.clear_cookies(name="sessionid")
    ana.page.reload()
    sign_in(ana.page, "ana")
    expect(attached(ana)).to_contain_text("notes.txt")


def test_files_are_removed_after_a_day(ana):
    attach(ana, TEXT)
    ana.page.evaluate(AGE, DAY_HOURS - 0.1)
    ana.page.reload()
    expect(attached(ana)).to_have_count(1)
    ana.page.evaluate(AGE, DAY_HOURS + 0.1)
    ana.page.goto(f"{ana.url}/people/")
    wait_for_files(ana)
    ana.page.go_back()
    expect(ana.page.get_by_text("These files are no longer stored here. Choose them again: notes.txt")).to_be_visible()
    expect(attached(ana)).to_have_count(0)


def test_leaving_asks_only_where_a_file_could_not_be_stored(ana):
    asked = []
    ana.page.on("dialog", lambda dialog: asked.append(dialog.type) or dialog.accept())
    attach(ana, TEXT)
    ana.page.reload()
    assert asked == []
    ana.page.evaluate(NO_ROOM)
    choose(ana.page, TEXT | {"name": "huge.txt"})
    expect(attached(ana)).to_have_count(2)
    ana.page.reload()
    assert asked == ["beforeunload"]
    expect(attached(ana)).to_have_count(1)
    expect(attached(ana)).to_contain_text(re.compile("notes.txt"))
