"""Which conversations newcomers join, for owners and admins."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from conversations.forms.invitations import DefaultConversationsForm
from conversations.views.telling import tell


def newcomers(request):
    form = DefaultConversationsForm(request.POST if request.method == "POST" else None, by=request.user)
    if form.is_valid():
        form.save()
        tell(request, _("Settings saved."))
        return redirect("newcomers")
    return render(request, "people/newcomers.html", {"form": form}, status=422 if form.errors else 200)
