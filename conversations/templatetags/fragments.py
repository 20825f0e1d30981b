"""Fragments on pages: messages, lines of inboxes, forms, menus."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any
from uuid import uuid4

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.models.locale import Locale
from conversations import fragments
from conversations.forms.messages import BLANK
from conversations.fragments import KEY_HOLE, TOKEN_HOLE
from conversations.models import Conversation, Message

register = template.Library()


@register.simple_tag
def message(shown: Message, prefix: str = "m") -> SafeString:
    """Show one message."""
    return fragments.show_message(shown, prefix)


@register.simple_tag(takes_context=True)
def messages(
    context: dict[str, Any], shown: Iterable[Message], first_unread: int | None = None, grouped: bool = True
) -> SafeString:
    """Show messages in their order under their days; the line of the new ones goes before `first_unread`."""
    line = SafeString()
    if first_unread:
        place = context["conversation"]
        unread = {"unread": place.unread_label, "since": place.last_read_at}
        line = cached(context, "conversation/_unread_line.html", **unread)
    return fragments.show_messages(shown, first_unread, line, grouped)


@register.simple_tag
def selectable_entries(shown: Iterable[Conversation]) -> SafeString:
    """Show the lines of conversations in the inbox, each with a checkbox."""
    return fragments.show_entries(shown, template="inbox/_selectable_entry.html")


@register.simple_tag
def entry(shown: Conversation) -> SafeString:
    """Show the line of one conversation."""
    return fragments.show_entries([shown])


@register.simple_tag(takes_context=True)
def composer(context: dict[str, Any], first: Message | None = None) -> SafeString:
    """Show the form for messages, or with `first` that of its thread. Nearly all are blank, and these are kept."""
    shown = {name: context.get(name) for name in ("conversation", "user", "replying_to", "preview")} | {"first": first}
    conversation, user, form = shown["conversation"], shown["user"], context["form"]

    def make() -> SafeString:
        return fragments.render("composer/_composer.html", csrf_token=TOKEN_HOLE, form=form, **shown)

    if form is BLANK and not shown["replying_to"] and not shown["preview"]:
        key = (
            "composer",
            get_language(),
            conversation.pk,
            conversation.name,
            user.pk,
            user.enter_sends,
            first and first.pk,
        )
        html = fragments.cache.get(key, make)
    else:
        html = make()
    return fragments.fill(html, {TOKEN_HOLE: token_of(context), KEY_HOLE: lambda: str(uuid4())})


@register.simple_tag(takes_context=True)
def cached(context: dict[str, Any], template: str, **shown: Hashable) -> SafeString:
    """Show a template to which nothing is known but what is `shown`: it is rendered once for each of that."""
    return fragments.show_template(template, token_of(context), context.get("locale") or Locale.current(), shown)


def token_of(context: dict[str, Any]) -> Callable[[], str]:
    return lambda: str(context.get("csrf_token", ""))
