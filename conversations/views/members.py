"""Members of a conversation: see them, add some."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.text import get_text_list

from conversations.forms.people import AddPeopleForm
from conversations.views.finding import find_conversation


def members(request, pk):
    conversation = find_conversation(request, pk)
    form = AddPeopleForm(request.POST or None, conversation=conversation, by=request.user)
    if form.is_valid():
        people = form.cleaned_data["people"]
        conversation.add(request.user, people)
        names = get_text_list([person.name for person in people], "and")
        messages.success(request, f"{names} can now read and write here.")
        return redirect("members", pk)
    memberships = conversation.memberships.select_related("user").with_names()
    context = {"conversation": conversation, "memberships": memberships, "form": form}
    return render(request, "conversations/members.html", context)
