"""Labels in rendered text: shown in the language of the reader, and not stored in HTML."""

import pytest
from django.utils import translation

from conversations.text.markdown import render, with_labels
from conversations.text.markdown.earlier_html import without_labels, words_of

CODE = "x = 1\n" * 16
SOURCES = ["- [ ] a\n- [x] b", f"```python\n{CODE}```", f"```\n{CODE}```", f"```c++\n{CODE}```"]
# The HTML that release 0.1 stored for the first three.
OLD = [
    '<ul>\n<li><span class="task" role="img" aria-label="To do">☐</span> a</li>\n'
    '<li><span class="task" role="img" aria-label="Done">☑</span> b</li>\n</ul>',
    '<details class="long"><summary>16 lines of python</summary>',
    '<details class="long"><summary>16 lines of code</summary>',
]
SAID = ["To do", "Done", "lines of"]
FORGED = [
    '<span class="task">☑</span>',
    '<summary data-lines="1" data-language="x"></summary>',
    '`<summary data-lines="1" data-language="x"></summary>`',
    "```\n<span class='task'>☐</span>\n```",
    "<summary>16 lines of code</summary>",
]


@pytest.mark.parametrize("source", SOURCES)
def test_stored_html_contains_no_labels(source):
    html = render(source).html
    assert not [words for words in SAID if words in html]
    assert "aria-label" not in html
    assert html != with_labels(html), "they are added"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                'aria-label="To do">☐',
                'aria-label="Done">☑',
                '<span class="more">Show all 16 lines of python<',
                '<span class="more">Show all 16 lines of code<',
                '<span class="less">Show less<',
            ],
        ),
        (
            "de",
            [
                'aria-label="Zu erledigen">☐',
                'aria-label="Erledigt">☑',
                '<span class="more">Alle 16 Zeilen python zeigen<',
                '<span class="more">Alle 16 Zeilen Code zeigen<',
                '<span class="less">Weniger zeigen<',
            ],
        ),
    ],
)
def test_labels_are_in_the_language_of_the_reader(language, words):
    with translation.override(language):
        shown = with_labels("".join(render(source).html for source in SOURCES))
    assert [each for each in words if each not in shown] == []


@pytest.mark.parametrize(("source", "old"), list(zip(SOURCES, OLD, strict=False)))
def test_html_of_release_0_1_gets_the_same_labels(source, old):
    assert render(source).html.startswith(without_labels(old))
    with translation.override("de"):
        assert with_labels(render(source).html).startswith(with_labels(old))
        assert "lines of" not in with_labels(old)
    assert without_labels(without_labels(old)) == without_labels(old)


@pytest.mark.parametrize("source", FORGED)
def test_typed_text_never_becomes_a_label(source):
    html = render(source).html
    assert with_labels(html) == html == without_labels(html)
    assert words_of(html) == source.strip("`\n")


def test_a_label_is_escaped():
    hostile = '<summary data-lines="1" data-language="&lt;img src=x&gt;"></summary>'
    assert "Show all 1 lines of &lt;img src=x&gt;<" in with_labels(hostile)
    assert "<img" not in with_labels("<summary>1 lines of &lt;img src=x&gt;</summary>")
