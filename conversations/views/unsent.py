"""Text sent after the session had ended: carried through signing in by its author, then restored to its form."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.unsent import KEY, Unsent
from accounts.views.sign_in import show_sign_in
from conversations.forms.messages import MessageForm, TextForm, drafted
from conversations.models import Conversation
from conversations.views.showing import updates_in_place

FIELDS = ("content", "reply_to", "quote", "in_thread", "in_conversation")
NOBODY = 0  # the author of a form whose signature is wrong


def signed(user: User) -> str:
    """Sign the id of the user that a form is for: without a session, nothing else identifies its author."""
    return Signer(salt=KEY).sign(str(user.pk))


def carry(request: HttpRequest, address: str, form: TextForm) -> HttpResponse:
    """Show the page to sign in, whose forms carry the text of `form`, and which leads back to `address`.

    Our script stores the text in the browser.
    """
    words = {name: form.data.get(name, "") for name in FIELDS}
    if updates_in_place(request) or not words["content"].strip():
        return redirect_to_login(address)
    if form.is_valid() and form.files:
        messages.info(request, _("Your files were not saved. Choose them again."))
    words["client_key"] = str(form.cleaned_data.get("client_key") or uuid4())
    return show_sign_in(request, Unsent(address, writer_of(request), words))


def writer_of(request: HttpRequest) -> int | None:
    """Return the id of the user that a form was for; None if it names nobody, so it is not from our pages."""
    if "writer" not in request.POST:
        return None
    try:
        return int(Signer(salt=KEY).unsign(request.POST["writer"]))
    except BadSignature:
        return NOBODY


def words_for(request: HttpRequest, address: str) -> dict[str, str] | None:
    """Return the text stored for an address, but only to its author: somebody else may have signed in since.

    Text from a form that named no author belongs to the first person who requests it, and to nobody after them.
    """
    stored = request.session.get(KEY, {}).get(address)
    if stored and stored["writer"] is None:
        stored["writer"] = request.user.pk
        request.session.modified = True
    return stored["words"] if stored and stored["writer"] == request.user.pk else None


def form_for(request: HttpRequest, conversation: Conversation) -> MessageForm:
    """Return a form with the stored text, else the draft, whose key makes posting it twice harmless; else BLANK."""
    if words := words_for(request, reverse("conversation", args=[conversation.pk])):
        return MessageForm(words)
    return drafted(conversation)


def discard(request: HttpRequest, address: str) -> None:
    """Remove the text stored for an address, after it was sent."""
    if words_for(request, address):
        del request.session[KEY][address]
        request.session.modified = True
