"""What CommonMark would drop or take for something else is shown as it was typed."""

import re
from html import unescape

import pytest

from conversations.text import markdown


def visible(html):
    return re.sub("<[^>]*>", "", html)


def render(source):
    return unescape(re.sub(' rel="[^"]*"', "", markdown.render(source).html))


@pytest.mark.parametrize("fence", ["```", "~~~", "````"])
@pytest.mark.parametrize(
    "info", ["total = net * 1.19", " see the log below", "no-such-language", "go home", 'python title="a"', "&amp; \\*"]
)
def test_what_follows_a_fence_is_a_line_of_code_unless_it_names_a_language(fence, info):
    assert f"<code>{info.strip()}\nx = 1\n</code>" in render(f"{fence}{info}\nx = 1\n{fence}")
    assert f"<code>{info.strip()}\n</code>" in render(f"{fence}{info}\n{fence}")


@pytest.mark.parametrize("language", ["python", "Python", " js ", "text"])
def test_the_name_of_a_language_is_no_line_of_code(language):
    assert "<code>xyz\n</code>" in re.sub("</?span[^>]*>", "", render(f"```{language}\nxyz\n```"))
    assert language.strip() in render(f"```{language}\n```"), "without code it is shown"


@pytest.mark.parametrize(
    "source",
    [
        *(
            "[kim]: lunch?\nwho comes along?",
            "[spec]: https://example.org/spec\nplease read it",
            "[a]: b",
            "> [a]: b\n\nc",
            "- [a]: b 'title'",
        ),
        *(
            "Best wishes\n--\nKim",
            "Total\n==\n12",
            "a\n-",
            "#",
            "##",
            "# #",
            "-",
            "*",
            "+",
            "1.",
            "7)",
            ">",
            "-\n-",
            "007. Bond",
            "01) a\n02) b",
            "1. a\n02. b",
        ),
        *(
            "&amp; &copy; &nbsp; &#65; &notin;",
            "AT&T; &x;",
            "# Why C #",
            "[a][b]",
            "[a][]",
            "[a]",
            "![a][b]",
            "<b>a</b>",
            "<!-- a -->",
            "<?a?>",
        ),
    ],
)
def test_it_is_shown_as_it_was_typed(source):
    def signs(text):
        return re.sub(r"\s", "", text)

    typed = signs(re.sub(r"(?m)^(> |- |# )(?=\S{2})", "", source))
    assert (
        signs(
            re.sub("<[^>]*>", "", markdown.render(source).html)
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
        )
        == typed
    )


@pytest.mark.parametrize(
    ("source", "inner"),
    [("> >", ">"), ("> -", "-"), ("- #", "#"), ("> a\n> ==", "=="), ("> - 1.", "1."), ("- 08. a", "08. a")],
)
def test_it_is_shown_within_a_quote_or_list(source, inner):
    assert inner in visible(markdown.render(source).html).replace("&gt;", ">")


def test_a_heading_a_list_and_a_quote_are_still_made_of_what_has_words():
    assert render("## Plan ##") == "<h5>Plan</h5>"
    assert render("- a\n-\n- b").count("<li>") == 3
    assert render("> a\n>\n> b").count("<p>") == 2
    assert "<hr" in render("a\n\n---\n\nb")


@pytest.mark.parametrize(
    ("row", "last"),
    [
        ("|1|2|3|", "2 | 3"),
        ("1|2|3|4", "2 | 3 | 4"),
        ("|1|2|", "2"),
        ("|1|", ""),
        (r"|1|2\|3|4|", "2|3 | 4"),
        ("|1|2|**3**|", "2 | <strong>3</strong>"),
    ],
)
def test_cells_without_a_column_are_shown_in_the_last_one(row, last):
    table = f"|a|b|\n|-|-|\n{row}"
    for source in (table, "> " + table.replace("\n", "\n> "), "- " + table.replace("\n", "\n  ")):
        assert re.findall("<td>(.*)</td>", render(source))[1] == last


@pytest.mark.parametrize(
    ("source", "numbers"),
    [
        *(
            ("1. a\n1. b\n1. c", []),
            ("1. a\n2. b", []),
            ("7. a\n8. b", []),
            ("1. a\n3. b\n4. c", ["3"]),
            ("3) a\n2) b\n1) c", ["2", "1"]),
        ),
        ("1. a\n\n   5. x\n   9. y\n2. b\n4. c", ["9", "4"]),
    ],
)
def test_items_have_the_numbers_that_were_typed(source, numbers):
    assert re.findall('<li value="(.*)">', render(source)) == numbers


@pytest.mark.parametrize(
    ("source", "html"),
    [
        *(
            ("**注意：**内容", "<strong>注意：</strong>内容"),
            ("**「引用」**です", "<strong>「引用」</strong>です"),
            ("他说**“好”**了", "他说<strong>“好”</strong>了"),
        ),
        *(
            ("~~（旧）~~新", "<s>（旧）</s>新"),
            ('**"확인"**을', '<strong>"확인"</strong>을'),
            ("これは*（注）*です", "これは<em>（注）</em>です"),
        ),
        *(
            ("**“ไทย”**ครับ", "<strong>“ไทย”</strong>ครับ"),
            ("**(စာ)**အုပ်", "<strong>(စာ)</strong>အုပ်"),
            ("a**(b)**c", "a**(b)**c"),
            ("a * b * c", "a * b * c"),
            ("snake_case_name", "snake_case_name"),
            ("2*3*4", "2<em>3</em>4"),
        ),
    ],
)
def test_emphasis_beside_punctuation_in_scripts_without_spaces(source, html):
    assert render(source) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    "source", ["```\n```", "~~~\n\n~~~", "# \u200b", "> \u2800", "**\u3164**", "|\u200b|\n|-|", "`\u2060`"]
)
def test_marks_around_nothing_visible_are_shown_as_they_were_typed(source):
    assert render(source) == "<p>{}</p>".format(source.replace("\n", "<br>"))


def test_the_title_of_a_link_is_shown():
    assert visible(render('[a](https://example.org "the title") b')) == 'a "the title" b'


def test_html_that_was_stored_before_is_shown_unchanged():
    stored = '<h4>a</h4><ol start="7"><li>b</li></ol><p><a href="ftp://x" title="y">c</a></p>'
    assert markdown.with_labels(stored) == stored
