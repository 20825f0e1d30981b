"""Convert Slack's mrkdwn to our Markdown with the same text and appearance. Pure functions."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

TOKEN = re.compile(r"```(?P<block>.+?)```|`(?P<code>[^`\n]+)`|<(?P<reference>[^<>\n]+)>", re.DOTALL)
PLACEHOLDER = re.compile("\ue000(\\d+)\ue001")
BULLET = re.compile(r"^•", re.MULTILINE)
STYLES = (  # Slack's mark, a placeholder while everything else is escaped, our mark
    ("*", "\ue002", "**"),
    ("_", "\ue003", "*"),
    ("~", "\ue004", "~~"),
)
# Characters with a meaning in Markdown but not in mrkdwn.
SPECIAL = re.compile(r"([\\`*\[\]]|~~|(?<![^\W_])_|_(?![^\W_]))")
SPECIAL_LINE = re.compile(r"^( {0,3})(#{1,6}(?= )|[-+](?= *$)|-{2,} *$|=+ *$)", re.MULTILINE)


@dataclass(frozen=True)
class Names:
    """The names of people and channels on this site, by their Slack ids; a channel is (title, address)."""

    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def to_markdown(text: str, names: Names) -> str:
    """Convert one message."""
    tokens: list[str] = []

    def keep(match: re.Match) -> str:
        tokens.append(token(match, names))
        return f"\ue000{len(tokens) - 1}\ue001"

    text = re.sub("[\ue000-\ue004]", "", text)
    text = unescape_slack(TOKEN.sub(keep, text))
    text = styled(BULLET.sub("-", quoted(text)))
    return PLACEHOLDER.sub(lambda match: tokens[int(match[1])], text).strip("\n")


def in_plain_words(text: str) -> str:
    """Strip mrkdwn from text: <address|label> becomes its label."""
    return unescape_slack(re.sub(r"<([^|<>]*)(?:\|([^<>]*))?>", lambda match: match[2] or match[1], text))


def unescape_slack(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def token(match: re.Match, names: Names) -> str:
    """Convert code, or a reference to a person, a channel or an address."""
    if match["block"]:
        return f"\n```\n{in_plain_words(match['block']).strip(chr(10))}\n```\n"
    if match["code"]:
        return f"`{in_plain_words(match['code'])}`"
    target, _, label = match["reference"].partition("|")
    convert = REFERENCES.get(target[:1], link)
    return convert(target, label, names)


def person(target: str, label: str, names: Names) -> str:
    return f"@{names.people.get(target[1:]) or label or target[1:]}"


def channel(target: str, label: str, names: Names) -> str:
    if target[1:] not in names.channels:
        return "#private"  # the label is its title, which is not for every reader
    title, address = names.channels[target[1:]]
    return f"[#{escaped(title)}]({address})"


def special(target: str, label: str, names: Names) -> str:
    """Convert <!here>, <!subteam^S1|@group>, <!date^…|a day in words>."""
    word = label or target[1:].partition("^")[0]
    return word if label.startswith("@") or "^" in target else f"@{target[1:]}"


def link(target: str, label: str, names: Names) -> str:
    target, label = unescape_slack(target), unescape_slack(label)
    if not label or label in (target, target.removeprefix("mailto:")):
        return f"<{target}>" if ":" in target else target
    return f"[{escaped(label)}](<{target}>)"


REFERENCES: dict[str, Callable[[str, str, Names], str]] = {"@": person, "#": channel, "!": special}


def quoted(text: str) -> str:
    """End quotes where Slack does: at the end of the line, or after >>> at the end of the message."""
    lines, in_quote, to_the_end = [], False, False
    for line in text.split("\n"):
        if line.startswith(">>>"):
            to_the_end, line = True, f"> {line[3:].lstrip()}"
        elif to_the_end:
            line = f"> {line}"
        if in_quote and not line.startswith(">") and line:
            lines.append("")
        in_quote = line.startswith(">")
        lines.append(line)
    return "\n".join(lines)


def styled(text: str) -> str:
    """Convert bold, italic and strikethrough, and escape everything else that Markdown would interpret."""
    for mark, stand_in, _ in STYLES:
        m = re.escape(mark)
        text = re.sub(rf"(?<![\w{m}]){m}(?=\S)([^{m}\n]+?)(?<=\S){m}(?![\w{m}])", rf"{stand_in}\1{stand_in}", text)
    text = SPECIAL_LINE.sub(r"\1\\\2", escaped(text))
    for _, stand_in, ours in STYLES:
        text = text.replace(stand_in, ours)
    return text


def escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)
