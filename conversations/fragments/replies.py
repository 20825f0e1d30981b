"""The replies of a thread, as its panel and the list of threads show them."""

from collections.abc import Iterable

from django.utils.safestring import SafeString

from accounts.models.locale import Locale
from chatsite.speed.fragments import render
from conversations.fragments.days import Day, show_day
from conversations.fragments.message import show_message
from conversations.fragments.timeline import continues_previous
from conversations.models import Message


def show_replies(replies: Iterable[Message], first: Message, first_unread: int | None) -> SafeString:
    """Render replies for their thread, with a heading for each day other than the one before, and the unread line."""
    to, before, html = Locale.current(), first, []
    for reply in replies:
        day, is_first_unread = Day.of(reply.created_at), reply.pk == first_unread
        is_new_day = not day.begins <= before.created_at < day.ends
        if is_new_day:
            html.append(show_day(reply.conversation_id, day.date, to))
        if is_first_unread:
            html.append(render("message/_new_replies.html", {}))
        is_adjacent = before is not first and not (is_new_day or is_first_unread)
        html.append(show_message(reply, "t", is_adjacent and continues_previous(reply, before, in_thread=True), to))
        before = reply
    return SafeString("\n".join(html))
