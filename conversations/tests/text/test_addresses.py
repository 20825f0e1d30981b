"""Which words are addresses, where an address ends, where links lead, and what is shown of it."""

import re
from html import unescape

import pytest

from conversations.text import markdown


def render(source):
    return unescape(re.sub(' rel="[^"]*"', "", markdown.render(source).html)).removeprefix("<p>").removesuffix("</p>")


def link(address, shown=None):
    return f'<a href="{address}">{shown or address}</a>'


X = "https://example.org/x"


@pytest.mark.parametrize(
    "after",
    [
        *(
            "。次",
            "、と",
            "，下一句",
            "：",
            "！",
            "？",
            "…",
            "...",
            "”",
            "“",
            "»",
            "«",
            "’",
            "」",
            "』",
            "）",
            "】",
            "〉",
            "》",
            "🎉",
        ),
        *(
            "\u200b",
            "।",
            "،",
            "؟",
            "؛",
            "։",
            "—and",
            "→",
            "·",
            "–",
            "™",
            "|",
            "||",
            ":",
            ": and",
            ".",
            ",",
            ";",
            "!",
            "?",
            "'",
            '"',
            ")",
            "]",
        ),
    ],
)
def test_an_address_ends_before_what_ends_the_sentence(after):
    assert render(f"see {X}{after}") == f"see {link(X)}{after}"
    assert render(f"see www.example.org/x{after}").startswith(
        f"see {link('http://www.example.org/x', 'www.example.org/x')}"
    )


@pytest.mark.parametrize(
    "path",
    [
        *(
            "日本語",
            "путь",
            "हिन्दी",
            "ประเทศ",
            "نمونه\u200cها",
            "a_b_",
            "a–b",
            "a·b",
            "ノート・ブック",
            "(x)",
            "a.b",
            "a:b",
            "~ana/",
            "#a",
            "?a=b&c=d",
        ),
        *("a%20b", "%E6%97%A5", "a,b", "a;b", "a!b", "Rubik's", "²", "@ana", "a-b--c"),
    ],
)
def test_letters_of_any_script_and_marks_within_belong_to_an_address(path):
    html = render(f"at https://example.org/{path} now")
    assert (
        re.fullmatch(r'at <a href="https://example.org/[\x00-\x7f]*">https://example.org/(.*)</a> now', html)[1] == path
    )


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (f"_{X}_ and ~~{X}~~", f"<em>{link(X)}</em> and <s>{link(X)}</s>"),
        (f"**{X}** __{X}__ *{X}*", f"<strong>{link(X)}</strong> <strong>{link(X)}</strong> <em>{link(X)}</em>"),
        (f"_see {X}_, {X}_", f"<em>see {link(X)}</em>, {link(f'{X}_')}"),
        (f"_a_ {X}_ ~~b~~ {X}~", f"<em>a</em> {link(f'{X}_')} <s>b</s> {link(f'{X}~')}"),
        (f"（{X}）「{X}」", f"（{link(X)}）「{link(X)}」"),
        (f"見て{X} 詳細はexample.org/x", f"見て{link(X)} 詳細は{link('http://example.org/x', 'example.org/x')}"),
        (f"{X}。{X}、{X}", f"{link(X)}。{link(X)}、{link(X)}"),
    ],
)
def test_an_address_begins_and_ends_at_the_marks_around_it(source, html):
    assert render(source) == html


