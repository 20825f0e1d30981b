"""What belongs to a message on a page besides its words, found in the one statement that finds the messages."""

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Count, Func, Min, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject, Left, NullIf

from accounts.models.people import shown_name
from conversations.models.attachment import Attachment
from conversations.models.counting import CappedCount
from conversations.models.pin import Pin
from conversations.models.reaction import Reaction

PREVIEW_CHARACTERS = 400  # of HTML, which is enough for one line
MOST_NAMED = 100  # of those who reacted alike


class FirstOf(Func):
    """The first elements of an array, as a page must not grow with a crowd."""

    template = f"(%(expressions)s)[1:{MOST_NAMED}]"


def preview() -> Coalesce:
    """Write the beginning of a message's HTML as SQL; `markdown.in_plain_words` makes a line of it."""
    return Left(Coalesce(NullIf("html", Value("")), "content"), PREVIEW_CHARACTERS)


class WithExtras(models.QuerySet):
    """Messages with what a page shows of them."""

    def with_extras(self) -> "WithExtras":
        """Add the sender, `answered`, `reply_count`, `reactions_shown`, `files` and `pinned`.

        Each is a subquery by an index, which PostgreSQL makes after the LIMIT, for the rows of the page alone, and of
        those for the few that have any.
        """
        return self.select_related("user").annotate(
            answered=self._answered(),
            reply_count=where_any(CappedCount(self.model.objects.not_deleted().filter(thread=OuterRef("pk")))),
            reactions_shown=where_any(reactions_shown()),
            files=where_any(files()),
            pinned=where_any(pinned()),
        )

    def _answered(self) -> Subquery:
        """What a reply answers, as {id, html, sender}; null where that is deleted."""
        answered = self.model.objects.not_deleted().filter(pk=OuterRef("reply_to_id"))
        return Subquery(answered.values(found=JSONObject(id="pk", html=preview(), sender=shown_name("user__"))))


def where_any(found: models.Expression) -> Case:
    return Case(When(has_extras=True, then=found), default=None)


def pinned() -> Subquery:
    """Who has pinned a message and why, as {by, reason}; null for most."""
    pin = Pin.objects.filter(message=OuterRef("pk"))
    return Subquery(pin.values(found=JSONObject(by=shown_name("pinned_by__"), reason="reason")))


def reactions_shown() -> ArraySubquery:
    """The emoji under a message in the order in which they came: {emoji, count, names, people}."""
    theirs = Reaction.objects.filter(message=OuterRef("pk")).values("emoji").annotate(first=Min("created_at"))
    names = ArrayAgg(shown_name("user__"), order_by="created_at")
    people = ArrayAgg("user_id", order_by="created_at")
    found = JSONObject(emoji="emoji", count=Count("*"), names=FirstOf(names), people=FirstOf(people))
    return ArraySubquery(theirs.order_by("first").values(found=found))


def files() -> ArraySubquery:
    """The attachments of a message in their order, as dicts of the fields that a page shows."""
    fields = ("name", "size", "content_type", "width", "height", "description")
    theirs = Attachment.objects.filter(message=OuterRef("pk")).order_by("position")
    return ArraySubquery(theirs.values(found=JSONObject(id="pk", **{name: name for name in fields})))
