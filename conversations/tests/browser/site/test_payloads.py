"""Injection: messages, names, titles and file names are shown as plain text, whatever they contain."""

from urllib.parse import urlencode, urljoin
from uuid import uuid4

from accounts.models import Limit, User
from accounts.tests.factories import UserFactory
from conversations.models import Attachment, Conversation
from conversations.tests.factories import ConversationFactory, say
from conversations.tests.message.pictures import upload
from conversations.text.file_types import clean_name

CALL = "document.documentElement.dataset.owned=1"
PAYLOADS = [
    f"<script>{CALL}</script>",
    f"<ScRiPt>{CALL}</sCrIpT>",
    f"<img src=x onerror={CALL}>",
    f"<img src=x onerror='{CALL}'//",
    f"<svg onload={CALL}>",
    f"<svg><script>{CALL}</script></svg>",
    f"<svg><animate onbegin={CALL} attributeName=x dur=1s>",
    f"<body onload={CALL}>",
    f"<iframe srcdoc='<script>parent.{CALL}</script>'>",
    f"<iframe src='javascript:parent.{CALL}'>",
    f"<details open ontoggle={CALL}>",
    f"<input autofocus onfocus={CALL}>",
    f"<video><source onerror={CALL}></video>",
    f"<math><mi xlink:href='javascript:{CALL}'>click</mi></math>",
    f"<a href='javascript:{CALL}'>click</a>",
    f"<form action='javascript:{CALL}'><button>click</button></form>",
    f"<button form=x formaction='javascript:{CALL}'>click</button>",
    f"<object data='data:text/html,<script>{CALL}</script>'>",
    f"<embed src='javascript:{CALL}'>",
    "<link rel=stylesheet href='data:text/css,body{}'><base href='//evil.example/'>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    f'"><script>{CALL}</script>',
    f"' autofocus onfocus={CALL} x='",
    f"</textarea><script>{CALL}</script>",
    f"</title><script>{CALL}</script>",
    f"[click](javascript:{CALL})",
    f"[click](JaVaScRiPt&colon;{CALL})",
    f'![x](x"onerror="{CALL})',
    f"<javascript:{CALL}>",
    f"{{{{ {CALL} }}}}{{% debug %}}",
    f"<!--><script>{CALL}</script>-->",
]
WATCH = """
globalThis.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""
STATE = (
    "() => [document.documentElement.dataset.owned ?? '', violations, new URL(document.baseURI).host.includes('evil')]"
)


FENCES = ["", "```html\n", "```\n"]  # as text, as highlighted code, as plain code


def test_messages_are_inert(visitor):
    ana = open_browser(visitor, to="Town hall")
    written = [f"{fence}{payload}" for fence in FENCES for payload in PAYLOADS]
    say(Conversation.objects.get(), User.objects.get(), *written)
    address, seen = f"/c/{Conversation.objects.get().pk}/", 0
    ana.page.route("**/piece/*", lambda route: route.fulfill(status=204))  # each page as the server sends it
    while address:
        check_page(ana, address)
        seen += ana.page.get_by_role("article").count()
        older = ana.page.get_by_role("link", name="Older messages")
        address = urljoin(address, older.get_attribute("href")) if older.count() else None
    assert seen == len(written)
    check_page(ana, "/")
    for payload in ["script alert", *PAYLOADS]:
        Limit.objects.all().delete()  # more searches than a person makes
        check_page(ana, f"/search/?{urlencode({'q': payload})}")


def test_names_and_titles_are_inert(visitor):
    """Use each payload as the name of a conversation and of a member, then open every list that shows them."""
    ana = open_browser(visitor)
    me, people = User.objects.get(), []
    for payload in PAYLOADS:
        people.append(UserFactory(display_name=payload[:80], about=payload[:100]))
        conversation = ConversationFactory(title=payload, topic=payload, members=[me, people[-1]])
        say(conversation, people[-1], "hello")
        check_page(ana, f"/c/{conversation.pk}/")
    for address in ("/people/", "/reports/activity/", "/search/?q=hello", "/search/?q=hello&order=best"):
        check_page(ana, address)
    check_page(ana, "/")
    earlier = ana.page.get_by_role("link", name="Earlier conversations", exact=True)
    check_page(ana, urljoin("/", earlier.get_attribute("href")))
    check_page(ana, "/c/browse/")
    assert ana.page.locator(".conversations h2").count() == len(PAYLOADS)
    for person in people[::6]:
        User.objects.filter(pk=me.pk).update(display_name=person.display_name, about=person.about)
        for address in (f"/people/{person.username}/", "/people/ana/", "/settings/profile/"):
            check_page(ana, address)


def test_names_of_files_are_inert(visitor):
    ana = open_browser(visitor, to="Town hall")
    person, conversation = User.objects.get(), Conversation.objects.get()
    files = [Attachment.objects.store(upload(b"x", "x"), n, payload) for n, payload in enumerate(PAYLOADS)]
    for file, payload in zip(files, PAYLOADS, strict=True):
        file.name = clean_name(payload)
        # Half of them are pictures, whose descriptions are shown as well.
        file.width, file.height = (640, 400) if file.position % 2 else (None, None)
    conversation.post(person, "", uuid4(), attachments=files)
    check_page(ana, f"/c/{conversation.pk}/")
    assert ana.page.locator(".files li").count() == len(PAYLOADS)
    check_page(ana, "/")
    ana.troubles.clear()  # Chromium logs pictures that can't be loaded


def open_browser(visitor, to=""):
    person = visitor()
    person.page.add_init_script(WATCH)
    person.sign_in("ana", to=to)
    return person


def check_page(visitor, address):
    visitor.page.goto(visitor.url + address)
    assert visitor.page.evaluate(STATE) == ["", [], False], address
