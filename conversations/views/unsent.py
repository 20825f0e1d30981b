"""Words that somebody sent after their session had ended: kept while they sign in, then back in their box."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from conversations.forms.messages import BLANK, MessageForm, TextForm
from conversations.models import Conversation

KEY = "unsent"
MOST = 10
LONGEST = 100_000  # characters of one: what is too long for a message comes back to be made shorter
FIELDS = ("content", "reply_to", "quote")
NOBODY = 0


def signed(user: User) -> str:
    """Sign who gets a form, as nobody can tell any more when it comes without a session."""
    return Signer(salt=KEY).sign(str(user.pk))


def keep(request: HttpRequest, address: str, form: TextForm) -> HttpResponse:
    """Remember the words of a form in the browser's session, and lead to signing in and back to their `address`."""
    if form.is_valid() and form.files:
        messages.info(request, _("Files could not be kept: choose them again."))
    words = {name: form.data.get(name, "") for name in FIELDS}
    if words["content"].strip() and sum(map(len, words.values())) <= LONGEST:
        words["client_key"] = str(form.cleaned_data.get("client_key") or uuid4())
        others = {key: each for key, each in request.session.get(KEY, {}).items() if key != address}
        newest = [*others.items(), (address, {"writer": writer_of(request), "words": words})][-MOST:]
        request.session[KEY] = dict(newest)
    return redirect_to_login(address)


def writer_of(request: HttpRequest) -> int | None:
    """Tell whose form this was; None for one that is not of our pages, as these all say it."""
    if "writer" not in request.POST:
        return None
    try:
        return int(Signer(salt=KEY).unsign(request.POST["writer"]))
    except BadSignature:
        return NOBODY


def words_for(request: HttpRequest, address: str) -> dict[str, str] | None:
    """Give the words that were kept for an address to who wrote them, and to nobody else who signs in there.

    Where the form did not say who that is, they belong to the first who asks for them, as who sends a form of their
    own making signs in next; to nobody after them.
    """
    kept = request.session.get(KEY, {}).get(address)
    if kept and kept["writer"] is None:
        kept["writer"], request.session.modified = request.user.pk, True
    return kept["words"] if kept and kept["writer"] == request.user.pk else None


def form_for(request: HttpRequest, conversation: Conversation) -> MessageForm:
    """Give a form with the words that were kept or the draft, whose key makes sending them twice harmless; or BLANK."""
    if words := words_for(request, reverse("conversation", args=[conversation.pk])):
        return MessageForm(words)
    draft = {"content": conversation.draft, "client_key": conversation.draft_key}
    return MessageForm(initial=draft) if conversation.draft else BLANK


def forget(request: HttpRequest, address: str) -> None:
    """Let go of the words that were kept for an address, as they are sent now."""
    if words_for(request, address):
        del request.session[KEY][address]
        request.session.modified = True
