"""Editing messages: other words in their place, and the earlier ones kept."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from conversations.models.message.mention import Mention, mentionable_names
from conversations.text import markdown

if TYPE_CHECKING:
    from conversations.models.message.message import Message, MessageQuerySet


def edit(message: "Message", by: User, content: str) -> None:
    """Replace the words of a message; see `Message.edit_by`."""
    if content == message.content and written_by(message, by).exists():
        return
    # Not while others wait for the lock of the conversation: hostile words may take a while.
    html = markdown.render(content, mentionable_names(message.conversation, content, by))
    with message.conversation.changing() as revision:
        message.conversation.allow_writing(by)
        mine = written_by(message, by).not_deleted()
        before = mine.values("content", "html").first()
        if before is None:
            raise PermissionDenied(_("Only who wrote a message can edit it."))
        message.earlier_texts.create(**before)
        message.content, message.html = content, html
        mine.update(content=content, html=html, edited_at=Now(), revision=revision)
        Mention.objects.record(message)
        message.conversation.touch(message.shown_in())


def written_by(message: "Message", user: User) -> "MessageQuerySet":
    return type(message).objects.filter(pk=message.pk, user=user, is_system=False)
