import sys

import pytest

from conversations.text import highlighting, markdown
from conversations.text.markdown.earlier_html import words_of

REL = 'rel="noopener noreferrer nofollow"'


def render(source):
    return markdown.render(source).html


def table(head, cell):
    head, body = f"<thead>\n<tr>\n<th>{head}</th>\n</tr>\n</thead>", f"<tbody>\n<tr>\n<td>{cell}</td>\n</tr>\n</tbody>"
    return f"<table>\n{head}\n{body}\n</table>"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <s>c</s> <code>d</code></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("# Big", "<h4>Big</h4>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        (
            "see example.org/a?b=1&c=2",
            '<p>see <a href="http://example.org/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">'
            "example.org/a?b=1&amp;c=2</a></p>",
        ),
        ("```\n<b>\n```", '<pre class="code" tabindex="0"><code>&lt;b&gt;\n</code></pre>'),
        ("    if x:\n\n        y  \n\tz", '<pre class="code" tabindex="0"><code>if x:\n\n    y  \nz\n</code></pre>'),
        ("![a pixel](/c/7/)", f'<p><a href="/c/7/" {REL}>a pixel</a></p>'),
        ("so ![](/c/7/)", f'<p>so <a href="/c/7/" {REL}>/c/7/</a></p>'),
        (r"so\! [so](/c/7/)", f'<p>so! <a href="/c/7/" {REL}>so</a></p>'),
        ("10:30 :tada: (:heart:)", "<p>10:30 🎉 (❤️)</p>"),
        (":+1::skin-tone-3: :man-shrugging: :flag-nl:", "<p>👍🏼 🤷\u200d♂️ 🇳🇱</p>"),
        ("| a |\n|---|\n| b |", table("a", "b")),
    ],
)
def test_text_is_rendered_as_expected(source, html):
    assert render(source) == html


def test_code_is_coloured_by_its_language():
    assert '<span class="k">def</span>' in render("```python\ndef f(): pass\n```")
    assert "<span" not in render("```no-such-language\ndef f(): pass\n```")


@pytest.mark.parametrize(
    ("language", "code"), [("ansys", '"' + "\\" * 9000), ("autoit", " " * 9900), ("c", "a " + "\n" * 9900 + "!")]
)
def test_code_that_takes_too_long_to_colour_is_shown_without_colours(language, code):
    html = render(f"```{language}\n{code}\n```")
    assert '<pre class="code" tabindex="0"><code>' in html
    assert "<span" not in html
    assert '<span class="k">def</span>' in render("```python\ndef f(): pass\n```"), "the next code is coloured"


@pytest.fixture
def asked(monkeypatch):
    """The languages that the highlighter was called with."""
    colour, languages = highlighting.highlighter.colour, []

    def ask(code, language, seconds):
        languages.append(language)
        return colour(code, language, seconds)

    monkeypatch.setattr(highlighting.highlighter, "colour", ask)
    return languages


def test_code_after_a_block_that_takes_too_long_is_not_coloured(asked):
    hostile = '```ansys\n"' + "\\" * 50 + "\n```\n"
    html = render("```python\ndef f(): pass\n```\n" + hostile * 150 + "```python\ndef g(): pass\n```")
    assert asked == ["python", "ansys"]
    assert html.count('<pre class="code" tabindex="0">') == 152
    assert html.count('<span class="k">def</span>') == 1


def test_only_a_limited_number_of_code_blocks_is_coloured(asked):
    html = render("```text\nx\n```\n" * 400)
    assert html.count('<pre class="code" tabindex="0">') == 400
    assert 0 < len(asked) <= 20


def test_code_is_not_coloured_while_the_highlighter_is_busy(asked):
    with highlighting.highlighter.turn:
        html = render("```python\ndef f(): pass\n```\n" * 3)
    assert html.count("def f(): pass") == 3
    assert asked == ["python"]


def test_tasks_are_labelled_boxes_without_inputs():
    html = render("- [ ] buy milk\n- [x] sleep\n\n1. [X] late")
    assert words_of(html) == "☐ buy milk ☑ sleep ☑ late"
    assert html.count('<span class="task">') == 3
    labelled = markdown.with_labels(html)
    assert labelled.count('<span class="task" role="img" aria-label="To do">☐</span> buy') == 1
    assert labelled.count('<span class="task" role="img" aria-label="Done">☑</span>') == 2
    assert "<input" not in html
    assert "☐" not in render("[ ] no list\n- a [ ] b")


@pytest.mark.parametrize(
    "source",
    [
        *("10:30:15", "std::thread::spawn", "a:heart:b", ":no-such-emoji:", "`:heart:`", "```\n:heart:\n```"),
        *("    :heart:", "<http://a.example/:heart:>", "http://a.example/:heart:", r"\:heart:", "key: value :x"),
    ],
)
def test_colons_in_code_times_and_addresses_do_not_make_emoji(source):
    assert "❤️" in render(":heart:")
    assert words_of(render(source)) in (source.strip("`\n<> "), source.replace("\\", ""))


