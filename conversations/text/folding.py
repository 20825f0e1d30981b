"""Words as they are compared: in lower case, without accents and points. Pure functions.

PostgreSQL's `public.fold` does the same to what is stored: see accounts/migrations/0004_folding.sql.
"""

import re
from unicodedata import normalize

MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
# Letters that Unicode does not decompose, though readers take them for others with a mark.
OTHERS = "øđħłŧƀƃƈƌƒƙƚƞƥƫƭƴƶǥȡȥȴȵȶȼȿɀɇɉɋɍɏɓɕɖɗɠɦɨɫɬɭɱɲɳɼɽɾʂʈʋʐʑʝʠðıŋς"
PLAIN = "odhltbbcdfklnpttyzgdzlntcszejqrybcddghilllmnnrrrstvzzjqdinσ"
SAME = str.maketrans(dict(zip(OTHERS, PLAIN, strict=True)) | {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"})


def fold(text: str) -> str:
    """Write a text in lower case, without accents and points."""
    if text.isascii():
        return text.lower()
    return normalize("NFC", MARKS.sub("", normalize("NFKD", text).lower()).translate(SAME))
