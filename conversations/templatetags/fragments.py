"""Template tags for fragments of pages: messages, lines of the inbox, forms, menus."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, NamedTuple
from uuid import uuid4

from django import template
from django.utils.safestring import SafeString

from accounts.models.locale import Locale
from chatsite.speed.fragments import TOKEN_HOLE, fill, fill_page, hole, render, show, show_with
from conversations import fragments
from conversations.forms.messages import BLANK, MessageForm
from conversations.models import Conversation, Message
from conversations.text.drafts import Draft

register = template.Library()
KEY_HOLE = hole()
BLANK_WITH_HOLE = MessageForm(initial={"client_key": KEY_HOLE})


class ComposerConversation(NamedTuple):
    """The conversation that a form posts to."""

    pk: int
    name: str


class Writer(NamedTuple):
    """The author of the message to write, and whether Enter sends it."""

    pk: int
    enter_sends: bool


class First(NamedTuple):
    """The first message of a thread."""

    pk: int


class ComposerFields(NamedTuple):
    """The variables of the form for messages; with `replying_to` or `preview`, it is not cached.

    `draft_tag` says which draft of the server the page knows: '' where it knows of none, as most do.
    """

    conversation: ComposerConversation
    user: Writer
    first: First | None
    form: MessageForm
    replying_to: Message | None
    preview: Message | None
    draft_tag: str


@register.simple_tag
def message(shown: Message, prefix: str = "m") -> SafeString:
    """Show a message."""
    return fragments.show_message(shown, prefix)


@register.simple_tag(takes_context=True)
def messages(
    context: dict[str, Any], shown: Iterable[Message], first_unread: int | None = None, grouped: bool = True
) -> SafeString:
    """Show messages in order, under the headings of their days, with the unread line before `first_unread`."""
    line = SafeString()
    if first_unread:
        conversation = context["conversation"]
        unread = {"unread": conversation.unread_label, "since": conversation.last_read_at}
        line = cached(context, "conversation/_unread_line.html", **unread)
    return fragments.show_messages(shown, first_unread, line, grouped)


@register.simple_tag
def selectable_entries(shown: Iterable[Conversation]) -> SafeString:
    """Show the lines of conversations in the inbox, each with a checkbox."""
    return fragments.show_entries(shown, template="inbox/_selectable_entry.html")


@register.simple_tag
def entry(shown: Conversation) -> SafeString:
    """Show the line of a conversation in the inbox."""
    return fragments.show_entries([shown])


@register.simple_tag(takes_context=True)
def composer(context: dict[str, Any], first: Message | None = None) -> SafeString:
    """Show the form for messages, or for replies in the thread of `first`. Blank forms, nearly all, are cached."""
    conversation, user = context["conversation"], context["user"]
    shown = ComposerFields(
        ComposerConversation(conversation.pk, conversation.name),
        Writer(user.pk, user.enter_sends),
        First(first.pk) if first else None,
        BLANK_WITH_HOLE if context["form"] is BLANK else context["form"],
        context.get("replying_to"),
        context.get("preview"),
        Draft(conversation.draft or "", conversation.draft_key).tag,
    )
    if shown.form is BLANK_WITH_HOLE and not shown.replying_to and not shown.preview:
        html = show("composer/_composer.html", shown, locale_of(context))
    else:
        html = render("composer/_composer.html", shown._asdict())
    return fill(html, {TOKEN_HOLE: token_of(context), KEY_HOLE: lambda: str(uuid4())})


@register.simple_tag(takes_context=True)
def cached(context: dict[str, Any], template: str, **variables: Hashable) -> SafeString:
    """Show a template that gets only these variables, rendered once for each combination of their values."""
    return fill_page(show_with(template, variables, locale_of(context)), token_of(context))


def locale_of(context: dict[str, Any]) -> Locale:
    return context.get("locale") or Locale.current()


def token_of(context: dict[str, Any]) -> Callable[[], str]:
    return lambda: str(context.get("csrf_token", ""))
