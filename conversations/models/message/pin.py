"""Pins: messages shown at the top of a conversation."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import NotAllowed, User, limits
from accounts.models.user.name import NameField
from conversations.models.message.fields import MessageFields

MAX_PINS = 100  # in one conversation


class PinnedMessages(models.QuerySet):
    """Messages, by whether they are pinned."""

    def pinned(self) -> Self:
        """Select the pinned messages, the last pin first. Adds `pinned_at`."""
        found = self.filter(pin__isnull=False).annotate(pinned_at=F("pin__pinned_at"))
        return found.order_by("-pinned_at", "-pk")


class Pin(models.Model):
    """A message pinned in its conversation, with the person who pinned it and the reason."""

    # Named `pinning`, as `pin` is a verb of messages.
    message = models.OneToOneField(
        "conversations.Message",
        models.DB_CASCADE,
        primary_key=True,
        related_name="pinning",
        related_query_name="pin",
    )
    conversation = models.ForeignKey(
        "conversations.Conversation", models.DB_CASCADE, db_index=False, related_name="pins"
    )
    pinned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_SET_NULL, null=True, related_name="+")
    reason = NameField(max_length=250, blank=True, db_default="", default="")
    pinned_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))

    class Meta:
        db_table = "pins"
        indexes = [models.Index(fields=["conversation", "-pinned_at"], name="pins_of_conversation")]

    def __str__(self) -> str:
        return f"pin of {self.message_id}"


class Pinnable(MessageFields):
    """A message that can be pinned in its conversation."""

    class Meta:
        abstract = True

    def pin(self, by: User, reason: str = "") -> None:
        """Pin the message with a reason; if it is already pinned, replace the reason, if a new one is given.

        Raises NotAllowed and LimitReached.
        """
        limits.take("change", by)
        with self.changing_by(by) as revision:
            others = Pin.objects.filter(conversation=self.conversation_id).exclude(message=self.pk)
            if others.count() >= MAX_PINS:
                raise NotAllowed(_("%(most)d messages are already pinned here. Unpin one first.") % {"most": MAX_PINS})
            columns = {"conversation_id": self.conversation_id, "pinned_by": by, "reason": reason}
            save = Pin.objects.update_or_create if reason else Pin.objects.get_or_create
            save(message_id=self.pk, defaults=columns)
            self.show_with_extras(revision)

    def unpin(self, by: User) -> None:
        """Remove the pin; raises NotAllowed and LimitReached."""
        limits.take("change", by)
        with self.changing_by(by) as revision:
            Pin.objects.filter(message=self.pk).delete()
            self.show_again(revision)
