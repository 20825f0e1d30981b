import pytest

from conversations.text.markdown import render
from conversations.transfer.slack.mrkdwn import Names, to_markdown

NAMES = Names(people={"U1": "ana"}, channels={"C1": ("general", "/c/7/")})


@pytest.mark.parametrize(
    ("mrkdwn", "markdown"),
    [
        ("<@U1> and <@U2|ben> and <@U3>", "@ana and @ben and @U3"),
        ("<#C1|old-name> <#C2|hidden>", "[#general](/c/7/) #private"),
        ("<!here> <!channel|@channel> <!subteam^S1|@team> <!date^1^{date}|3 May>", "@here @channel @team 3 May"),
        ("<http://a.example/?x=1&amp;y=2>", "<http://a.example/?x=1&y=2>"),
        ("<http://a.example|a [page]>", r"[a \[page\]](<http://a.example>)"),
        ("<mailto:a@b.example|a@b.example>", "<mailto:a@b.example>"),
        ("*bold* _italic_ ~gone~ `c*d*e`", "**bold** *italic* ~~gone~~ `c*d*e`"),
        ("*bold <http://a.example> bold*", "**bold <http://a.example> bold**"),
        ("2*3*4 snake_case_name __all__ a~b", r"2\*3\*4 snake_case_name \_\_all\_\_ a~b"),
        ("&lt;b&gt; &amp;amp;", "<b> &amp;"),
        ("# not a heading\n- - -\n===", "\\# not a heading\n- - -\n\\==="),
        ("&gt; quoted\nanswer", "> quoted\n\nanswer"),
        ("&gt;&gt;&gt; all\nof it", "> all\n> of it"),
        ("look: ```x = &lt;1&gt;\n  <http://a.example|y>```", "look: \n```\nx = <1>\n  y\n```"),
        ("• one\n• two", "- one\n- two"),
    ],
)
def test_mrkdwn_becomes_markdown(mrkdwn, markdown):
    assert to_markdown(mrkdwn, NAMES) == markdown


@pytest.mark.parametrize("words", ["2*3*4", "__all__", "[x](y)", "a_b_c", "# x", "1 < 2 > 0", "\\ ` ~~", "_ * ~ _ *"])
def test_plain_text_is_unchanged(words):
    assert render(to_markdown(words.replace("<", "&lt;").replace(">", "&gt;"), NAMES)).words == words
