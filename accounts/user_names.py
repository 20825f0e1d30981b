"""User names derived from names: "Ana Lima" becomes ana.lima. Pure functions."""

import re
from unicodedata import combining, normalize

MAX_CHARACTERS = 40  # leaves room for a number
OTHERS = re.compile(r"[^a-z0-9]+")
# Letters that Unicode does not decompose into a plain one and a mark; Cyrillic and Greek as passports spell them.
LATIN = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "å": "a",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ł": "l",
    "ı": "i",
    "ħ": "h",
}
CYRILLIC = dict(zip("абвгґдеёзиійклмнопрстуўфыэєј", "abvggdeeziiiklmnoprstuufyeej", strict=True))
CYRILLIC |= {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "iu", "я": "ia"}
CYRILLIC |= {"ї": "i", "љ": "lj", "њ": "nj", "ђ": "dj", "ћ": "c", "џ": "dz"}
GREEK = dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True))
GREEK |= {"θ": "th", "χ": "ch", "ψ": "ps"}
LETTERS = str.maketrans(LATIN | CYRILLIC | GREEK)


def derive(name: str) -> str:
    """Return a user name for a name, "" if none of its letters has a Latin spelling that we know."""
    spoken = re.sub(r"\(.*?\)|['’]", "", normalize("NFC", name.lower()))  # without pronouns: "Ana (she/her)"
    latin = normalize("NFKD", re.sub("ο[υύ]", "ou", spoken).translate(LETTERS)).translate(LETTERS)
    letters = "".join(each for each in latin if not combining(each))
    return OTHERS.sub(".", letters).strip(".")[:MAX_CHARACTERS].strip(".")
