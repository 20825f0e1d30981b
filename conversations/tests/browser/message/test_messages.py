"""Message actions in a real browser: post, react, reply, edit, delete, undo."""

from datetime import timedelta

import pytest
from django.db.models import F
from playwright.sync_api import expect

from accounts.models import User
from accounts.tests.factories import UserFactory
from conversations.models import Conversation, Message, SavedMessage
from conversations.tests.browser.conftest import choose
from conversations.tests.factories import say

MEASURE = 44 * 16  # the longest line of a message
# The buttons and links of a menu whose middle lies under something else.
COVERED = """(menu) => [...menu.querySelectorAll("a, button")].filter((each) => {
  const { x, y, width, height } = each.getBoundingClientRect();
  return width && !each.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}).map(({ textContent }) => textContent)"""


def said(visitor, words):
    return visitor.page.get_by_role("article").filter(has_text=words)


@pytest.fixture
def ana(visitor):
    """Open Ana's browser on Town hall, where she has posted; `ana(script=False)` disables JavaScript."""

    def open_browser(*, script=True):
        writer = visitor(java_script_enabled=script)
        writer.sign_in("ana", to="Town hall")
        writer.write("Who brings the cake?")
        return writer

    return open_browser


def test_post_react_reply_edit_delete_and_undo_in_place(ana):
    ana = ana()
    page, question = ana.page, said(ana, "Who brings the cake?").first
    address = page.url
    question.hover()
    question.get_by_role("button", name="👍").click()
    mine = question.get_by_role("button", name="1 reacted 👍")
    expect(mine).to_have_attribute("aria-pressed", "true")
    mine.click()
    expect(mine).to_have_count(0)
    question.get_by_role("button", name="React").click()
    page.get_by_role("dialog").get_by_role("searchbox").fill("birthday")
    page.keyboard.press("Enter")
    expect(question.get_by_role("button", name="1 reacted 🎂")).to_be_visible()
    expect(question.get_by_role("button", name="React", exact=True)).to_be_focused()
    expect(question.locator(".tools .recent button").first).to_have_text("🎂")
    question.get_by_role("link", name="Add a reaction").click()
    expect(page.get_by_role("dialog").get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    question.get_by_role("button", name="Reply").click()
    expect(page.get_by_text("Replying to ana Who brings the cake?")).to_be_visible()
    page.get_by_label("Message to").fill("Not me")
    page.keyboard.press("Enter")
    reply = page.get_by_role("article").last
    expect(reply).to_contain_text("in reply to ana Who brings the cake?")
    expect(page.get_by_text("Replying to ana")).to_be_hidden()
    expect(question.get_by_role("link", name="1 reply")).to_be_visible()

    choose(reply, "Edit")
    box = reply.get_by_label("Message text")
    expect(box).to_be_focused()
    box.fill("Not I")
    page.keyboard.press("Escape")
    expect(reply).to_contain_text("Not me")
    choose(reply, "Edit")
    reply.get_by_role("link", name="Cancel").click()
    expect(reply.locator(".body")).to_have_text("Not me")
    choose(reply, "Edit")
    reply.get_by_label("Message text").fill("Me, after all")
    page.keyboard.press("Enter")
    expect(reply).to_contain_text("Me, after all")
    expect(reply.get_by_role("link", name="(edited)")).to_be_visible()

    choose(reply, "Delete")
    expect(said(ana, "Me, after all")).to_have_count(0)
    expect(question.get_by_role("link", name="1 reply")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(said(ana, "Me, after all")).to_be_visible()
    assert page.url == address, "everything happened in place"


def test_post_react_reply_edit_delete_and_undo_without_script(ana):
    ana = ana(script=False)
    page, question = ana.page, said(ana, "Who brings the cake?").first

    def act(article, action):
        article.locator("h3 .at").click()
        page.get_by_label("The selected message").get_by_text(action, exact=True).click()

    act(question, "React")
    page.get_by_role("button", name="🎉").click()
    expect(page.get_by_role("button", name="Remove my reaction")).to_be_visible()
    page.get_by_role("link", name="Back to the message").click()
    expect(question.get_by_role("link", name="1 reacted 🎉")).to_be_visible()

    act(question, "Reply")
    page.get_by_label("Quote a part of it").fill("the cake")
    ana.write("Not me")
    reply = page.get_by_role("article").last
    expect(reply.locator("blockquote")).to_have_text("the cake")
    question.get_by_role("link", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    thread.get_by_label("Reply in thread").fill("In the thread")
    thread.get_by_role("button", name="Send").click()
    expect(thread.get_by_role("article")).to_have_count(3)
    thread.get_by_role("link", name="Close").click()

    act(said(ana, "Not me").last, "Edit")
    page.get_by_label("Message text").fill("Me, after all")
    page.get_by_text("Add files").click()
    page.get_by_label("Files").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    page.get_by_role("button", name="Save").click()
    expect(said(ana, "Me, after all").last.get_by_role("link", name="a.txt", exact=True)).to_be_visible()
    said(ana, "Me, after all").get_by_role("link", name="(edited)").click()
    expect(page.get_by_text("Not me")).to_be_visible()
    page.get_by_role("link", name="Back to the message").click()

    act(said(ana, "Me, after all").last, "Delete")
    expect(said(ana, "Me, after all")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(said(ana, "Me, after all").first).to_be_visible()
    assert Message.objects.not_deleted().filter(is_system=False).count() == 3


def test_a_pin_has_a_reason_and_a_click_does_not_overwrite_it(ana):
    ana = ana()
    page, question = ana.page, said(ana, "Who brings the cake?").first
    message, ben = Message.objects.get(is_system=False), UserFactory(username="ben")
    address = page.url
    choose(question, "Pin")
    expect(question.get_by_text("pinned by ana")).to_be_visible()
    page.get_by_role("button", name="Add a reason").click()
    page.get_by_label("Reason").fill("nobody has said yet")
    page.keyboard.press("Enter")
    expect(question.get_by_text("pinned by ana: nobody has said yet")).to_be_visible()
    choose(question, "Unpin")
    expect(question.get_by_text("pinned by ana")).to_have_count(0)

    Conversation.objects.get().admit([ben])
    message.pin(ben, "asked every week")
    page.goto(f"{ana.url}/m/{message.pk}/pin/")
    page.get_by_role("button", name="Pin").click()
    expect(question.get_by_text("pinned by ben: asked every week")).to_be_visible()
    page.goto(address)
    choose(question, "Unpin")
    expect(question.get_by_text("pinned by")).to_have_count(0)
    expect(question.locator(".tools summary")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(question.get_by_text("pinned by ana: asked every week")).to_be_visible()


def test_save_a_message_and_quote_the_selected_text(ana):
    ana = ana()
    page, question = ana.page, said(ana, "Who brings the cake?").first
    question.hover()
    save = question.get_by_role("button", name="Save")
    save.click()
    expect(page.get_by_text("Message saved.")).to_be_visible()
    expect(save).to_have_attribute("aria-pressed", "true")
    assert SavedMessage.objects.exists()
    page.reload()
    expect(question.locator(".saved-mark")).to_be_visible()
    question.hover()
    expect(save).to_have_attribute("aria-pressed", "true")
    save.click()
    expect(page.get_by_text("Message removed from Saved.")).to_be_visible()
    expect(question.locator(".saved-mark")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(question.locator(".saved-mark")).to_be_visible()
    question.locator(".body p").select_text()
    question.get_by_role("button", name="Reply").click()
    expect(page.get_by_label("Quote a part of it")).to_have_value("Who brings the cake?")
    page.get_by_role("link", name="Cancel").click(timeout=3000)  # while the notice about saving is still shown
    expect(page.get_by_label("Quote a part of it")).to_be_hidden()
    expect(page.get_by_text("Message saved.")).to_be_visible()


def test_the_menu_copies_quotes_hides_and_marks_unread(ana):
    ana = ana()
    page, town = ana.page, Conversation.objects.get()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.set_viewport_size({"width": 1920, "height": 900})
    ben = UserFactory(username="ben", display_name="Ben Okri")
    town.admit([ben])
    message = say(town, ben, "For @ana: **twelve** minutes")
    page.reload()
    article = page.locator(f"#m{message.pk}")
    words = "For @ana: twelve minutes"

    article.get_by_role("link", name="Ben Okri").click()
    card = page.get_by_role("dialog", name="Ben Okri")
    expect(card.get_by_role("button", name="Message")).to_be_visible()
    expect(card).to_contain_text("local time")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(article.get_by_role("link", name="Ben Okri")).to_be_focused()

    article.hover()
    bar, body = (article.locator(part).bounding_box() for part in (".tools", ".body"))
    assert 0 <= bar["x"] - body["x"] - MEASURE < 20, "it is beside the words on a wide screen"
    choose(article, "Copy link")
    expect(page.get_by_text("Link copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{ana.url}/m/{message.pk}/"
    choose(article, "Copy text")
    expect(page.get_by_text("Text copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == words
    choose(article, "Quote")
    page.get_by_label("Message to").fill("Good")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article").last.locator("blockquote")).to_have_text(words)

    choose(article, "Hide …")
    page.get_by_label("Reason").fill("off topic")
    page.keyboard.press("Enter")
    expect(article).to_have_count(0)
    message.refresh_from_db()
    assert message.deletion_reason == "off topic"
    page.get_by_role("button", name="Undo").click()
    expect(article).to_be_visible()
    choose(article, "Mark unread from here")
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    assert (
        town.messages.not_deleted().unread_since(town.memberships.get(user__username="ana").last_read_at, town).count()
        == 2
    )


def test_an_open_menu_lies_above_the_heading_of_the_next_day(ana):
    ana = ana()
    Message.objects.update(created_at=F("created_at") - timedelta(days=1))
    ana.write("It is Ben's turn.")
    ana.page.reload()
    question = said(ana, "Who brings the cake?")
    question.hover()
    question.locator(".tools summary").click()
    menu = question.locator(".tools nav")
    expect(menu.get_by_role("button", name="Delete")).to_be_visible()
    assert menu.evaluate(COVERED) == []


def test_what_is_clicked_before_the_bar_has_loaded_is_done_then(visitor):
    ana = visitor(service_workers="block")  # their requests are not seen here
    ana.sign_in("ana", to="Town hall")
    page, person = ana.page, User.objects.get()
    say(Conversation.objects.get(), person, "Who brings the cake?").react(person, "👍")
    held = []
    page.route("**/message-bar*.js", lambda route: held.append(route))
    page.reload()
    mine = page.get_by_role("button", name="1 reacted 👍")
    expect(mine).to_have_attribute("aria-pressed", "true")
    mine.click()
    expect(mine).to_be_visible()
    assert held
    held[0].continue_()
    expect(mine).to_have_count(0)
    ana.troubles.clear()  # Playwright says that it blocked the service worker


def test_an_open_edit_survives_changes_by_others(ana):
    ana = ana()
    page, message, town = ana.page, Message.objects.get(is_system=False), Conversation.objects.get()
    ben = UserFactory()
    town.admit([ben])
    page.get_by_label("Message to").press("ArrowUp")
    box = page.get_by_label("Message text", exact=True)
    box.press_sequentially(" And who the plates")
    message.react(ben, "🎂")
    expect(page.get_by_role("button", name="reacted 🎂")).to_be_visible()
    page.keyboard.type("?")
    expect(box).to_have_value("Who brings the cake? And who the plates?")
    message.refresh_from_db()
    message.hide(User.objects.create(username="boss", email="b@example.org", role="owner"), "no cake here")
    expect(page.get_by_role("button", name="reacted 🎂")).to_have_count(0)
    expect(box).to_have_value("Who brings the cake? And who the plates?")
    box.press("Escape")
    expect(page.get_by_label("Message text", exact=True)).to_have_count(0)


def test_unfolded_code_stays_unfolded_after_a_reaction(ana):
    ana = ana()
    page, ben = ana.page, UserFactory()
    Conversation.objects.get().admit([ben])
    lines = "\n".join(f"line {number}" for number in range(60))
    page.get_by_label("Message to").fill(f"```\n{lines}\n```\nand\n```\n{lines}\n```")
    page.get_by_role("button", name="Send").click()
    message = page.get_by_role("article").last
    whole, folded = message.locator("details.fold"), message.locator("details.long")
    expect(folded).to_have_count(2)
    whole.get_by_text("Show more").click()
    folded.nth(1).locator("summary").click()
    expect(folded.nth(1)).to_have_attribute("open", "")
    Message.objects.latest("pk").react(ben, "🎂")
    expect(page.get_by_role("button", name="reacted 🎂")).to_be_visible()
    expect(whole).to_have_attribute("open", "")
    expect(folded.nth(1)).to_have_attribute("open", "")
    expect(folded.nth(0)).not_to_have_attribute("open", "")


def test_the_first_message_of_a_thread_can_be_deleted_and_restored(ana):
    ana = ana()
    page, first = ana.page, Message.objects.get(is_system=False)
    page.goto(f"{ana.url}/m/{first.pk}/thread/")
    thread = page.get_by_role("complementary", name="Thread")
    thread.get_by_label("Reply in thread").fill("I do")
    page.keyboard.press("Enter")
    expect(thread.get_by_role("article")).to_have_count(2)
    choose(thread.get_by_role("article").first, "Delete")
    expect(thread.get_by_role("article")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(thread.locator("article .body")).to_have_text(["Who brings the cake?", "I do"])

    first.refresh_from_db()
    first.delete_by(first.user)
    page.reload()
    is_deleted = thread.get_by_text("The first message of this thread is deleted.")
    expect(is_deleted).to_be_visible()
    first.restore_by(first.user)
    expect(thread.locator("article .body")).to_have_text(["Who brings the cake?", "I do"])
    expect(is_deleted).to_have_count(0)
