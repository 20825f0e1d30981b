"""Browsing: the open conversations, by parts of their titles and topics, in several orders."""

from collections.abc import Sequence
from typing import Self

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, Concat, LPad
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from conversations.models.access import Kind
from conversations.models.counting import MEMBERS_CAP
from conversations.models.inbox.sidebar import Sidebar

PAGE_BROWSED = 50
DIGITS = 19  # of an id


class BrowseOrder(models.TextChoices):
    """In which order conversations are listed."""

    ACTIVITY = "", _("Recently active")
    NAME = "name", _("Title")
    MEMBERS = "members", _("Most members")
    NEWEST = "newest", _("Newest")


# Each ends with the id, as an order that can be paged has to be unique.
ORDERS = {
    BrowseOrder.ACTIVITY: ("-last_message_at", "-pk"),
    BrowseOrder.NEWEST: ("-created_at", "-pk"),
    BrowseOrder.NAME: ("position",),
    BrowseOrder.MEMBERS: ("-position",),
}


class Browsing(Sidebar):
    """Open conversations, to read and to join."""

    def to_browse(self, user: User, words: Sequence[str] = (), order: str = BrowseOrder.ACTIVITY) -> Self:
        """List the open conversations with all `words` in title or topic, as `user` sees them."""
        found = self.visible_to(user).filter(kind=Kind.OPEN).as_seen_by(user).with_member_count(MEMBERS_CAP)
        for word in words:
            found = found.filter(Q(title__folded__contains=word) | Q(topic__folded__contains=word))
        if order == BrowseOrder.NAME:
            folded = Func(F("title"), function="public.fold", output_field=models.TextField())
            pk = LPad(Cast("pk", models.TextField()), DIGITS, Value("0"))
            found = found.annotate(position=Concat(folded, Value(" "), pk, output_field=models.TextField()))
        elif order == BrowseOrder.MEMBERS:
            found = found.annotate(position=F("member_count") * 10**12 + F("pk"))
        return found.order_by(*ORDERS[BrowseOrder(order)])