@pytest.mark.parametrize("fence", ["```", "~~~", "    "])
def test_long_code_is_folded(fence):
    def code(lines):
        words = "\n".join(["x = 1"] * lines)
        return words.replace("x", "    x") if fence.isspace() else f"{fence}\n{words}\n{fence}"

    assert "<details" not in render(code(15))
    html = render(code(16))
    assert markdown.with_labels(html).startswith(
        '<details class="long"><summary><span class="more">Show all 16 lines of code</span>'
    )
    assert '</summary><pre class="code" tabindex="0">' in html
    assert words_of(html).count("x = 1") == 16


def test_folded_code_names_its_language():
    long = "x\n" * 20 + "```"
    assert "Show all 20 lines of python<" in markdown.with_labels(render(f"```python\n{long}"))
    assert "Show all 21 lines of code<" in markdown.with_labels(render(f"```<img>\n{long}"))


def test_table_alignment_uses_no_inline_styles():
    html = render("|a|b|\n|:-|-:|\n|1|2|")
    assert '<td align="right">2</td>' in html
    assert "style" not in html


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](http://elsewhere.example/pixel.png)",
        "<a href='http://a' onclick='alert(1)'>x</a>",
        '```"><script>alert(1)</script>\nx\n```',
        "<svg/onload=alert(1)>",
        "[x](http://a.example/\"onmouseover='alert(1))",
        "<details open ontoggle=alert(1)>",
        '- [ ] <img src=x onerror="alert(1)">',
        ":heart:<img src=x>",
        '```"><img/src=x>\n' + "x\n" * 20 + "```",
    ],
)
def test_scripts_and_unsafe_links_are_removed(source):
    html = markdown.with_labels(render(source))
    for tag in ("<script", "<img", "<svg", "<a href='http://a' onclick"):
        assert tag not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


@pytest.mark.parametrize("source", ["> " * 3000 + "deep", "- " * 5000 + "deep", "[deep]: http://example.org"])
def test_text_that_markdown_would_drop_is_shown(source):
    assert "deep" in render(source)


def test_a_small_message_does_not_become_a_huge_page():
    assert len(render("|a" * 20 + "\n" + "|-" * 20 + "\n" + "|\n" * 3000)) < 250_000


@pytest.mark.parametrize(
    "piece",
    ["[", "![[", "[a](", "*a _", "`", "<", "a@b.c ", "http://", "://", "> ", "|a", "|\n", ":a:", "@ana ", "# a\n"],
)
def test_ten_thousand_hostile_characters_are_rendered(piece):
    assert render((piece * 10_000)[:10_000])


@pytest.mark.parametrize("piece", ["[", "://", "[*a](", "x.org ", "//x.org ", "- a\n  - b\n    - c\n"])
def test_text_that_takes_too_long_to_render_is_shown_as_typed(piece):
    assert "<em>a</em>" in render(f"*a* {piece}")
    source = ("*a* " + piece * 10_000)[:10_000]
    assert words_of(render(source)) == " ".join(source.split())


def work_of_rendering(source):
    """Count the function calls of a rendering, which are the same on every machine."""
    calls = []
    sys.setprofile(lambda frame, event, argument: calls.append(1) if event == "call" else None)
    try:
        render(source)
    finally:
        sys.setprofile(None)
    return len(calls)


@pytest.mark.parametrize(
    "source",
    [
        *("> " * 25 + "a\n" + "b\n" * 5000, "> " * 18 + "a\n" + "b\n" * 5000, "> " * 18 + "a\n" + "#b\n" * 3000),
        *("> - " * 9 + "a\n" + "b\n" * 5000, "- > " * 9 + "a\n" + "-b\n" * 3000, ("> " * 9 + "a\n" + "b\n" * 20) * 200),
        *("> " * 18 + "[x\n" + "b\n" * 5000, "> \t|a\n" * 1700, "[" * 500 + "= " * 5000, "- a\n* b\n" * 1250),
    ],
)
def test_nested_text_takes_a_limited_number_of_function_calls(source):
    assert 100 < work_of_rendering("*a*") < 2000
    assert work_of_rendering(source[:10_000]) < 500_000


@pytest.mark.parametrize("depth", [1, 3, 6])
def test_a_long_quote_stays_one_block(depth):
    words = "Somebody said this, and others said other things about it.\n"
    html = render((">" * depth + " " + words) * 120 + "\nIndeed")
    assert html.startswith("<blockquote>\n" * depth + "<p>Somebody")
    assert html.endswith("<p>Indeed</p>")
    html = render((">" * depth + " " + words + words * 5 + "\n") * 20)
    assert html.count("<blockquote>") == depth * 20


@pytest.mark.parametrize("columns", [1, 20, 300])
def test_a_huge_table_is_shown_as_typed(columns):
    head = "|a" * columns + "\n" + "|-" * columns + "\n"
    assert "<table>" in render(head + "|x|\n")
    source = (head + "|x|\n" * 3000)[:10_000]
    assert words_of(render(source)) == " ".join(source.split())


def test_code_is_never_refused_as_too_much():
    assert render("```\n" + "[*_" * 3000 + "\n```").startswith('<pre class="code" tabindex="0">')


def test_words_of_earlier_html_have_no_tags():
    assert words_of('<p>a &lt;b&gt; <a href="x">link</a></p>\n<p>c</p>') == "a <b> link c"
    assert words_of("<p><em>a</em>, <s>b</s>!<br>\nc<strong>d</strong></p>") == "a, b! cd"
