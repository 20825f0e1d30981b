"""What one record of a Slack export says: who, when, which words. Pure functions on what JSON gave."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

# Subtypes that somebody wrote; all others tell what happened.
WRITTEN = {None, "thread_broadcast", "reply_broadcast", "file_share", "file_comment", "me_message", "bot_message"}

Record = dict[str, Any]


def is_written(record: Record) -> bool:
    return record.get("subtype") in WRITTEN


def time_of(record: Record) -> datetime:
    """Read when it was, to the microsecond; raise ValueError where that can't be told."""
    seconds, _, fraction = str(record.get("ts", "")).partition(".")
    moment = datetime.fromtimestamp(int(seconds), UTC)
    return moment + timedelta(microseconds=int(fraction[:6].ljust(6, "0")))


def author_of(record: Record) -> str | None:
    """Find the id of who wrote: a person's, or a bot's."""
    comment = record.get("comment") or {}
    return record.get("user") or comment.get("user") or record.get("bot_id") or record.get("username")


def author_name(record: Record) -> str:
    """Find how the author is called, for who is in no list of people."""
    profile = record.get("user_profile") or record.get("bot_profile") or {}
    return record.get("username") or profile.get("real_name") or profile.get("name") or author_of(record) or ""


def words_of(record: Record) -> str:
    """Collect the words of a record in mrkdwn, wherever Slack has put them; '' where there are none."""
    text = record.get("text") or "\n".join(words_of_blocks(record.get("blocks") or []))
    parts = [text]
    if not text or record.get("subtype") == "bot_message":
        parts += [words_of_attachment(attachment) for attachment in record.get("attachments") or []]
    if record.get("subtype") != "file_share" or not text:  # there the text speaks of the file
        parts += [words_of_file(file) for file in record.get("files") or []]
    return "\n".join(part for part in parts if part and part.strip())


def words_of_attachment(attachment: Record) -> str:
    title, address = attachment.get("title"), attachment.get("title_link")
    heading = f"<{address}|{title}>" if title and address else title
    parts = [attachment.get("pretext"), heading, attachment.get("text")]
    return "\n".join(part for part in parts if part) or attachment.get("fallback") or ""


def words_of_file(file: Record) -> str:
    name, address = file.get("title") or file.get("name"), file.get("permalink")
    if not name:
        return "File: no longer in Slack"
    return f"File: <{address}|{name}>" if address else f"File: {name}"


def words_of_blocks(blocks: list[Record]) -> Iterator[str]:
    """Collect the texts of Block Kit, whose elements nest."""
    for block in blocks:
        if not isinstance(block, dict):
            continue
        text = block.get("text")
        if isinstance(text, dict):
            yield text.get("text") or ""
        inner = [*(block.get("fields") or []), *(block.get("elements") or [])]
        if block.get("type") == "rich_text_section":
            yield "".join(inline(element) for element in inner)
        else:
            yield from words_of_blocks(inner)


def inline(element: Record) -> str:
    """Write one element of a line of rich text as mrkdwn."""
    match element.get("type"):
        case "user":
            return f"<@{element.get('user_id')}>"
        case "channel":
            return f"<#{element.get('channel_id')}>"
        case "broadcast":
            return f"<!{element.get('range')}>"
        case "emoji":
            return f":{element.get('name')}:"
        case "link":
            return f"<{element.get('url')}|{element.get('text') or element.get('url')}>"
    return element.get("text") or ""
