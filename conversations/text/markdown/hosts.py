"""Host names as they are shown: readers of an address should know where it leads."""

import re
from unicodedata import category, name, normalize

HOST = re.compile(r"(?:^(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#\\]*@)?|^(?:mailto:)?[^/?#:]*@)([^/?#\\:]+)", re.IGNORECASE)
DOTS = re.compile("[.。．｡]")
# Scripts that are written together in one word; the Unicode name of a letter begins with that of its script.
JAPANESE = {"LATIN", "CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}
WRITTEN_TOGETHER = [JAPANESE, {"LATIN", "CJK", "HANGUL"}, {"LATIN", "CJK", "BOPOMOFO"}]
# Letters of other scripts that look like Latin ones.
CYRILLIC, GREEK, ARMENIAN = "асԁеһіјӏорԛѕԝхуъьҽпгѵѡ", "αικνρυωηοτ", "ցհոսռօզէյ"
LOOKS_LATIN = set(CYRILLIC + GREEK + ARMENIAN)
# Latin letters of living languages; others only serve to imitate. ı is legitimate among other Turkish letters.
LATIN = re.compile("[a-z0-9_ß-öø-ÿĀ-ķĹ-ňŊ-žƒơưǍ-ǜȘ-țẠ-ỹ-]+")
TURKISH = set("çğöşü")
# What reads as an address in the words of a link: with a scheme, a mailbox, or a host by its name or number.
WITH_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*://|(?<!\w)(?=www\.))([^\s/?#:]+)", re.IGNORECASE)
MAILBOX = re.compile(r"[^\s<>()@/:]+@[^\s<>()@/?#:]+\.[^\W\d_]{2,}")
NAMED = re.compile(
    r"(?<![\w@/.-])(?:[^\W_](?:[\w-]*[^\W_])?\.)+(?:[^\W\d_]{2,}|xn--[a-z0-9-]+)(?![\w@])", re.IGNORECASE
)
NUMBERED = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])")
# Extensions of files and programs, as in README.md and Node.js, some of which are also top-level domains.
FILE_ENDINGS = {
    *("md", "rs", "sh", "py", "pl", "ps", "cc", "so", "pm", "mm", "hs", "ml", "mk", "la", "tf", "cs", "as", "js"),
    *("ts", "go", "rb", "java", "cpp", "php", "html", "css", "json", "yml", "yaml", "toml", "xml", "csv", "txt"),
    *("rst", "log", "pdf", "png", "jpg", "jpeg", "gif", "svg", "zip", "tar", "gz", "exe", "conf", "cfg", "ini"),
    *("lock", "sql", "db"),
}


def host_of(address: str) -> str:
    """Find the host in an address; '' if it has none."""
    found = HOST.match(address)
    return found[1] if found else ""


def with_host(address: str, host: str) -> str:
    """Replace the host in an address that has one."""
    found = HOST.match(address)
    return address[: found.start(1)] + host + address[found.end(1) :] if found else address


def as_shown(address: str) -> str:
    """Show an address as it was typed, but in ASCII a host that imitates another one."""
    host = host_of(address)
    return with_host(address, in_ascii(host)) if not host.isascii() and imitates(host) else address


def in_ascii(host: str) -> str:
    """Write a host as browsers look it up."""
    labels = DOTS.split(normalize("NFKC", host).lower())
    return ".".join(label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in labels)


def imitates(host: str) -> bool:
    """Tell whether a host may be mistaken for another one."""
    host = normalize("NFC", host.lower())
    return normalize("NFKC", host) != host or any(map(is_deceptive, DOTS.split(host)))


def is_deceptive(label: str) -> bool:
    """Tell whether a label of a host mixes scripts, or imitates Latin letters with look-alikes."""
    letters = {letter for letter in label if category(letter)[0] in "LM"}
    if label.isascii() or any(category(letter)[0] not in "LMN" for letter in label if letter > "\x7f"):
        return not label.isascii()
    scripts = {name(letter, "UNKNOWN").split()[0] for letter in letters}
    if scripts == {"LATIN"}:
        return not LATIN.fullmatch(label) or ("ı" in label and not TURKISH & letters)
    if len(scripts) > 1:
        return not any(scripts <= together for together in WRITTEN_TOGETHER)
    return letters <= LOOKS_LATIN


def stated_elsewhere(words: str, address: str) -> str:
    """Return where a link leads if its words state another address, to be shown beside them; else ''."""
    host = host_of(address)
    target = address.partition(":")[2].partition("?")[0] if address.startswith("mailto:") else host or address
    stated = stated_address(words)
    if not stated or (is_same(stated, target if "@" in stated else host) and not imitates(stated)):
        return ""
    return as_shown(f"//{target}").removeprefix("//")


def is_same(stated: str, target: str) -> bool:
    """Tell whether an address that words state is the target or a domain that it belongs to."""
    stated, target = (in_ascii(each).removeprefix("www.").rstrip(".") for each in (stated, target))
    return target == stated or ("@" not in stated and target.endswith(f".{stated}"))


def stated_address(words: str) -> str:
    """Find the host or mailbox that words state, as a reader understands them; '' if they state none."""
    words = "".join(letter for letter in normalize("NFKC", words) if category(letter) != "Cf")
    if found := WITH_SCHEME.search(words):
        user, at, host = found[1].partition("@")
        return user if "." in user or not at else host
    if found := MAILBOX.search(words) or NUMBERED.search(words):
        return found[0]
    names = (found[0] for found in NAMED.finditer(words))
    return next((name for name in names if name.rpartition(".")[2].lower() not in FILE_ENDINGS), "")
