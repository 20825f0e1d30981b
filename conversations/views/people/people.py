"""People: a list of them, and a page for each."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Role
from accounts.models.people import PeopleOrder
from conversations.forms.picking import words_of
from conversations.models import Conversation
from conversations.models.access import people_visible_to
from conversations.models.message.deletable import ADMIN_RESTORE_PERIOD
from conversations.views.finding import parse_id

PAGE_PEOPLE = 50
MAX_POSITION_CHARACTERS = 300


def read_list(request, orders):
    """Read how a list is narrowed: the words of `?q=`, the order `?by=`, and the position `?after=` of a page.

    An unknown order is the first one.
    """
    order = request.GET.get("by", "")
    return words_of(request.GET.get("q", "")), order if order in orders.values else "", read_position(request)


def read_position(request) -> str | None:
    return request.GET.get("after", "").replace("\0", "")[:MAX_POSITION_CHARACTERS] or None


@require_safe
def people(request):
    """List people by `?by=`, from `?after=` on; `?q=` finds them by parts of their names."""
    words, order, after = read_list(request, PeopleOrder)
    found = people_visible_to(request.user).not_deleted().in_order(order)
    if not request.user.is_staff:
        found = found.active()
    if words:
        found = found.named_like(words)
    if order == PeopleOrder.NEWEST:
        after = parse_id(after or "")
    page = found.page(after, PAGE_PEOPLE)
    context = {"people": page.rows, "more": page.next, "orders": PeopleOrder, "order": order}
    context["is_alone"] = len(page.rows) == 1 and page.rows[0] == request.user and not words
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


@require_safe
def card(request, username):
    """Show the card of a person, which opens beside their name in a message."""
    found = get_object_or_404(people_visible_to(request.user), username=username)
    return render(request, "people/_card.html", {"person": found})


@require_POST
def write_to(request, username):
    """Open the direct conversation with somebody."""
    found = get_object_or_404(people_visible_to(request.user).active(), username=username)
    return redirect("conversation", Conversation.objects.direct(request.user, [found]).pk)
