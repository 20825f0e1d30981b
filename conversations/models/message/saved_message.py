"""Saved messages: messages that people save for later, which only they see."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import NotAllowed, User, limits
from conversations.models.message.fields import MessageFields


class SavedMessageLookups(models.QuerySet):
    """Messages, by the people who have saved them."""

    def saved_by(self, user: User, *, done: bool) -> Self:
        """Select the messages that `user` has saved, done ones or not, the last saved first. Adds `saved_at`."""
        own = FilteredRelation("savings", condition=Q(savings__user=user))
        found = self.annotate(own=own, saved_at=F("own__saved_at")).filter(
            own__user=user, own__done_at__isnull=not done
        )
        return found.select_related("conversation").order_by("-saved_at", "-pk")


class SavedMessage(models.Model):
    """A message that somebody has saved, and perhaps marked as done."""

    pk = models.CompositePrimaryKey("user_id", "message_id")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_CASCADE, db_index=False, related_name="+")
    message = models.ForeignKey("conversations.Message", models.DB_CASCADE, related_name="savings")
    saved_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "saved_messages"

    def __str__(self) -> str:
        return f"{self.message_id} saved by {self.user_id}"


class Savable(MessageFields):
    """A message that people can save for themselves."""

    class Meta:
        abstract = True

    def save_for(self, by: User) -> None:
        """Save the message for `by`; if it was done, it is to do again. Raises NotAllowed and LimitReached."""
        limits.take("change", by)
        if not by.is_active or not self.conversation.messages.visible_to(by).filter(pk=self.pk).exists():
            raise NotAllowed(_("This message no longer exists."))
        saved = SavedMessage(user=by, message_id=self.pk, done_at=None)
        SavedMessage.objects.bulk_create(
            [saved], update_conflicts=True, update_fields=["done_at"], unique_fields=["user", "message"]
        )

    def unsave_for(self, by: User) -> None:
        """Undo `save_for`, even if `by` can no longer see the message. Raises NotAllowed and LimitReached."""
        by.refuse_deactivated()
        limits.take("change", by)
        SavedMessage.objects.filter(user=by, message=self.pk).delete()

    def mark_done_for(self, by: User) -> None:
        """Mark the message that `by` has saved as done. Raises NotAllowed and LimitReached."""
        by.refuse_deactivated()
        limits.take("change", by)
        SavedMessage.objects.filter(user=by, message=self.pk, done_at__isnull=True).update(done_at=Now())
