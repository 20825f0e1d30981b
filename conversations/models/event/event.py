"""Events: what people did with a conversation. Each is shown as a system message, in the language of its reader."""

from django.conf import settings
from django.db import models


class Verb(models.TextChoices):
    """What somebody did."""

    RENAMED = "renamed"  # particulars: `title`, `topic` or both, each as {"old": …, "new": …}
    OPENED = "opened"
    CLOSED = "closed"
    ARCHIVED = "archived"
    UNARCHIVED = "unarchived"
    ROLE_CHANGED = "role changed"  # particulars: the id of a `person`, and their `role` as {"old": …, "new": …}
    REMOVED = "removed"  # particulars: the id of a `person`
    RESTORED = "restored"  # particulars: the id of a `person`
    JOINED = "joined"  # particulars: the ids of the latest `people`, and the `count` of all; there is no actor
    ASKED_TO_REJOIN = "asked to rejoin"
    READMITTED = "readmitted"  # particulars: the id of a `person`
    HISTORY_LIMITED = "history limited"
    HISTORY_UNLIMITED = "history unlimited"
    FORGOTTEN = "forgotten"  # a sentence of release 0.1 that named a person whose account is removed


def change(old: str, new: str) -> dict[str, str]:
    """Return the change of a value in the form that particulars use."""
    return {"old": old, "new": new}


class Event(models.Model):
    """Something that somebody did with a conversation, with the `particulars` of its verb.

    The actor is None once their account is removed. An `old` value is missing where release 0.1 did not store it.
    """

    conversation = models.ForeignKey(
        "conversations.Conversation", models.DB_CASCADE, db_index=False, related_name="events"
    )
    message = models.OneToOneField("conversations.Message", models.DB_CASCADE, related_name="event")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.DB_SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=20, choices=Verb)
    particulars = models.JSONField(default=dict)
    revision = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))

    class Meta:
        db_table = "events"
        indexes = [models.Index(fields=["conversation", "revision"], name="events_of_conversation")]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.verb} {self.conversation_id}"
