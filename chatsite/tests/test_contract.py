"""The names that scripts share with Python and templates, as static/js/contract.js defines them."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from conversations.fragments.timeline import MAX_PAUSE
from conversations.models.inbox.inbox_filter import InboxFilter

SCRIPTS = {path: path.read_text() for path in sorted((settings.BASE_DIR / "static/js").rglob("*.js"))}
TEMPLATES = "\n".join(path.read_text() for path in sorted((settings.BASE_DIR / "templates").rglob("*.html")))
PYTHON = {
    path: path.read_text()
    for app in ("accounts", "chatsite", "conversations")
    for path in sorted((settings.BASE_DIR / app).rglob("*.py"))
    if not {"tests", "trials"} & set(path.parts)
}
# Pages of release 0.1 may be open during an upgrade, and the data that they stored has to be found.
EVENTS_OF_RELEASE_0_1 = ["messages", "inbox", "typing", "left", "gone", "reload", "signed-out"]
LATER_EVENTS = ["threads", "notice", "totals"]
STORED_BY_RELEASE_0_1 = {
    "words": "words of ",
    "wordsOfNobody": "words of nobody",
    "outbox": "outbox of ",
    "draft": "begun in ",
    "edit": "edit of ",
    "announcementsPaused": "announcements are paused",
    "assets": "looks",
    "pages": "pages of ",
    "storedAt": "x-as-of",
}
# The names of addresses in Django; None for an address that is a setting.
URL_NAMES = {
    "inbox": "inbox",
    "conversation": "conversation",
    "messages": "post-message",
    "message": "message",
    "edit": "edit-message",
    "delete": "delete-message",
    "restore": "restore-message",
    "pin": "pin-message",
    "unpin": "unpin-message",
    "save": "save-message",
    "unsave": "unsave-message",
    "unread": "mark-unread",
    "reactions": "reactions",
    "notice": "notice",
    "looking": "looking",
    "pushDevices": "subscribe-device",
    "pushRead": "mark-pushed-read",
    "pushReceipt": "push-receipt",
    "signOut": "account_logout",
    "signOutOfAdmin": "admin:logout",
    "staticFiles": None,
}


def read_contract():
    """Read the exported constants, which are plain data: {name: value}."""
    text = re.sub(r"(?m)^\s*//.*$|(?<=,) //.*$", "", SCRIPTS[settings.BASE_DIR / "static/js/contract.js"])
    constants = {}
    for name, value in re.findall(r"^export const (\w+) = (.+?);$", text, re.MULTILINE | re.DOTALL):
        quoted = re.sub(r"^(\s*)(\w+):", r'\1"\2":', value, flags=re.MULTILINE)
        constants[name] = json.loads(re.sub(r",(\s*[}\]])", r"\1", quoted))
    assert len(constants) == text.count("export ")
    return constants


CONTRACT = read_contract()


def test_the_server_sends_the_events_of_release_0_1_and_scripts_know_them():
    sent = {
        name
        for path, text in PYTHON.items()
        if path.parent.name == "live"
        for name in re.findall(r'(?:frame\(|forget\([\w.]+, )"([\w-]+)"', text)
    }
    assert sent == {*EVENTS_OF_RELEASE_0_1, *LATER_EVENTS}
    assert list(CONTRACT["SERVER_EVENTS"].values()) == [*EVENTS_OF_RELEASE_0_1, *LATER_EVENTS]


def test_no_two_events_have_one_name():
    names = [name for group in ("SERVER", "CONNECTION", "PAGE") for name in CONTRACT[f"{group}_EVENTS"].values()]
    assert len(names) == len(set(names)) > 10


@pytest.mark.parametrize(("name", "address"), CONTRACT["ADDRESSES"].items())
def test_an_address_leads_to_its_page(name, address):
    if URL_NAMES[name] is None:
        assert address == settings.STATIC_URL
    else:
        assert address.replace("{id}", "7") == reverse(URL_NAMES[name], args=[7] if "{id}" in address else [])


def test_addresses_are_written_nowhere_else():
    own = re.compile(r"""["'`]/(?:[a-z]+[/"'`]|[$])""")
    assert own.search(SCRIPTS[settings.BASE_DIR / "static/js/contract.js"])
    assert [path.name for path, text in SCRIPTS.items() if path.name != "contract.js" and own.search(text)] == []


def test_browsers_store_things_under_the_names_of_release_0_1():
    assert CONTRACT["STORED"] == CONTRACT["STORED"] | STORED_BY_RELEASE_0_1


def test_python_recognises_requests_of_scripts_by_the_same_header():
    [(name, value)] = CONTRACT["SCRIPT_HEADERS"].items()
    pairs = [
        pair for text in PYTHON.values() for pair in re.findall(r'headers\.get\("(X-[\w-]*With)"\) [!=]= "(\w+)"', text)
    ]
    assert len(pairs) >= 4
    assert set(pairs) == {(name, value)}
    in_templates = re.findall(r'headers\.x_requested_with [!=]= "(\w+)"', TEMPLATES)
    assert set(in_templates) == {value}
    assert [path.name for path, text in SCRIPTS.items() if name in text] == ["contract.js"]


def test_there_is_a_selector_for_each_filter_of_the_inbox():
    assert list(CONTRACT["FILTER_SELECTORS"]) == InboxFilter.values


def test_the_actions_are_those_of_the_buttons_and_methods_of_the_element():
    actions = CONTRACT["MESSAGE_ACTIONS"]
    template = (settings.BASE_DIR / "templates/message/_actions.html").read_text()
    assert set(actions) == set(re.findall(r'data-do="(\w+)"', template))
    element = "".join(SCRIPTS[settings.BASE_DIR / f"static/js/message/message-{part}.js"] for part in ("bar", "verbs"))
    assert set(actions) <= set(re.findall(r"^  (?:async )?(\w+)\(.*\) \{$", element, re.MULTILINE))


def test_messages_are_grouped_alike_by_pages_and_by_the_script():
    assert timedelta(seconds=CONTRACT["MAX_GROUPING_PAUSE_SECONDS"]) == MAX_PAUSE


def test_pages_name_their_person_in_the_attribute_that_the_service_worker_reads():
    assert re.search(rf'<main [^>]*{CONTRACT["PERSON_ATTRIBUTE"]}="', TEMPLATES)
    assert f" {CONTRACT['SIGNED_OUT_ATTRIBUTE']}>" in TEMPLATES


@pytest.mark.parametrize(("name", "selector"), (CONTRACT["SELECTORS"] | CONTRACT["FILTER_SELECTORS"]).items())
def test_a_selector_matches_something_in_templates(name, selector):
    parts = re.findall(r"[#.]?[\w-]+(?==\w+\])|[#.]?[a-z][\w-]+", re.sub(r":(?:not|has)\b", " ", selector))
    written = "\n".join((TEMPLATES, *PYTHON.values()))
    for part in parts:
        if part.startswith("#"):
            found = f'id="{part[1:]}"' in written
        elif part.startswith("."):
            found = re.search(rf'class(?:=|": )"[^"]*(?<![\w-]){part[1:]}(?![\w-])', written)
        else:
            found = re.search(rf"<{part}\b|(?<![\w-]){part}(?![\w-])", written)
        assert found, part


def test_scripts_read_only_data_attributes_that_are_written():
    read = {
        re.sub(r"[A-Z]", lambda letter: f"-{letter[0].lower()}", name)
        for text in SCRIPTS.values()
        for name in re.findall(r"dataset\??\.(\w+)|const \{ ([\w, ]+) \} = [\w.()?]*dataset;", text)
        for name in re.findall(r"\w+", "".join(name))
    }
    read |= {name for text in SCRIPTS.values() for name in re.findall(r"\[data-([\w-]+)", text)}
    written = set(re.findall(r"data-([\w-]+)", "\n".join((TEMPLATES, *PYTHON.values()))))
    by_scripts = {
        re.sub(r"[A-Z]", lambda letter: f"-{letter[0].lower()}", name)
        for text in SCRIPTS.values()
        for name in re.findall(r"dataset\.(\w+) = ", text)
    }
    by_the_service_worker = {"as-of"}
    assert len(read) > 40
    assert read - written - by_scripts - by_the_service_worker == set()


def test_a_file_defines_one_element_of_its_own_name():
    for path, text in SCRIPTS.items():
        assert re.findall(r'customElements\.define\("([\w-]+)"', text) in ([], [path.stem])
