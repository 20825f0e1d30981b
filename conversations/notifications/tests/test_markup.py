"""The HTML of messages in mail is cleaned again, works in mail programs, and leads to this site."""

import pytest

from conversations.notifications.mail.markup import for_mail
from conversations.notifications.tests.mailing import group, html_of, text_of, written
from conversations.tests.factories import insert


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_ADDRESS = "https://chat.example.org"


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=https://evil.example/pixel.png>",
        "<p onclick=alert(1)>x</p>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<p style="background:url(https://evil.example/pixel.png)">x</p>',
        "<style>@import 'https://evil.example/x.css'</style>",
        "<svg/onload=alert(1)>",
        "</div></body><form action=https://evil.example/><input>",
        '<video src="https://evil.example/x.mp4"></video>',
        '<table background="https://evil.example/pixel.png"><tr><td>x</td></tr></table>',
    ],
)
def test_unsafe_html_does_not_get_into_mail_even_if_it_was_stored(html):
    found = for_mail(f"<p>before</p>{html}")
    assert "<p" in found
    for part in ("evil", "alert", "javascript", "data:", "onclick", "onload", "</div>", "</body>", "<form", "<svg"):
        assert part not in found


def test_links_lead_to_the_site_from_everywhere():
    assert 'href="https://chat.example.org/people/ben/"' in for_mail('<a class="mention" href="/people/ben/">@ben</a>')
    assert 'href="https://other.example/x"' in for_mail('<a href="https://other.example/x">x</a>')


def test_alignment_and_numbers_stay():
    found = for_mail('<ol start="3"><li value="7">x</li></ol><table><tr><td align="right">1</td></tr></table>')
    for part in ('start="3"', 'value="7"', 'align="right"'):
        assert part in found


def test_messages_of_other_programs_are_rendered_when_they_are_mailed(world):
    message = insert(world.plans, world.ana, "**bold** <script>alert(1)</script>")
    mail = written(world.ben, group(world.ben, world.plans, message))
    assert "<strong>bold</strong>" in html_of(mail)
    assert "<script" not in html_of(mail)
    assert "**bold**" in text_of(mail)
