import pytest

from conversations.markdown import in_plain_words, render


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
        ("```\n<b>\n```", '<pre class="code"><code>&lt;b&gt;\n</code></pre>'),
    ],
)
def test_what_people_type_is_shown_as_they_mean_it(source, html):
    assert render(source) == html


def test_code_is_coloured_by_its_language():
    assert '<span class="k">def</span>' in render("```python\ndef f(): pass\n```")
    assert "<span" not in render("```no-such-language\ndef f(): pass\n```")


@pytest.mark.parametrize(
    ("language", "code"), [("ansys", '"' + "\\" * 9000), ("autoit", " " * 9900), ("c", "a " + "\n" * 9900 + "!")]
)
def test_code_that_would_take_for_ever_is_shown_without_colours(language, code):
    html = render(f"```{language}\n{code}\n```")
    assert html.startswith('<pre class="code"><code>')
    assert "<span" not in html
    assert '<span class="k">def</span>' in render("```python\ndef f(): pass\n```"), "the next code has its colours"


def test_a_tables_alignment_needs_no_inline_style():
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
    ],
)
def test_what_could_act_is_inert(source):
    html = render(source)
    for tag in ("<script", "<img", "<svg", "<a href='http://a' onclick"):
        assert tag not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


@pytest.mark.parametrize("source", ["> " * 3000 + "deep", "- " * 5000 + "deep", "[deep]: http://example.org"])
def test_no_word_is_lost_where_markdown_gives_up(source):
    assert "deep" in render(source)


def test_a_small_message_makes_no_huge_page():
    assert len(render("|a" * 20 + "\n" + "|-" * 20 + "\n" + "|\n" * 3000)) < 250_000


@pytest.mark.parametrize("piece", ["[", "![[", "*a _", "`", "<", "a@b.c ", "http://", "> ", "|a"])
def test_the_worst_ten_thousand_characters_are_rendered_at_all(piece):
    assert render((piece * 10_000)[:10_000])


def test_plain_words_have_no_marks_left_even_where_the_html_is_cut_off():
    assert in_plain_words('<p>a &lt;b&gt; <a href="x">link</a></p>\n<p>c <a hre') == "a <b> link c"
