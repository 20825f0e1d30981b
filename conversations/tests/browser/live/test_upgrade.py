"""Data that release 0.1 left in browsers still works: unsent text, cached pages, and pages that are still open."""

import json
import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from conversations.tests.browser.conftest import STORED_TEXT
from conversations.tests.browser.live.test_offline import ALONE, go_offline, path_of, wait_until, wait_until_cached

STORE = """([name, value]) => {
  const { person } = document.getElementById("main").dataset;
  localStorage.setItem(`words of ${person} ${name}`, value);
}"""
# An unsent message as the script of release 0.1 stored it.
WAITING = {"at": 1700000000000, "reply_to": "", "quote": "", "sender": "", "words": "", "names": ""}
# The form on a page of release 0.1 that is still open.
FORM = """<!doctype html><html lang="en"><title>Town hall</title><main id="main" data-person="{person}">
<form method="post" action="/c/{conversation}/messages/" enctype="multipart/form-data">
  <input type="hidden" name="csrfmiddlewaretoken" value="{token}"><input type="hidden" name="writer" value="{writer}">
  <input type="hidden" name="client_key" value="{key}">
  <input type="hidden" name="reply_to" value=""><input name="quote" maxlength="500" value="">
  <textarea name="content" aria-label="Message to Town hall"></textarea><button>Send</button>
  <input type="file" name="files" multiple><input name="description" maxlength="1000">
</form></main></html>"""
# Sends the form as post.js of release 0.1 does.
POST = """() => fetch(document.querySelector("form").action, {
  method: "POST",
  body: new FormData(document.querySelector("form")),
  headers: { "X-Requested-With": "fetch" },
  redirect: "manual",
}).then(({ status }) => status)"""
# Stores an offline page and its script as the service worker of release 0.1 did.
CACHE = """async ([person, path, asset, html]) => {
  const headers = { "content-type": "text/html", "x-as-of": String(Date.now()) };
  await (await caches.open(`pages of ${person}`)).put(path, new Response(html, { headers }));
  const script = new Response("document.title = 'old'", { headers: { "content-type": "text/javascript" } });
  await (await caches.open("looks")).put(asset, script);
}"""


def stored_by_release_0_1(visitor, name, value):
    visitor.page.evaluate(STORE, [name, json.dumps(value)])


def person_of(visitor):
    return visitor.page.locator("main").get_attribute("data-person")


@pytest.mark.parametrize("where", ["/", "its conversation"])
def test_unsent_messages_of_release_0_1_are_sent_once_and_in_order(people, where):
    ana, ben = people()
    address = f"{ana.url}{path_of(ana)}messages/"
    for number, words in enumerate(["from the tunnel", "and out of it"]):
        key = str(uuid4())
        entry = WAITING | {"content": words, "key": key, "at": WAITING["at"] + number}
        stored_by_release_0_1(ana, f"outbox of {address} {key}", entry)
    ana.page.goto(ana.url + (where if where == "/" else path_of(ben)))
    expect(ben.page.locator("article .body")).to_have_text(["from the tunnel", "and out of it"])
    ana.page.wait_for_function(f"() => !({STORED_TEXT})()")
    ana.page.goto(ana.url + path_of(ben))
    expect(ana.page.locator("article .body")).to_have_text(["from the tunnel", "and out of it"])


def test_a_draft_and_an_edit_stored_by_release_0_1_are_restored(people):
    ana, _ = people()
    ana.write("hello")
    number = ana.page.get_by_role("article").get_attribute("id")[1:]
    draft = {"words": "half a thought", "key": str(uuid4()), "saved": ""}
    stored_by_release_0_1(ana, f"begun in {ana.url}{path_of(ana)}messages/", draft)
    stored_by_release_0_1(ana, f"edit of {number}", "hello again")
    ana.page.reload()
    expect(ana.page.get_by_label("Message to")).to_have_value("half a thought")
    ana.page.goto(f"{ana.url}/m/{number}/edit/")
    expect(ana.page.get_by_label("Message text")).to_have_value("hello again")


def test_an_open_page_of_release_0_1_still_posts(people):
    ana, ben = people()
    form = ana.page.locator("form[action$='/messages/']")
    writer, token = (form.locator(f"[name={name}]").input_value() for name in ("writer", "csrfmiddlewaretoken"))
    conversation = re.search(r"\d+", path_of(ana))[0]
    html = FORM.format(conversation=conversation, token=token, writer=writer, key=uuid4(), person=person_of(ana))
    old = ana.page.context.new_page()
    old.goto(f"{ana.url}/no/such/page/")  # a page without scripts
    old.set_content(html)
    old.get_by_label("Message to").fill("from an old page")
    assert [old.evaluate(POST), old.evaluate(POST)] == [201, 201], "sent twice, as after a lost response"
    expect(ben.page.locator("article .body")).to_have_text(["from an old page"])
    old.get_by_role("button", name="Send").click()
    expect(old.locator("article .body")).to_have_text(["from an old page"])


def test_an_offline_page_of_release_0_1_stays_readable_with_its_script(people):
    ana, _ = people(ALONE)
    wait_until_cached(ana)
    asset = "/static/js/chatsite.0123456789ab.js"
    html = f'<!doctype html><html lang="en"><title>x</title><script src="{asset}"></script><main>said in 0.1</main>'
    ana.page.evaluate(CACHE, [person_of(ana), "/c/987654/", asset, html])
    ana.page.evaluate("async () => (await navigator.serviceWorker.getRegistration()).unregister()")
    ana.page.reload()  # reinstalls the worker, which deletes assets that no page needs
    ana.page.wait_for_function("() => navigator.serviceWorker.controller")
    wait_until(ana, "async () => Boolean((await navigator.serviceWorker.ready).active.state === 'activated')")
    go_offline(ana)
    ana.page.goto(f"{ana.url}/c/987654/")
    expect(ana.page.locator("main")).to_have_text("said in 0.1")
    expect(ana.page).to_have_title("old")
