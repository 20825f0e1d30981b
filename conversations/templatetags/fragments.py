"""Fragments on pages: messages, lines of inboxes, forms, menus."""

from collections.abc import Hashable, Iterable
from typing import Any
from uuid import uuid4

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from conversations import fragments
from conversations.forms.messages import MessageForm
from conversations.fragments import KEY_HOLE, TOKEN_HOLE
from conversations.models import Conversation, Message

register = template.Library()


@register.simple_tag
def message(shown: Message, prefix: str = "m") -> SafeString:
    """Show one message."""
    return fragments.show_message(shown, prefix)


@register.simple_tag(takes_context=True)
def messages(context: dict[str, Any], shown: Iterable[Message], first_unread: int | None = None) -> SafeString:
    """Show messages in their order under their days; the line of the new ones goes before `first_unread`."""
    unread = fragments.render("_unread.html", conversation=context["conversation"]) if first_unread else SafeString()
    return fragments.show_messages(shown, first_unread, unread)


@register.simple_tag
def entry(shown: Conversation, open_one: int | None = None) -> SafeString:
    """Show the line of a conversation in the inbox."""
    return fragments.show_entry(shown, shown.pk == open_one)


@register.simple_tag(takes_context=True)
def composer(context: dict[str, Any], first: Message | None = None) -> SafeString:
    """Show the form for messages, or with `first` that of its thread. Nearly all are blank, and these are kept."""
    shown = {name: context.get(name) for name in ("conversation", "user", "answering", "preview")} | {"first": first}
    token, form = str(context["csrf_token"]), context["form"]
    if form.is_bound or form.initial or shown["answering"] or shown["preview"]:
        return fragments.render("_composer.html", csrf_token=token, form=form, **shown)
    blank = MessageForm(initial={"client_key": KEY_HOLE})
    conversation, user = shown["conversation"], shown["user"]
    html = fragments.kept.get(
        ("composer", get_language(), conversation.pk, conversation.name, user.pk, user.enter_sends, first and first.pk),
        lambda: fragments.render("_composer.html", csrf_token=TOKEN_HOLE, form=blank, **shown),
    )
    return fragments.fill(html, {TOKEN_HOLE: token, KEY_HOLE: str(uuid4())})


@register.simple_tag(takes_context=True)
def kept(context: dict[str, Any], template: str, **shown: Hashable) -> SafeString:
    """Show a template to which nothing is known but what is `shown`: it is rendered once for each of that."""
    return fragments.show_template(template, str(context["csrf_token"]), shown)
