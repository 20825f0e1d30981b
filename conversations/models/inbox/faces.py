"""Faces: the avatars of some of the people in a conversation."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast, JSONObject

from conversations.models.conversation.membership import Membership


def faces(members: QuerySet[Membership], limit: int) -> ArraySubquery:
    """Return the first of these members as an array of JSON objects with the columns that an avatar depends on."""
    columns = {name: f"user__{name}" for name in ("username", "display_name", "picture_digest")}
    found = Cast(JSONObject(pk="user_id", **columns), TextField())
    return ArraySubquery(members.values(found=found)[:limit])
