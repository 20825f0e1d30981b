"""Without JavaScript a session that ends costs no words: they are in their box after signing in."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from conversations.models import Message
from conversations.tests.browser.conftest import sign_in


@pytest.mark.parametrize("end", ["elsewhere", "cookie"])
def test_words_sent_after_the_session_has_ended_are_in_the_box_after_signing_in(visitor, end):
    ana = visitor(java_script_enabled=False)
    ana.sign_in("ana", to="Town hall")
    ana.page.get_by_label("Message to").fill("half an hour of work")
    if end == "elsewhere":
        Session.objects.all().delete()
    else:
        ana.page.context.clear_cookies(name="sessionid")
    ana.page.get_by_role("button", name="Send", exact=True).click()
    expect(ana.page.get_by_label("Your text, to copy")).to_have_value("half an hour of work")
    sign_in(ana.page, "ana")
    expect(ana.page.get_by_label("Message to")).to_have_value("half an hour of work")
    ana.page.get_by_role("button", name="Send", exact=True).click()
    expect(ana.page.get_by_role("article")).to_contain_text("half an hour of work")
    assert Message.objects.count() == 1
    ana.troubles.clear()  # Chromium logs the status 403
