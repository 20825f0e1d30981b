"""Pins: messages that a conversation keeps at hand for all its members."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from accounts.models import User
    from conversations.models import Conversation, Message

MOST_PINS = 100  # in one conversation


class PinnedMessages(models.QuerySet):
    """Messages, by whether they are pinned."""

    def pinned_in(self, conversation: "Conversation") -> "PinnedMessages":
        """Keep the messages that are pinned in a conversation, the last pin first. Adds `pinned_at`."""
        found = self.filter(pin__conversation=conversation).annotate(pinned_at=F("pin__pinned_at"))
        return found.select_related("pin").order_by("-pinned_at", "-pk")


class PinQuerySet(models.QuerySet):
    """Pins, and the verbs that make and remove them."""

    def pin(self, user: "User", message: "Message", reason: str = "") -> None:
        """Keep a message at hand, and say why; pinned again it has another reason, if one is given.

        Raises PermissionDenied.
        """
        with message.changing_by(user) as revision:
            others = self.filter(conversation=message.conversation_id).exclude(message=message)
            if others.count() >= MOST_PINS:
                raise PermissionDenied(_("%(most)d messages are pinned here: unpin one first.") % {"most": MOST_PINS})
            fields = {"conversation_id": message.conversation_id, "pinned_by": user, "reason": reason}
            keep = self.update_or_create if reason else self.get_or_create
            keep(message=message, defaults=fields)
            message.show_anew(revision, has_extras=True)

    def unpin(self, user: "User", message: "Message") -> None:
        with message.changing_by(user) as revision:
            self.filter(message=message).delete()
            message.show_anew(revision)


class Pin(models.Model):
    """One message that is pinned in its conversation, with who did that and why."""

    message = models.OneToOneField("conversations.Message", models.DB_CASCADE, primary_key=True, related_name="pin")
    conversation = models.ForeignKey(
        "conversations.Conversation", models.DB_CASCADE, db_index=False, related_name="pins"
    )
    pinned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=250, blank=True, db_default="", default="")
    pinned_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))

    objects = PinQuerySet.as_manager()

    class Meta:
        db_table = "pins"
        indexes = [models.Index(fields=["conversation", "-pinned_at"], name="pins_of_conversation")]

    def __str__(self) -> str:
        return f"pin of {self.message_id}"
