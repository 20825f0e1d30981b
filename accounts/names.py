"""Names as others see them: of people, conversations, files. Pure functions.

A name is one line. It contains nothing invisible, nothing that changes the direction of the text around it, and no
stack of combining marks that covers other lines. Characters that the script of a name or an emoji needs stay.
"""

import re
from unicodedata import category, combining

MAX_MARKS = 3  # on one letter
MAX_ON_A_LETTER = 12  # those, and the joiners and vowel signs among them
BREAKS = ("Cc", "Cs", "Zl", "Zp")  # Unicode categories that become a space
# Drawn as nothing, whatever their category: fillers, blanks, the empty Braille pattern, selectors, reserved characters.
EMPTY = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U00013441\U00013442\U00016fe4\U0001d159\U000e0000-\U000e0fff]"
)
# Format characters that are drawn: Arabic, Syriac and Kaithi number signs, the layout of hieroglyphs.
DRAWN = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U0001343f]")
NON_JOINER, JOINER = "\u200c", "\u200d"
# Scripts in which letters join or stack: Arabic to Mandaic, those of India, Tibetan, Burmese, Khmer, Mongolian, others.
JOINING = re.compile(
    "[\u0600-\u0dff\u0f00-\u109f\u1780-\u18af\u1900-\u1cff\ua840-\uaaff\uabc0-\uabff\ufb50-\ufdff\ufe70-\ufefc"
    "\U00010a00-\U00011fff\U0001e900-\U0001e95f]"
)
# A selector chooses the form of the character before it: an emoji or a symbol, a Chinese character, a Mongolian letter.
SELECTED = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff][\ufe00-\ufe02\U000e0100-\U000e01ef]"
    "|[\u1820-\u18aa][\u180b-\u180f]"
)
PRESENTATION = "\ufe0e\ufe0f"  # as text or as a picture
KEYCAP = re.compile("[0-9#*]\ufe0f\u20e3")
# The flags of England, Scotland and Wales are spelled in tag characters, ending with the one for DEL.
NATIONS = ("gbeng\x7f", "gbsct\x7f", "gbwls\x7f")
FLAG = re.compile(
    "\U0001f3f4(" + "|".join("".join(chr(0xE0000 + ord(letter)) for letter in nation) for nation in NATIONS) + ")"
)


def clean(text: str) -> str:
    """Return a name on one line, without characters that are invisible or disturb other text; '' if nothing is left."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    whole = {at for found in (FLAG, KEYCAP) for match in found.finditer(text) for at in range(*match.span())}
    kept = ""
    for at, character in enumerate(text):
        if at in whole or is_kept(character, kept, text[at + 1 : at + 2]):
            kept += character
        elif category(character) in BREAKS:
            kept += " "
    return " ".join(kept.split())


def is_kept(character: str, before: str, after: str) -> bool:
    """Return whether a character stays in a name, of which `before` is what stayed so far."""
    kind = category(character)
    if kind in BREAKS:
        return False
    if character in (NON_JOINER, JOINER):
        return joins(character, before[-1:], after)
    if EMPTY.match(character):
        return selects(character, before[-1:])
    if kind == "Cf":
        return bool(DRAWN.match(character))
    if is_mark(character):
        return bool(before) and not before[-1].isspace() and marks_at_end(before) < MAX_MARKS
    return True


def joins(character: str, before: str, after: str) -> bool:
    """Return whether the letters or emoji on both sides of a joiner need it."""
    if is_joining(before):
        return character == JOINER or (is_joining(after) and not is_mark(after))
    return character == JOINER and (before == "\ufe0f" or is_symbol(before)) and is_symbol(after)


def is_joining(character: str) -> bool:
    """Return whether a character is a letter, or a mark on one, of a script in which letters join or stack."""
    return bool(JOINING.match(character)) and not EMPTY.match(character) and category(character)[0] in "LM"


def selects(character: str, before: str) -> bool:
    """Return whether a selector chooses the form of the character before it."""
    if character in PRESENTATION:
        return is_symbol(before) or before == "\u2139"
    return bool(SELECTED.match(before + character))


def is_symbol(character: str) -> bool:
    """Return whether a character is an emoji, another symbol or punctuation, outside of ASCII."""
    return not character.isascii() and not EMPTY.match(character) and category(character)[0] in "SP"


def is_mark(character: str) -> bool:
    """Return whether a character is drawn over, through or below the letter before it."""
    return category(character) in ("Mn", "Me") or combining(character) > 0


def marks_at_end(text: str) -> int:
    """Count the marks on the last letter of a text, also those before a joiner or a vowel sign beside the letter."""
    count = 0
    for character in reversed(text[-MAX_ON_A_LETTER:]):
        if is_mark(character):
            count += 1
        elif character not in (NON_JOINER, JOINER) and category(character) != "Mc":
            break
    return count
