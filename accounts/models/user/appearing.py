"""How a person appears beside their messages."""

from typing import BinaryIO, NamedTuple

from django.db import transaction

from accounts.models import limits
from accounts.models.picture import Picture
from accounts.models.user.account import Account
from accounts.pictures import cleaning

AVATAR_COLOURS = 8


class Appearance(NamedTuple):
    """What is shown of a person beside their messages."""

    pk: int
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
        """The first letters of the first and the last word of the name."""
        words = self.name.replace(".", " ").replace("_", " ").split() or [self.username]
        letters = [words[0][0], words[-1][0]] if len(words) > 1 else [words[0][0]]
        return "".join(letters).upper()

    @property
    def colour(self) -> int:
        """The number of the avatar's colour, from 0 to AVATAR_COLOURS - 1."""
        return self.pk % AVATAR_COLOURS

    @property
    def appearance(self) -> Appearance:
        return Appearance(self.pk, self.name, self.initials, self.colour, self.picture_digest)

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
