"""The outcome of a verb for a person, called directly and through its page."""

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
    """How to call a verb, how to use its page (if any), and how to prepare the scene so that it is possible."""

    act: Callable
    page: Callable | None
    prepare: Callable = lambda scene, by: None


def rows_of(table):
    """Parse a table of cells such as "yes", "same" (nothing changes) or "no/404": {verb: {person: (verb, page)}}."""
    heads, *rows = [line.split() for line in table.strip().splitlines()]
    return {row[0]: dict(zip(heads, map(outcomes_of, row[1:]), strict=True)) for row in rows}


def outcomes_of(cell):
    verb, _, page = cell.partition("/")
    return verb, page or PAGES[verb]


def both_outcomes(verb, scene, name, as_):
    """Call the verb, then use its page, both from the same initial state; return both outcomes."""
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
    """Prepare a verb for a person; deactivate them afterwards, if this is the deactivated person."""
    person = User.objects.get(username=name)
    with unlimited():
        verb.prepare(scene, person)
    if name == "deactivated":
        User.objects.filter(pk=person.pk).update(is_active=False)
        person.refresh_from_db()
    return person


def outcome(act):
    """Act and describe the outcome; flag a refusal that nevertheless changed something."""
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
    """Return how a page refused; '' if it did not, or if `answer` is the return value of a verb."""
    status = getattr(answer, "status_code", 200)
    if status == 302 and answer["Location"].startswith("/accounts/login/"):
        return "sign in"
    return str(status) if status >= 400 else ""


def rows():
    """Read all rows that verbs may change."""
    people = User.objects.order_by("pk").values("pk", "role", "is_active", "deleted_at")
    return [list(people), *(list(model.objects.order_by("pk").values()) for model in WATCHED)]
