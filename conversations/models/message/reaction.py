"""Reactions: an emoji that somebody puts under a message."""

from typing import TYPE_CHECKING

import emoji
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext as _

from accounts.models.people import shown_name

if TYPE_CHECKING:
    from accounts.models import User
    from conversations.models import Message

IN_COLOUR = "\N{VARIATION SELECTOR-16}"
QUICK = ("👍", "❤️", "😂", "🎉", "😮", "😢", "🙏", "✅")  # those at hand
MOST_KINDS = 50  # of emoji under one message


class ReactionQuerySet(models.QuerySet):
    """Reactions, and the verbs that put them there and take them away."""

    def react(self, user: "User", message: "Message", word: str) -> None:
        """Put an emoji under a message, once; `word` is it or its :shortcode:. Raises PermissionDenied."""
        found = read_emoji(word)
        with message.changing_by(user) as revision:
            theirs = self.filter(message=message)
            kinds = set(theirs.values_list("emoji", flat=True))
            if found not in kinds and len(kinds) >= MOST_KINDS:
                words = _("There are %(most)d different emoji under this message, which is enough.")
                raise PermissionDenied(words % {"most": MOST_KINDS})
            self.bulk_create([self.model(message=message, user=user, emoji=found)], ignore_conflicts=True)
            message.show_anew(revision, has_extras=True)

    def unreact(self, user: "User", message: "Message", word: str) -> None:
        """Take one's emoji away again."""
        with message.changing_by(user) as revision:
            self.filter(message=message, user=user, emoji=read_emoji(word)).delete()
            message.show_anew(revision)

    def in_order(self) -> "ReactionQuerySet":
        """Add `name`, how each person is called; the first reaction first."""
        return self.select_related("user").annotate(name=shown_name("user__")).order_by("created_at")


def read_emoji(word: str) -> str:
    """Read an emoji, or its :shortcode:; raise PermissionDenied for what is none."""
    found = emoji.emojize(word.strip(), language="alias")
    in_colour = found.removesuffix(IN_COLOUR) + IN_COLOUR  # the same emoji, where it is also a sign of text
    for same in (in_colour, found):
        if emoji.is_emoji(same):
            return same
    raise PermissionDenied(_("React with one emoji, or its name as :tada:."))


class Reaction(models.Model):
    """One emoji of one person under one message; the key sees to it that it is one."""

    pk = models.CompositePrimaryKey("message_id", "emoji", "user_id")
    message = models.ForeignKey("conversations.Message", models.DB_CASCADE, db_index=False, related_name="reactions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, related_name="+")
    emoji = models.CharField(max_length=40)
    created_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))

    objects = ReactionQuerySet.as_manager()

    class Meta:
        db_table = "message_reactions"

    def __str__(self) -> str:
        return self.emoji
