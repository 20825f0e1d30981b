"""Saved messages: what somebody wants to come back to, for their eyes alone."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from accounts.models import User
    from conversations.models import Message


class SavedMessageLookups(models.QuerySet):
    """Messages, by who has saved them."""

    def saved_by(self, user: "User", *, done: bool) -> "SavedMessageLookups":
        """Keep the messages that `user` has saved, done ones or not, the last saved first. Adds `saved_at`."""
        own = FilteredRelation("savings", condition=Q(savings__user=user))
        found = self.annotate(own=own, saved_at=F("own__saved_at")).filter(
            own__user=user, own__done_at__isnull=not done
        )
        return found.select_related("conversation").order_by("-saved_at", "-pk")


class SavedMessageQuerySet(models.QuerySet):
    """Saved messages, and what one does with them."""

    def save_for(self, user: "User", message: "Message") -> None:
        """Save a message; one that was done needs somebody again."""
        self.update_or_create(user=user, message=message, defaults={"done_at": None})

    def unsave(self, user: "User", message: "Message") -> None:
        self.filter(user=user, message=message).delete()

    def mark_done(self, user: "User", message: "Message") -> None:
        self.filter(user=user, message=message, done_at__isnull=True).update(done_at=Now())


class SavedMessage(models.Model):
    """One message that somebody has saved; done once it needs them no more."""

    pk = models.CompositePrimaryKey("user_id", "message_id")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, db_index=False, related_name="+")
    message = models.ForeignKey("conversations.Message", models.DB_CASCADE, related_name="savings")
    saved_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))
    done_at = models.DateTimeField(null=True)

    objects = SavedMessageQuerySet.as_manager()

    class Meta:
        db_table = "saved_messages"

    def __str__(self) -> str:
        return f"{self.message_id} saved by {self.user_id}"
