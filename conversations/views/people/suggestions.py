"""What <chip-picker> suggests while somebody types: people, or conversations to invite to."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from conversations.forms.conversations import AddPeopleForm, NewConversationForm
from conversations.forms.invitations import DefaultConversationsForm, InvitationForm
from conversations.forms.picking import words_of
from conversations.search.forms import NarrowForm
from conversations.views.finding import find_conversation, parse_id


@require_safe
def people(request):
    """Suggest people whose names match `?q=`; with `?conversation=`, only those who are not members of it."""
    pk = parse_id(request.GET.get("conversation", ""))
    if pk:
        form = AddPeopleForm(conversation=find_conversation(request, pk), by=request.user)
        return show(request, form.fields["people"])
    return show(request, NewConversationForm(by=request.user).fields["people"])


@require_safe
def to_search_for(request):
    """Suggest authors of messages, also the reader and people who have left."""
    return show(request, NarrowForm(by=request.user).fields["sender"])


@require_safe
def to_invite_to(request):
    """Suggest conversations to which the reader may invite people."""
    return show(request, InvitationForm(by=request.user, sends_mail=False).fields["conversations"])


@require_safe
def defaults(request):
    """Suggest conversations that newcomers could join."""
    return show(request, DefaultConversationsForm(by=request.user).fields["conversations"])


def show(request, field):
    found = field.offered(words_of(request.GET.get("q", "")))
    rows = field.widget.rows(found)
    return render(request, "people/_suggestions.html", {"suggestions": rows, "row_template": field.row_template})
