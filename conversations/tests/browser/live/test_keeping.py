"""Typed text is stored in the browser until the server has it: it survives a closed tab, but only for its author."""

from playwright.sync_api import expect

from conversations.tests.browser.conftest import STORED_TEXT, Visitor, opened_again, sign_in, sign_out


def fail_to_send(visitor, words, box="Message to"):
    visitor.page.route("**/messages/", lambda route: route.abort())
    visitor.page.get_by_label(box).fill(words)
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".outbox").filter(has_text=words)).to_contain_text("Not sent.")


def test_unsent_messages_are_sent_after_the_tab_is_reopened(people):
    ana, ben = people()
    fail_to_send(ana, "from the tunnel")
    fail_to_send(ana, "and out of it")
    ana = opened_again(ana)
    expect(ben.page.locator("article .body")).to_have_text(["from the tunnel", "and out of it"])
    expect(ana.page.locator(".outbox li")).to_have_count(0)
    ana.page.reload()
    expect(ana.page.get_by_label("Message to")).to_have_value("")
    assert ana.page.evaluate(STORED_TEXT) == ""


def test_another_tab_sends_unsent_messages_once_their_tab_is_closed(people):
    ana, ben = people()
    fail_to_send(ana, "from the tunnel")
    other = ana.page.context.new_page()
    other.goto(ana.page.url)
    expect(other.locator("message-composer.live")).to_be_visible()
    other.get_by_label("Message to").fill("typed beside it")
    other.keyboard.press("Enter")
    expect(ben.page.locator("article .body")).to_have_text(["typed beside it"])
    assert other.locator(".outbox li").count() == 0
    ana.page.close(run_before_unload=True)
    expect(ben.page.locator("article .body")).to_have_text(["typed beside it", "from the tunnel"])
    expect(other.locator(".outbox li")).to_have_count(0)


def test_unsent_text_is_removed_when_another_person_signs_in(people):
    ana, _ = people()
    fail_to_send(ana, "for friends only")
    ana.page.context.clear_cookies(name="sessionid")
    ana.page.goto(ana.url)
    assert "for friends only" in ana.page.evaluate(STORED_TEXT)
    sign_in(ana.page, "ben")
    ana.page.wait_for_function(f"() => !({STORED_TEXT})()")


def test_signing_out_asks_before_discarding_unsent_messages(people):
    ana, _ = people()
    fail_to_send(ana, "for friends only")
    asked = []
    ana.page.once("dialog", lambda dialog: asked.append(dialog.message) or dialog.dismiss())
    sign_out(ana.page)
    assert asked == ["Some of your messages are not sent yet. Sign out and discard them?"]
    assert "for friends only" in ana.page.evaluate(STORED_TEXT)
    ana.page.once("dialog", lambda dialog: dialog.accept())
    sign_out(ana.page)
    expect(ana.page.get_by_label("Password")).to_be_visible()
    ana.page.wait_for_function(f"() => !({STORED_TEXT})()")


def test_a_reply_in_a_thread_survives_a_closed_tab(people):
    ana, _ = people()
    ana.write("Who brings the cake?")
    open_thread(ana)
    ana.page.get_by_label("Reply in thread").fill("I bring two")
    ana = opened_again(ana)
    expect(ana.page.get_by_label("Reply in thread")).to_have_value("I bring two")
    expect(ana.page.get_by_label("Message to")).to_have_value("")


def open_thread(visitor):
    number = visitor.page.get_by_role("article").first.get_attribute("id")[1:]
    visitor.page.goto(f"{visitor.url}/m/{number}/thread/")
    expect(visitor.page.locator(".thread message-composer.live")).to_be_visible()


def test_a_draft_that_could_not_be_saved_survives_a_closed_tab(people):
    ana, _ = people()
    box = ana.page.get_by_label("Message to")
    with ana.page.expect_response("**/draft/"):
        box.fill("half a thuoght")
    ana.page.route("**/draft/", lambda route: route.abort())
    box.fill("a whole thought")
    ana = opened_again(ana)
    box = ana.page.get_by_label("Message to")
    expect(box).to_have_value("a whole thought")
    ana.page.wait_for_function(f"() => !({STORED_TEXT})()")
    ana.page.reload()
    expect(box).to_have_value("a whole thought")


def test_a_draft_of_another_device_is_combined_with_one_that_could_not_be_saved(people, new_context):
    ana, _ = people()
    ana.page.route("**/draft/", lambda route: route.abort())
    ana.page.get_by_label("Message to").fill("typed here")
    cookies = ana.page.context.storage_state()["cookies"]
    phone = Visitor(new_context(storage_state={"cookies": cookies}).new_page(), ana.url)
    phone.page.goto(ana.page.url)
    with phone.page.expect_response("**/draft/"):
        phone.page.get_by_label("Message to").fill("typed there")
    ana = opened_again(ana)
    expect(ana.page.get_by_label("Message to")).to_have_value("typed here\ntyped there")


def test_a_sent_reply_is_not_restored_to_the_thread_box(people):
    ana, _ = people()
    ana.write("Who brings the cake?")
    ana.page.clock.install()
    open_thread(ana)
    box = ana.page.get_by_label("Reply in thread")
    box.fill("I do")
    ana.page.clock.run_for(1000)
    box.press("Enter")
    expect(ana.page.get_by_role("complementary", name="Thread").get_by_role("article").last).to_contain_text("I do")
    ana.page.reload()
    expect(ana.page.locator(".thread message-composer.live")).to_be_visible()
    expect(box).to_have_value("")


def test_text_sent_as_a_file_is_not_restored_to_the_box(people):
    ana, _ = people()
    box, send = ana.page.get_by_label("Message to"), ana.page.get_by_role("button", name="Send")
    with ana.page.expect_response("**/draft/"):
        box.fill("word " * 1800)
    box.fill("word " * 2001)
    send.click()
    with ana.page.expect_response("**/draft/"):
        expect(ana.page.get_by_role("button", name="Attach it as a file instead")).to_be_visible()
    ana.page.get_by_role("button", name="Attach it as a file instead").click()
    with ana.page.expect_response(lambda answer: "/draft/" in answer.url and answer.status == 200):
        send.click()
    expect(ana.page.get_by_role("article").get_by_role("link", name="message.txt", exact=True)).to_be_visible()
    ana.page.reload()
    expect(ana.page.locator("message-composer.live")).to_be_visible()
    expect(box).to_have_value("")
    ana.troubles.clear()  # Chromium logs the refused request
