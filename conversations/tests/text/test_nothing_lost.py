"""Nothing that people type is dropped: each letter and digit is shown, in whatever script and wherever it stands."""

import re
import sys
from collections import Counter
from html.parser import HTMLParser
from itertools import batched
from unicodedata import category, east_asian_width, normalize
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.text.markdown import render

# Letters and digits that are shown as something else, on purpose.
SHOWN_OTHERWISE = [
    re.compile(r"(?m)(?:```+|~~~+)[ \t]*(?:python)[ \t]*$"),  # the language of code, by which it is coloured
    re.compile(r"(?m)^[\s>+*-]*(?:0|[1-9]\d{0,8})[.)](?=\s|$)"),  # the number of a list item, which the browser writes
    re.compile(r"(?m)^[\s>+*\d.)-]*\[[xX]\] "),  # the box of a task that is done
]
MARKS = [
    *(
        "*",
        "**",
        "_",
        "__",
        "~~",
        "`",
        "``",
        "\n",
        "\n\n",
        " ",
        "  \n",
        "\\",
        "&",
        "&amp;",
        "&#65;",
        "<",
        ">",
        "!",
        "@",
        "＠",
    ),
    *(
        "\n```",
        "\n~~~",
        "\n```python\n",
        "\n    ",
        "\n\t",
        "\n> ",
        "\n- ",
        "\n-",
        "\n#",
        "\n# ",
        " #\n",
        "\n--\n",
        "\n==\n",
    ),
    *(
        "\n1. ",
        "\n7) ",
        "\n12. ",
        "\n007. ",
        "\n- [ ] ",
        "\n- [x] ",
        "\n|",
        "|",
        "\n|-|-|\n",
        "\n-|-\n",
        "[",
        "]",
        "](",
        ")",
        ": ",
        "]: ",
    ),
    *(
        ' "',
        '"',
        "'",
        "<b>",
        "</b>",
        "<!--",
        "-->",
        "<?",
        "https://",
        "http://example.org/",
        "www.",
        ".com",
        ".md",
        "mailto:",
    ),
    *(
        "tel:",
        "@ana",
        ":tada:",
        ":",
        "\n[",
        '](https://example.org "',
        "](example.org/",
        "](/c/7/",
        "](nowhere",
        "、",
        "。",
        "（",
    ),
]
PLACES = [
    *(
        "{}",
        "**{}**",
        "_{}_ ~~{}~~",
        "`{}`",
        "```\n{}\n```",
        "```{}\nx\n```",
        "    {}",
        "# {}",
        "> {}",
        "- {}",
        "3. {}",
    ),
    *(
        "|a|\n|-|\n|{}|",
        "|{}|\n|-|\n|a|b {}|",
        "[{}](https://example.org)",
        '[a](https://example.org "{}")',
        "[{}]: x\n[a]: {}",
    ),
    *(
        "https://example.org/{}",
        "https://example.org/?a={} b",
        "[a](https://example.org/{})",
        "[a](b {})",
        "@{}",
        ":{}:",
        "{}\n--",
    ),
]
EVERY_LETTER = [chr(code) for code in range(sys.maxunicode + 1) if category(chr(code))[0] in "LN"]
WORDS = st.text(st.characters(categories=["L", "N", "M"]), min_size=1, max_size=6)


class Seen(HTMLParser):
    """What a reader sees of HTML, with addresses and the language of code."""

    def __init__(self, html):
        super().__init__()
        self.text = []
        self.feed(html)

    def handle_data(self, data):
        self.text.append(data)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if address := values.get("href"):
            self.text += [unquote(address), re.sub(r"xn--[a-z0-9-]+", decoded, unquote(address))]
        self.text.append(values.get("data-language") or "")


def decoded(label):
    try:
        return label[0][4:].encode().decode("punycode")
    except UnicodeError:
        return ""


def letters(text):
    return Counter(letter for letter in text if category(letter)[0] in "LN")


def lost(source):
    """List the letters and digits of a text that are not shown."""
    html = render(source).html
    shown = "".join(Seen(html).text)
    for allowed in SHOWN_OTHERWISE:
        source = allowed.sub(" ", source)
    source = source.replace(":tada:", ": :") if "🎉" in html else source
    if "//" in html:  # a host that imitates another one is shown as browsers look it up
        source, shown = (normalize("NFKC", text).lower() for text in (source, shown))
    return sorted(letters(source) - letters(shown))


@given(st.lists(st.one_of(st.sampled_from(MARKS), WORDS), max_size=25).map("".join))
def test_each_letter_and_digit_of_any_text_is_shown(source):
    assert lost(source) == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("between", ["", " "])
def test_the_letters_and_digits_of_all_scripts_are_shown(place, between):
    shown_in(place, between, [letter for letter in EVERY_LETTER if not is_ideograph(letter)])


@pytest.mark.parametrize("place", ["{}", "**{}**", "https://example.org/{}"])
def test_all_ideographs_and_syllables_are_shown(place):
    shown_in(place, "", list(filter(is_ideograph, EVERY_LETTER)))


def shown_in(place, between, every):
    for some in batched(every, 4000, strict=False):
        assert lost(place.replace("{}", between.join(some))) == [], place


def is_ideograph(letter):
    return category(letter) == "Lo" and east_asian_width(letter) == "W"


@pytest.mark.parametrize("source", ["a: [b]", "1. x\n2. y", ":tada: z", "- [x] done"])
def test_it_would_be_noticed(monkeypatch, source):
    shown = render(source).html
    assert lost(source) == []
    monkeypatch.setitem(globals(), "render", lambda text: render_without(shown))
    assert lost(source) != []


def render_without(html):
    return type("Rendered", (), {"html": re.sub(r"[abxyz]|done", "", html)})