@pytest.mark.parametrize(
    "word",
    [
        *(
            "README.md",
            "main.rs",
            "deploy.sh",
            "setup.py",
            "a.pl",
            "x.id",
            "self.name",
            "user.email",
            "Done.So",
            "fin.de",
            "it.is",
        ),
        *(
            "README.md/CHANGES.md",
            "main.rs/lib.rs",
            "tests/test_login.py",
            "e.g.",
            "z.B.",
            "1.2.3",
            "v1.2.3",
            "192.168.0.1",
            "10:30",
        ),
        *(
            "Node.js",
            "System.Net",
            "Done.Com",
            "System.io",
            "obj.method()",
            "a.b.c",
            "ftp://ftp.example.org/x",
            "//example.org/x",
            "ssh://git@example.org/x",
        ),
        *(
            "git@git.example.org:team/repo.git",
            "sip:ana@example.org",
            "xmpp:ana@example.org",
            "javascript:alert(1)",
            "http://1.2.3.999/",
        ),
        *("https://", "http://。", "https://~~À", "www.", "@example.org", "localhost:8000"),
    ],
)
def test_words_with_a_dot_or_colon_are_no_links(word):
    html = render(f"see {word} now")
    assert html == f"see {word} now"


@pytest.mark.parametrize(
    ("word", "address"),
    [
        *(
            ("example.org", "http://example.org"),
            ("example.org/a", "http://example.org/a"),
            ("www.example.org", "http://www.example.org"),
        ),
        *(
            ("heise.de/x", "http://heise.de/x"),
            ("www.heise.de", "http://www.heise.de"),
            ("www.chat.dev", "http://www.chat.dev"),
        ),
        *(("example.org:8080/a", "http://example.org:8080/a"), ("ana@example.org", "mailto:ana@example.org")),
        *(("HTTPS://EXAMPLE.ORG/A", "HTTPS://EXAMPLE.ORG/A"), ("mailto:ana@example.org", "mailto:ana@example.org")),
    ],
)
def test_these_words_are_links_as_they_were_typed(word, address):
    assert render(f"see {word} now").lower() == f"see {link(address, word)} now".lower()
    assert ">ana@example.org</a>" in render("E-mail:ana@example.org")
    assert ">Example.org</a>" in render("Example.org")


@pytest.mark.parametrize(
    ("target", "address"),
    [
        *(
            ("example.org/help", "http://example.org/help"),
            ("//example.org/x", "http://example.org/x"),
            ("tel:+4930123", "tel:+4930123"),
        ),
        *(
            ("ana@example.org", "mailto:ana@example.org"),
            ("localhost:8000/x", "http://localhost:8000/x"),
            ("/c/7/", "/c/7/"),
        ),
        *(
            ("https://example.org", "https://example.org"),
            ("HTTP://example.org", "HTTP://example.org"),
            ("/people/ana/?x=1#y", "/people/ana/?x=1#y"),
        ),
        *(
            ("http:example.org/x", "http://example.org/x"),
            ("https:/example.org/x", "https://example.org/x"),
            ("/c/7", "/c/7"),
            ("example.org:8000", "http://example.org:8000"),
            ("выставка.example", "http://xn--80aaeb4b0bh4e.example"),
        ),
    ],
)
def test_a_typed_link_leads_where_its_author_means(target, address):
    assert render(f"[words]({target})") == link(address, "words")


