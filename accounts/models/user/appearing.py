"""How a person appears beside their messages."""

import re
from typing import BinaryIO, NamedTuple

from django.db import transaction

from accounts.models import limits
from accounts.models.picture import Picture
from accounts.models.user.account import Account
from accounts.pictures import cleaning

AVATAR_COLOURS = 8
IN_BRACKETS = re.compile(r"[(\[{<（【][^)\]}>）】]*[)\]}>）】]?")  # pronouns, a team, a nickname
LETTER_OR_DIGIT = re.compile(r"[^\W_]")  # of any script


class Appearance(NamedTuple):
    """What is shown of a person beside their messages."""

    pk: int
    username: str
    name: str
    initials: str
    colour: int
    picture_digest: str


class Appearing(Account):
    """The avatar: a picture, else initials on a colour."""

    class Meta:
        abstract = True

    @property
    def initials(self) -> str:
        """The first letters of the first and the last word of the name, without what is in brackets."""
        return initials_of(IN_BRACKETS.sub(" ", self.name)) or initials_of(self.name) or initials_of(self.username)

    @property
    def colour(self) -> int:
        """The number of the avatar's colour, from 0 to AVATAR_COLOURS - 1."""
        return self.pk % AVATAR_COLOURS

    @property
    def appearance(self) -> Appearance:
        return Appearance(self.pk, self.username, self.name, self.initials, self.colour, self.picture_digest)

    def set_picture(self, file: BinaryIO) -> None:
        """Decode a picture of any allowed format and show it; raise NotAllowed, LimitReached or NoPicture.

        Each attempt counts towards the limit, as decoding is the expensive part.
        """
        self.refuse_deactivated()
        limits.take("upload", self)
        content = cleaning.shrink(file)
        with transaction.atomic():
            self.picture_digest = Picture.objects.store(self.pk, content)
            self.save(update_fields=["picture_digest"])

    def remove_picture(self) -> None:
        self.refuse_deactivated()
        limits.take("change", self)
        with transaction.atomic():
            Picture.objects.discard(self.pk)
            self.picture_digest = ""
            self.save(update_fields=["picture_digest"])


def initials_of(name: str) -> str:
    """Return the first letter or digit of the first and of the last word that has any; else an empty string."""
    words = re.split(r"[\s._]+", name)
    firsts = [found[0] for word in words if (found := LETTER_OR_DIGIT.search(word))]
    return "".join(firsts[:1] + firsts[1:][-1:]).upper()
