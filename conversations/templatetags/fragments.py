"""Template tags for fragments of pages: messages, lines of the inbox, forms, menus."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, NamedTuple
from uuid import uuid4

from django import template
from django.utils.safestring import SafeString

from accounts.models.locale import Locale
from accounts.models.user.appearing import Appearance
from chatsite.speed.fragments import TOKEN_HOLE, fill, fill_page, hole, render, show, show_with
from conversations.forms.messages import BLANK, MessageForm, drafted
from conversations.fragments.appearances import appearance_in
from conversations.fragments.entries import show_entries
from conversations.fragments.message import show_message
from conversations.fragments.replies import show_replies
from conversations.fragments.timeline import show_messages
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
    """The author of the message to write, whether Enter sends it, and whether replies go to the conversation, too."""

    pk: int
    enter_sends: bool
    replies_in_conversation: bool


class HeadFields(NamedTuple):
    """The variables of the head of a conversation; `person` is the other one in a direct conversation."""

    pk: int
    name: str
    topic: str
    kind: str
    faces: tuple[Appearance, ...]
    person: Appearance | None
    member_count: int
    pin_count: int
    notify: str | None
    is_favourite: bool | None
    is_archived: bool
    has_settings: bool
    may_manage: bool


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
    return show_message(shown, prefix)


@register.simple_tag
def replies(first: Message, shown: Iterable[Message], first_unread: int | None = None) -> SafeString:
    """Show replies in the thread of `first`, with a line before `first_unread`."""
    return show_replies(shown, first, first_unread)


@register.simple_tag(takes_context=True)
def messages(
    context: dict[str, Any], shown: Iterable[Message], first_unread: int | None = None, grouped: bool = True
) -> SafeString:
    """Show messages in order, under the headings of their days, with the unread line before `first_unread`."""
    line = SafeString()
    if first_unread:
        line = cached(context, "conversation/_unread_line.html")
    return show_messages(shown, first_unread, line, grouped)


@register.simple_tag(takes_context=True)
def entries(context: dict[str, Any], shown: Iterable[Conversation], beside: str = "") -> SafeString:
    """Show the entries of conversations in the inbox, each with a checkbox."""
    conversation = context.get("conversation")
    return show_entries(shown, context["user"].pk, conversation and conversation.pk, beside=beside)


@register.simple_tag(takes_context=True)
def changed_entry(context: dict[str, Any], shown: Conversation) -> SafeString:
    """Show an entry as the server sends it to a page that is open: for the sidebar and for the inbox."""
    reader = context["user"].pk
    row = show_entries([shown], reader, template="inbox/_row.html")
    return SafeString(f"{row}\n{show_entries([shown], reader)}")


@register.simple_tag(takes_context=True)
def composer(context: dict[str, Any], first: Message | None = None) -> SafeString:
    """Show the form for messages, or for replies in the thread of `first`. Blank forms, nearly all, are cached."""
    conversation, user = context["conversation"], context["user"]
    form = form_of(context, is_for_thread=first is not None)
    shown = ComposerFields(
        ComposerConversation(conversation.pk, conversation.name),
        Writer(user.pk, user.enter_sends, first is not None and user.replies_in_conversation),
        First(first.pk) if first else None,
        BLANK_WITH_HOLE if form is BLANK else form,
        context.get("replying_to"),
        context.get("preview"),
        Draft(conversation.draft or "", conversation.draft_key).tag,
    )
    if shown.form is BLANK_WITH_HOLE and not shown.replying_to and not shown.preview:
        html = show("composer/_composer.html", shown, locale_of(context))
    else:
        html = render("composer/_composer.html", shown._asdict())
    return fill(html, {TOKEN_HOLE: token_of(context), KEY_HOLE: lambda: str(uuid4())})


def form_of(context: dict[str, Any], *, is_for_thread: bool) -> MessageForm:
    """Return the form of the page if it is that of the box, of the conversation or of the thread; else a new one."""
    form: MessageForm = context["form"]
    if form.is_for_thread == is_for_thread:
        return form
    return BLANK if is_for_thread else drafted(context["conversation"])


@register.simple_tag(takes_context=True)
def head(context: dict[str, Any]) -> SafeString:
    """Show the head of a conversation, as its page has found it."""
    conversation: Conversation = context["conversation"]
    shown = HeadFields(
        conversation.pk,
        conversation.name,
        conversation.topic,
        conversation.kind,
        tuple(map(appearance_in, conversation.faces)),
        appearance_in(conversation.face[0]) if conversation.face else None,
        conversation.member_count,
        conversation.pin_count,
        conversation.notify,
        conversation.is_favourite,
        conversation.archived_at is not None,
        context["has_settings"],
        context["may_manage"],
    )
    return fill_page(show("conversation/_head.html", shown, locale_of(context)), token_of(context))


@register.simple_tag(takes_context=True)
def cached(context: dict[str, Any], template: str, **variables: Hashable) -> SafeString:
    """Show a template that gets only these variables, rendered once for each combination of their values."""
    return fill_page(show_with(template, variables, locale_of(context)), token_of(context))


def locale_of(context: dict[str, Any]) -> Locale:
    return context.get("locale") or Locale.current()


def token_of(context: dict[str, Any]) -> Callable[[], str]:
    return lambda: str(context.get("csrf_token", ""))
