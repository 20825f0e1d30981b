"""What the renderer finds in a text, besides its HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.text.markdown import as_it_is, render
from conversations.text.markdown.earlier_html import with_facts

ANA = frozenset({"ana"})
PIECES = [
    *(
        "word",
        " ",
        "\n",
        "\n\n",
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```\n",
        "    ",
        "> ",
        "- ",
        "- [ ] ",
        "1. ",
        "# ",
        "|",
        "|-|\n",
    ),
    *(
        "[a](http://a.example)",
        "[b](/c/1/)",
        "[c](mailto:a@b.example)",
        "[d](ftp://e.example)",
        "https://example.org/x",
    ),
    *("@ana", "@all", ":tada:", "&amp;", "<b>", "\\", "!", "[](HTTP://x.example)", "<http://y.example>", "é", "\u00a0"),
]


@pytest.mark.parametrize(
    ("source", "links"),
    [
        ("no link", ()),
        ("[a](http://a.example/?x=1&y=2) and https://b.example", ("http://a.example/?x=1&y=2", "https://b.example")),
        ("[here](/c/7/), <a@b.example>", ("/c/7/", "mailto:a@b.example")),
        ("`http://a.example`\n\n    http://b.example", ()),
        ("[x](ftp://a.example) [y](javascript:alert(1))", ()),
        ("![a pixel](https://a.example/p.png)", ("https://a.example/p.png",)),
    ],
)
def test_links_are_found_with_their_addresses(source, links):
    assert render(source).links == links


@pytest.mark.parametrize(
    ("source", "has_link"), [("https://a.example", True), ("[x](/c/7/) <a@b.example>", False), ("@ana", False)]
)
def test_a_link_leads_to_the_web(source, has_link):
    assert render(source, ANA).has_link is has_link


@pytest.mark.parametrize("source", ["`x`", "```\nx\n```", "    x", "> - `x`"])
def test_code_is_found(source):
    assert render(source).has_code
    assert not render(source.replace("`", "").strip(" ->")).has_code


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("# Big\n\n*a***b**\nc", "Big ab c"),
        ("- [ ] buy `milk`\n- [x] sleep, @ana", "☐ buy milk ☑ sleep, @ana"),
        ("|a|b|\n|-|-|\n|1|2|", "a b 1 2"),
        ("```python\n" + "x = 1\n" * 16 + "```", " ".join(["x = 1"] * 16)),
        ("[its name](https://a.example) & 1 < 2", "its name & 1 < 2"),
        ("> " * 3000 + "deep", "> " * 3000 + "deep"),
    ],
)
def test_words_are_the_visible_text_in_one_line(source, words):
    assert render(source, ANA).words == words


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_facts_agree_with_the_html(source):
    found = render(source, ANA)
    assert found.has_code is ("<code>" in found.html)
    assert found.has_link is ('<a href="http' in found.html.lower())
    assert len(found.mentions) == len({"all", "ana"} & found.mentions)
    assert bool(found.mentions) is ('class="mention"' in found.html)
    earlier = with_facts(found.html)
    assert (earlier.links, earlier.has_code, earlier.has_link) == (found.links, found.has_code, found.has_link)
    assert earlier.words == found.words


def test_unrendered_text_has_no_facts():
    assert as_it_is("see `http://a.example`\n@ana")[1:] == (frozenset(), (), False, "see `http://a.example` @ana")