@pytest.mark.parametrize(
    "target",
    [
        "/nowhere",
        "/admin/nowhere",
        "help",
        "#top",
        "?x=1",
        "../x",
        "README.md",
        "ftp://example.org/x",
        "javascript:alert(1)",
        "data:x",
        "x:y",
        "http:",
        "",
    ],
)
def test_a_link_that_would_lead_nowhere_or_to_a_missing_page_is_shown_as_typed(target):
    html = render(f"[words]({target})")
    assert "<a" not in html.replace('<a href="http:', "")
    assert re.sub("<[^>]*>", "", html) == f"[words]({target})"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("[https://bank.example/](http://evil.example/)", "https://bank.example/ (evil.example)"),
        ("[bank.example](http://evil.example/)", "bank.example (evil.example)"),
        ("[**www.bank.com** login](http://evil.example/)", "www.bank.com login (evil.example)"),
        ("[sign in at bank.de now](http://evil.example/)", "sign in at bank.de now (evil.example)"),
        ("[bank\u200b.com](http://evil.example/)", "bank\u200b.com (evil.example)"),
        ("[ｂａｎｋ.com](http://evil.example/)", "ｂａｎｋ.com (evil.example)"),
        ("[https:\\//bank.com](http://evil.example/)", "https://bank.com (evil.example)"),
        ("[bank.com](http://bank.com.evil.example/)", "bank.com (bank.com.evil.example)"),
        ("[bank.com](http://evil.example/?bank.com)", "bank.com (evil.example)"),
        ("[bank.com](http://bank.com@evil.example/)", "bank.com (evil.example)"),
        ("http://bank.com@evil.example/", "http://bank.com@evil.example/ (evil.example)"),
        ("[10.0.0.1](http://evil.example/)", "10.0.0.1 (evil.example)"),
        ("[bank.com](/c/7/)", "bank.com (/c/7/)"),
        ("[bank.com](tel:0900123)", "bank.com (tel:0900123)"),
        ("[boss@corp.example](mailto:mallory@corp.example)", "boss@corp.example (mallory@corp.example)"),
        ("[аррӏе.com](http://аррӏе.com)", "аррӏе.com (xn--80ak6aa92e.com)"),
    ],
)
def test_a_link_whose_words_are_another_address_shows_its_host(source, shown):
    assert re.sub("<[^>]*>", "", render(source)) == shown
    assert render(source).endswith("</a>")


@pytest.mark.parametrize(
    "source",
    [
        *(
            "[its site](http://evil.example/)",
            "[bank.com](https://www.bank.com/login)",
            "[https://bank.com/a](https://bank.com/b)",
        ),
        *(
            "[README.md](https://example.org/README.md)",
            "[Node.js](https://nodejs.org)",
            "[e.g. v1.2](https://example.org)",
        ),
        *(
            "[bank.com](https://login.bank.com)",
            "[ana@bank.com](mailto:ana@bank.com?subject=x)",
            "https://ana@example.org/x",
        ),
        *("[Münster.de](https://xn--mnster-3ya.de)", "https://example.org", "[the 10.5](https://example.org)"),
    ],
)
def test_other_links_show_no_host(source):
    assert "(" not in re.sub("<[^>]*>", "", render(source))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        *(("https://аррӏе.com/", "https://xn--80ak6aa92e.com/"), ("https://gооgle.com", "https://xn--ggle-55da.com")),
        *(
            ("https://раураӏ.example", "https://xn--80aa0cbo65f.example"),
            ("https://ɡoogle.com", "https://xn--oogle-qmc.com"),
        ),
        *(
            ("https://gıthub.com", "https://xn--gthub-n4a.com"),
            ("https://ｇoogle.com/", "https://google.com/"),
            ("https://αρρ.com", "https://xn--mxa6aa.com"),
        ),
    ],
)
def test_a_host_that_imitates_another_one_is_shown_in_ascii(typed, shown):
    assert re.search(">(.*)</a>", render(typed))[1] == shown


@pytest.mark.parametrize(
    "host",
    [
        *(
            "münchen.de",
            "выставка.example",
            "例え.jp",
            "日本語とabc.jp",
            "한국.kr",
            "ışık.com",
            "łódź.pl",
            "việtnam.vn",
            "نمونه.example",
            "ไทย.example",
        ),
        *("ελλάδα.example", "ישראל.example", "भारत.example"),
    ],
)
def test_a_host_in_its_own_script_is_shown_as_typed(host):
    assert re.search(">(.*)</a>", render(f"https://{host}/x"))[1] == f"https://{host}/x"


@pytest.mark.parametrize("words", ["", " ", "\u200b", "\u2800\u3164"])
def test_a_link_without_visible_words_shows_its_address(words):
    assert render(f"[{words}]({X})") == link(X, f"{words}{X}")


def test_what_is_shown_of_an_address_is_what_is_copied():
    for address in (
        "http://example.org/a%20b",
        "http://example.org/%C3%A9",
        "http://xn--mnster-3ya.de",
        "http://example.org/é?ü#ß",
    ):
        assert f">{address}</a>" in render(address)
        assert f">{address}</a>" in render(f"<{address}>")
