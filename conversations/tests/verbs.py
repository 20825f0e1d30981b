"""What a verb does for a person, called directly and by its page."""

from collections.abc import Callable
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection, transaction

from accounts.models import Audit, LimitReached, NotAllowed, User
from accounts.models.limits import unlimited
from conversations.models import Conversation, FormerMember, Invitation, Membership, Message

WATCHED = [Conversation, Membership, FormerMember, Message, Invitation, Audit]
PAGES = {"yes": "yes", "same": "same", "no": "403"}


class Verb(NamedTuple):
    """How a person acts by a verb, and how by its page, if it has one; before that, what makes it possible."""

    act: Callable
    page: Callable | None
    prepare: Callable = lambda scene, by: None


def rows_of(table):
    """Read a table of cells such as "yes", "same" (nothing changes) or "no/404": {verb: {person: (verb, page)}}."""
    heads, *rows = [line.split() for line in table.strip().splitlines()]
    return {row[0]: dict(zip(heads, map(outcomes_of, row[1:]), strict=True)) for row in rows}


def outcomes_of(cell):
    verb, _, page = cell.partition("/")
    return verb, page or PAGES[verb]


def both_outcomes(verb, scene, name, as_):
    """Act once by the verb and once by its page, from the same beginning; return how each ended."""
    with undone():
        by = ready(verb, scene, name)
        called = outcome(lambda: verb.act(scene, by))
    if not verb.page:
        return called, None
    with undone():
        client = as_(ready(verb, scene, name))
        return called, outcome(lambda: verb.page(client, scene))


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ready(verb, scene, name):
    """Prepare a verb for a person, who is deactivated only then, if at all."""
    person = User.objects.get(username=name)
    with unlimited():
        verb.prepare(scene, person)
    if name == "deactivated":
        User.objects.filter(pk=person.pk).update(is_active=False)
        person.refresh_from_db()
    return person


def outcome(act):
    """Act, and tell what became of it; a refusal that changed something is none."""
    before, announced = rows(), len(connection.run_on_commit)
    try:
        ended = ending(act())
    except NotAllowed:
        ended = "no"
    except LimitReached:
        ended = "Too many requests"
    has_changed = rows() != before or len(connection.run_on_commit) > announced
    if ended:
        return f"{ended}, but something changed" if has_changed else ended
    return "yes" if has_changed else "same"


def ending(answer):
    """Tell how a page refused; '' where it did not, or for what a verb returns."""
    status = getattr(answer, "status_code", 200)
    if status == 302 and answer["Location"].startswith("/accounts/login/"):
        return "sign in"
    return str(status) if status >= 400 else ""


def rows():
    """Read everything that the verbs change."""
    people = User.objects.order_by("pk").values("pk", "role", "is_active", "deleted_at")
    return [list(people), *(list(model.objects.order_by("pk").values()) for model in WATCHED)]
