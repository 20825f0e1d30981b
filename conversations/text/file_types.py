"""Media types and names of files. Types come from the content alone: neither browser nor file name is trusted."""

import re

from puremagic.main import get_max_lengths, identify_all

from accounts import names

UNKNOWN, TEXT, ZIP = "application/octet-stream", "text/plain", "application/zip"
PDF = "application/pdf"
MAX_NAME_CHARACTERS = 255
MAX_LINES, MAX_LINE_CHARACTERS, MAX_BEGINNING_CHARACTERS = 8, 160, 800
MAX_ENDING_CHARACTERS = 20
MIN_CONFIDENCE = 0.4  # of 1, by puremagic
HEAD, FOOT = get_max_lengths()
# Only files that begin like this are decoded as pictures.
PICTURES = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF....WEBP|GIF8[79]a|....ftypavi[fs]", re.DOTALL)
# The endings of their names; the first is appended to a name without any of them.
ENDINGS = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png", ".apng"),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "image/avif": (".avif", ".avifs"),
}
# Types that no browser executes: only these are named to the browser.
HARMLESS = re.compile(r"(audio|video)/[\w.+-]+|application/(pdf|zip|gzip|x-tar|msword|vnd\.[\w.-]+)|text/plain")


def looks_like_picture(head: bytes) -> bool:
    """Return whether to decode a file that begins with `head` as a picture."""
    return bool(PICTURES.match(head))


def type_of(head: bytes, foot: bytes) -> str:
    """Return the media type of a file that begins with `head` and ends with `foot`."""
    if head.startswith(b"PK\x03\x04"):
        return ZIP  # many documents are ZIP archives too; telling them apart would mean opening the archive
    if is_text(head):
        return TEXT if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else UNKNOWN
    for found in identify_all(head, foot):
        if found.confidence >= MIN_CONFIDENCE and found.mime_type:
            return found.mime_type
    return UNKNOWN


def is_text(head: bytes) -> bool:
    """Return whether these bytes are text in UTF-8; the last character may be cut off."""
    try:
        words = head[:-4].decode() + head[-4:].decode(errors="ignore")
    except UnicodeDecodeError:
        return False
    return not re.search(r"[\x00-\x08\x0e-\x1f]", words)


def beginning_of(head: bytes) -> str:
    """Return the first lines of a text file that begins with `head`, without empty lines around them."""
    text = head.decode(errors="ignore").removeprefix("\ufeff").replace("\f", "\n").strip("\r\n")
    lines = (line[:MAX_LINE_CHARACTERS] for line in text.splitlines()[:MAX_LINES])
    return "\n".join(lines)[:MAX_BEGINNING_CHARACTERS].rstrip()


def kind_of(content_type: str, *, is_picture: bool) -> str:
    """Return how a file is shown: as a picture, video, audio, pdf, text, archive or file."""
    if is_picture:
        return "picture"
    family = content_type.partition("/")[0]
    if family in ("video", "audio"):
        return family
    return {PDF: "pdf", TEXT: "text", ZIP: "archive", "application/gzip": "archive"}.get(content_type, "file")


def served_as(content_type: str) -> str:
    """Return the media type to send a download with."""
    return content_type if HARMLESS.fullmatch(content_type) else UNKNOWN


def clean_name(name: str) -> str:
    """Return the last part of a path as it may be shown, shortened before its ending.

    It has no characters that change the direction of text, or "exe.jpg" could be shown for "gpj.exe".
    """
    name = shortened(names.clean(re.split(r"[/\\]", name)[-1]))
    return name if name.strip(" .") else "file"


def picture_name(name: str, content_type: str) -> str:
    """Make the ending of a picture's name match its type, as computers choose the program to open it by that."""
    endings = ENDINGS[content_type]
    return name if name.lower().endswith(endings) else f"{name[: MAX_NAME_CHARACTERS - len(endings[0])]}{endings[0]}"


def shortened(name: str) -> str:
    if len(name) <= MAX_NAME_CHARACTERS:
        return name
    stem, dot, ending = name.rpartition(".")
    ending = dot + ending if stem and len(ending) < MAX_ENDING_CHARACTERS else ""
    return name[: MAX_NAME_CHARACTERS - len(ending)] + ending
