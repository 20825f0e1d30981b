"""Reactions: an emoji that somebody puts under a message."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import NotAllowed, User, limits
from accounts.models.people import shown_name
from chatsite.speed.keyset import Keyset
from conversations.models.message.fields import MessageFields
from conversations.text.shortcodes import emoji_of

QUICK = ("👍", "❤️", "😂", "🎉", "😮", "😢", "🙏", "✅")  # offered beside the picker
MAX_KINDS = 50  # of emoji under one message


class ReactionQuerySet(Keyset):
    """Reactions to messages; their cursors are (emoji, id of the person)."""

    def by_emoji(self) -> Self:
        """List the reactions to a message; adds `name`, the name of each person."""
        return self.annotate(name=shown_name("user__")).order_by("emoji", "user_id")

    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def beyond(self, cursor: tuple[str, int] | None) -> Self:
        if cursor is None:
            return self.all()
        emoji, user = cursor
        return self.filter(emoji__gte=emoji).exclude(emoji=emoji, user_id__lte=user)

    def cursor_after(self, row: "Reaction") -> tuple[str, int]:
        return row.emoji, row.user_id


class Reaction(models.Model):
    """One emoji of one person under one message; the key makes it unique."""

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


class Reactable(MessageFields):
    """A message to which people can react."""

    class Meta:
        abstract = True

    def react(self, by: User, word: str) -> None:
        """Put an emoji under the message, once; `word` is the emoji or its :shortcode:.

        Raises NotAllowed and LimitReached.
        """
        limits.take("change", by)
        found = read_emoji(word)
        with self.changing_by(by) as revision:
            kinds = set(Reaction.objects.filter(message=self.pk).values_list("emoji", flat=True))
            if found not in kinds and len(kinds) >= MAX_KINDS:
                words = _("This message already has %(most)d different emoji, the most it can have.")
                raise NotAllowed(words % {"most": MAX_KINDS})
            reaction = Reaction(message_id=self.pk, user=by, emoji=found)
            Reaction.objects.bulk_create([reaction], ignore_conflicts=True)
            self.show_with_extras(revision)

    def unreact(self, by: User, word: str) -> None:
        """Remove the emoji that `by` has put under the message; raises NotAllowed and LimitReached."""
        limits.take("change", by)
        with self.changing_by(by) as revision:
            Reaction.objects.filter(message=self.pk, user=by, emoji=read_emoji(word)).delete()
            self.show_again(revision)


def read_emoji(word: str) -> str:
    """Read an emoji, or its :shortcode:; raises NotAllowed for anything else."""
    if found := emoji_of(word.strip()):
        return found
    raise NotAllowed(_("React with one emoji, or its name, for example :tada:."))
