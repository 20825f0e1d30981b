"""Words that somebody sent after their session had ended: kept while they sign in, then back in the box."""

from django.contrib import messages
from django.http import HttpRequest

from conversations.forms.messages import MessageForm
from conversations.models import Conversation

KEY = "unsent"


def keep(request: HttpRequest, pk: int, form: MessageForm) -> None:
    """Remember a message for conversation `pk` in the browser's session, if it is one that could be sent."""
    if form.is_valid() and form.files:
        messages.info(request, "Files could not be kept: choose them again.")
    if form.is_valid():
        request.session[KEY] = {"conversation": pk, "content": form.data["content"], "key": form.data["client_key"]}


def form_for(request: HttpRequest, conversation: Conversation) -> MessageForm:
    """Give a form with the words that were kept, else with the draft; their key makes sending them twice harmless."""
    kept = request.session.get(KEY)
    if not kept or kept["conversation"] != conversation.pk:
        draft = {"content": conversation.draft, "client_key": conversation.draft_key}
        return MessageForm(initial=draft if conversation.draft else {})
    return MessageForm(initial={"content": kept["content"], "client_key": kept["key"]})


def forget(request: HttpRequest, pk: int) -> None:
    """Let go of what was kept for conversation `pk`, as it is sent now."""
    if request.session.get(KEY, {}).get("conversation") == pk:
        del request.session[KEY]
