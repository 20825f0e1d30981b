"""People: a list of them, and a page for each."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Role
from conversations.models import Conversation
from conversations.models.access import people_visible_to
from conversations.models.message.deletable import ADMIN_RESTORE_PERIOD

PAGE_PEOPLE = 50
MAX_CHARACTERS = 100


def read_words(request):
    """Read the part of a name in `?q=`, and the user name `?after=` which a page of people begins."""
    words, after = (request.GET.get(name, "").replace("\0", "")[:MAX_CHARACTERS] for name in ("q", "after"))
    return words.strip().removeprefix("@"), after


@require_safe
def people(request):
    """List people by user name, from `?after=` on; `?q=` finds them by a part of a name."""
    words, after = read_words(request)
    found = people_visible_to(request.user).not_deleted().order_by("username")
    if not request.user.is_staff:
        found = found.active()
    if words:
        found = found.named_like([words])
    page = found.page(after, PAGE_PEOPLE)
    context = {"people": page.rows, "words": words, "more": page.next}
    return render(request, "people/people.html", context)


@require_safe
def person(request, username):
    found = get_object_or_404(people_visible_to(request.user), username=username)
    shared = Conversation.objects.inbox_of(request.user).shared_with(found)
    context = {
        "person": found,
        "shared": [] if found == request.user else shared[:PAGE_PEOPLE],
        "purged_at": found.deleted_at and found.deleted_at + ADMIN_RESTORE_PERIOD,
        "may_manage": request.user.may_manage(found),
        "roles": [role for role in Role if role in request.user.roles_to_give()],
    }
    return render(request, "people/person.html", context)


@require_POST
def write_to(request, username):
    """Open the direct conversation with somebody."""
    found = get_object_or_404(people_visible_to(request.user).active(), username=username)
    return redirect("conversation", Conversation.objects.direct(request.user, [found]).pk)
