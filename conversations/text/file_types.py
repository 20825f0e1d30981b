"""What a file is, by its content, as what a browser or a name says about it counts for nothing; and its name."""

import re
import unicodedata

from puremagic.main import get_max_lengths, identify_all

UNKNOWN, TEXT, ZIP = "application/octet-stream", "text/plain", "application/zip"
MOST_CHARACTERS, LONGEST_ENDING = 255, 20
UNSEEN = ("Cc", "Cs", "Zl", "Zp")  # categories of characters
SURE_ENOUGH = 0.4  # of 1, by puremagic
HEAD, FOOT = get_max_lengths()
# The only types that are ever tried to be shown: what these begin with is read as a picture, and nothing else.
PICTURES = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF....WEBP|GIF8[79]a|....ftypavi[fs]", re.DOTALL)
# How their names end, the first for those that end otherwise.
ENDINGS = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png", ".apng"),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "image/avif": (".avif", ".avifs"),
}
# Types that no browser runs, so that a download may be called what it is.
HARMLESS = re.compile(r"(audio|video)/[\w.+-]+|application/(pdf|zip|gzip|x-tar|msword|vnd\.[\w.-]+)|text/plain")
# They change the order in which a name is read: "gpj.exe" backwards.
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def looks_like_picture(head: bytes) -> bool:
    """Tell whether a file that begins with `head` is to be read as a picture."""
    return bool(PICTURES.match(head))


def type_of(head: bytes, foot: bytes) -> str:
    """Tell the media type of a file that begins with `head` and ends with `foot`."""
    if head.startswith(b"PK\x03\x04"):
        return ZIP  # archives are not opened, so that it is not known what kind of document one may be
    if is_text(head):
        return TEXT if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else UNKNOWN
    for found in identify_all(head, foot):
        if found.confidence >= SURE_ENOUGH and found.mime_type:
            return found.mime_type
    return UNKNOWN


def is_text(head: bytes) -> bool:
    """Tell whether these are words in UTF-8, of which the last character may be cut."""
    try:
        words = head[:-4].decode() + head[-4:].decode(errors="ignore")
    except UnicodeDecodeError:
        return False
    return not re.search(r"[\x00-\x08\x0e-\x1f]", words)


def served_as(content_type: str) -> str:
    """Give the type under which a download is sent."""
    return content_type if HARMLESS.fullmatch(content_type) else UNKNOWN


def clean_name(name: str) -> str:
    """Give the last part of a path, without what is not to be seen, and short enough; its ending stays."""
    name = TURNING.sub("", re.split(r"[/\\]", name)[-1])
    name = "".join(" " if unicodedata.category(char) in UNSEEN else char for char in name)
    name = shortened(" ".join(name.split()))
    return name if name.strip(" .") else "file"


def picture_name(name: str, content_type: str) -> str:
    """Let the name of a picture say what it is, as computers that keep it go by that."""
    endings = ENDINGS[content_type]
    return name if name.lower().endswith(endings) else f"{name[: MOST_CHARACTERS - len(endings[0])]}{endings[0]}"


def shortened(name: str) -> str:
    if len(name) <= MOST_CHARACTERS:
        return name
    stem, dot, ending = name.rpartition(".")
    ending = dot + ending if stem and len(ending) < LONGEST_ENDING else ""
    return name[: MOST_CHARACTERS - len(ending)] + ending
