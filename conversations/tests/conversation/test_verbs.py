"""Every verb of a conversation checks permissions itself, like its page, and counts against a rate limit."""

from contextlib import suppress
from uuid import UUID

import pytest
from django.db.models import F
from django.db.models.functions import Now

from accounts.models import NotAllowed, User, limits
from accounts.models.limits import Rate
from accounts.tests.factories import UserFactory
from accounts.tests.verbs import called_by, verbs_of
from conversations.models import Conversation, FormerMember
from conversations.models.conversation.conversation import ConversationQuerySet
from conversations.models.conversation.visibility import Reach
from conversations.models.inbox.bulk_read_markers import BulkRead
from conversations.tests.factories import ConversationFactory, say
from conversations.tests.verbs import Verb, both_outcomes, outcome, ready, rows_of
from conversations.views.inbox.bulk_read_markers import UNDO

# The outcome of each verb and, after a slash, of its page if that differs: "no" is 403, and "same" is neither an error
# nor a change. The admin, the visitor and the stranger, who is a guest, are not members of the square, which is open.
TABLE = """
                      owner  member  reader  guest   admin   visitor  stranger
start                 yes    yes     yes     no/422  yes     yes      no/422
start_for             no     no      no      no      yes     no       no
direct                yes    yes     yes     yes     yes     yes      no/404
rename                yes    no      no      no      yes     no       no/404
open                  yes    no      no      no      no/404  no/404   no/404
close                 yes    no      no      no      yes     no       no/404
archive               yes    no      no      no      yes     no       no/404
unarchive             yes    no      no      no      yes     no       no/404
delete_by             yes    no      no      no      yes     no       no/404
restore_by            yes    no/404  no/404  no/404  yes     no/404   no/404
join                  yes    yes     yes     yes     yes     yes      no/404
leave                 no     yes     yes     yes     same    same     same/404
rejoin                yes    yes     yes     yes     no/404  no/404   no/404
add                   yes    yes     no      no/422  no      no       no/404
change_role           yes    no      no      no      yes     no       no/404
remove                yes    no      no      no      yes     no       no/404
restore_member        yes    no      no      no/404  yes     no       no/404
accept_request        yes    no      no      no/404  yes     no       no/404
decline_request       yes    no      no      no/404  yes     no       no/404
limit_history         yes    no      no      no      no/404  no/404   no/404
unlimit_history       yes    no      no      no      no/404  no/404   no/404
replace_members       yes    no      no      no      yes     no       no
mark_read             yes    yes     yes     yes     same    same     same/404
mark_unread           yes    yes     yes     yes     same    same     same/404
mark_all_read         yes    yes     yes     yes     same    same     same
mark_newest_unread    yes    yes     yes     yes     same    same     same
restore_read_markers  yes    yes     yes     yes     same    same     same
save_draft            yes    yes     yes     yes     same    same     same/404
discard_draft         yes    yes     yes     yes     same    same     same/404
set_notify            yes    yes     yes     yes     no      no       no/404
favour                yes    yes     yes     yes     no      no       no/404
unfavour              yes    yes     yes     yes     no      no       no/404
announce_typing       yes    yes     no      yes     no      no       no/404
set_defaults          no     no      no      no      yes     no       no
"""
ROWS = rows_of(TABLE)
KEY = UUID("6f9619ff-8b86-d011-b42d-00cf4fc964ff")
PARTS = {"audit", "audit_admins", "compose"}  # parts of verbs
OF_MESSAGES = {"post", "preview_message"}
QUESTIONS = {  # which change nothing, and which only these people get an answer to
    "defaults": ({"admin"}, lambda scene, by: Conversation.objects.defaults(by)),
    "to_join_by_default": ({"admin"}, lambda scene, by: Conversation.objects.to_join_by_default(by)),
    "people_to_add": ({"owner", "member"}, lambda scene, by: scene.square.people_to_add(by)),
    "may_be_moderated_by": ({"owner", "admin"}, lambda scene, by: scene.seen_by(by).may_be_moderated_by(by)),
}


class Scene:
    """An open conversation of an owner, a member, a reader, a guest and Pat; Gus has left, and Nora never joined."""

    def __init__(self):
        roles = {"guest": "guest", "stranger": "guest", "admin": "admin", "deactivated": "admin"}
        names = [
            "owner",
            "member",
            "reader",
            "guest",
            "deactivated",
            "pat",
            "gus",
            "admin",
            "visitor",
            "stranger",
            "nora",
        ]
        people = {name: UserFactory(username=name, role=roles.get(name, "member")) for name in names}
        square = ConversationFactory(title="Square", members=[people[name] for name in names[:7]])
        self.pk = square.pk
        for name in ("owner", "reader"):
            square.memberships.filter(user=people[name]).update(role=name)
        square.dismiss([people["gus"]], people["owner"])
        self.message = say(square, people["pat"], "first", "second")
        self.read = BulkRead([], self.message.created_at)

    @property
    def square(self):
        return Conversation.objects.get(pk=self.pk)

    def seen_by(self, person):
        return Conversation.objects.as_seen_by(person).get(pk=self.pk)

    def person(self, name):
        return User.objects.get(username=name)

    def change(self, **fields):
        Conversation.objects.filter(pk=self.pk).update(**fields)

    def ask(self):
        FormerMember.objects.filter(user__username="gus").update(ended_by=F("user"), requested_at=Now())

    def dismiss(self, by):
        self.square.dismiss([by], by)

    def read_up(self, by):
        self.read = Conversation.objects.mark_all_read(by, [self.pk])


def post(address, **form):
    """Return a function that posts to a page: relative to the square's, or absolute if it begins with a slash."""

    def act(client, scene):
        whole = address if address.startswith("/") else f"/c/{scene.pk}/{address}"
        fields = {name: value(scene) if callable(value) else value for name, value in form.items()}
        return client.post(whole.format(message=scene.message.pk), fields)

    return act


def press_undo(client, scene):
    session = client.session
    session[UNDO] = scene.read.as_json()
    session.save()
    return client.post("/inbox/restore-read-markers/")


VERBS = {
    "start": Verb(
        lambda scene, by: Conversation.objects.start(by, "New", "open"),
        post("/c/new/", title="New", kind="open"),
    ),
    "start_for": Verb(
        lambda scene, by: Conversation.objects.start_for(by, Conversation(title="New"), [scene.person("pat")]), None
    ),
    "direct": Verb(
        lambda scene, by: Conversation.objects.direct(by, [scene.person("pat")]), post("/people/pat/message/")
    ),
    "rename": Verb(
        lambda scene, by: scene.square.rename(by, "Market", ""), post("settings/", title="Market", topic="")
    ),
    "open": Verb(
        lambda scene, by: scene.square.open(by, Reach(99, 99)),
        post("kind/", messages=99, people=99),
        lambda scene, by: scene.change(kind="private"),
    ),
    "close": Verb(lambda scene, by: scene.square.close(by, Reach(99, 99)), post("kind/", messages=99, people=99)),
    "archive": Verb(lambda scene, by: scene.square.archive(by), post("archive/")),
    "unarchive": Verb(
        lambda scene, by: scene.square.unarchive(by),
        post("unarchive/"),
        lambda scene, by: scene.change(archived_at=Now()),
    ),
    "delete_by": Verb(lambda scene, by: scene.square.delete_by(by), post("delete/")),
    "restore_by": Verb(
        lambda scene, by: scene.square.restore_by(by),
        post("restore/"),
        lambda scene, by: scene.change(deleted_at=Now(), deleted_by=scene.person("owner")),
    ),
    "join": Verb(lambda scene, by: scene.square.join(by), post("join/")),
    "leave": Verb(lambda scene, by: scene.square.leave(by), post("leave/")),
    "rejoin": Verb(lambda scene, by: scene.square.rejoin(by), post("rejoin/"), lambda scene, by: scene.dismiss(by)),
    "add": Verb(lambda scene, by: scene.square.add(by, [scene.person("nora")]), post("members/", people="nora")),
    "change_role": Verb(
        lambda scene, by: scene.square.change_role(by, scene.person("pat"), "reader"),
        post("members/pat/role/", role="reader"),
    ),
    "remove": Verb(lambda scene, by: scene.square.remove(by, scene.person("pat")), post("members/pat/remove/")),
    "restore_member": Verb(
        lambda scene, by: scene.square.restore_member(by, scene.person("gus")), post("members/gus/restore/")
    ),
    "accept_request": Verb(
        lambda scene, by: scene.square.accept_request(by, scene.person("gus")),
        post("members/gus/readmit/"),
        lambda scene, by: scene.ask(),
    ),
    "decline_request": Verb(
        lambda scene, by: scene.square.decline_request(by, scene.person("gus")),
        post("members/gus/decline/"),
        lambda scene, by: scene.ask(),
    ),
    "limit_history": Verb(
        lambda scene, by: scene.square.limit_history(by),
        post("limit-history/"),
        lambda scene, by: scene.change(kind="private"),
    ),
    "unlimit_history": Verb(
        lambda scene, by: scene.square.unlimit_history(by, Reach(99, 99)),
        post("unlimit-history/", messages=99, people=99),
        lambda scene, by: scene.change(kind="private", history_from_joining=True),
    ),
    "replace_members": Verb(
        lambda scene, by: scene.square.replace_members(by, [scene.person("owner"), scene.person("nora")]), None
    ),
    "mark_read": Verb(
        lambda scene, by: scene.square.mark_read(by, scene.message),
        post("mark-read/", message=lambda scene: scene.message.pk),
    ),
    "mark_unread": Verb(
        lambda scene, by: scene.square.mark_unread(by, scene.message),
        post("/m/{message}/mark-unread/"),
        lambda scene, by: scene.read_up(by),
    ),
    "mark_all_read": Verb(
        lambda scene, by: Conversation.objects.mark_all_read(by, [scene.pk]),
        post("/inbox/mark-read/", conversation=lambda scene: scene.pk),
    ),
    "mark_newest_unread": Verb(
        lambda scene, by: Conversation.objects.mark_newest_unread(by, [scene.pk]),
        post("/inbox/mark-unread/", conversation=lambda scene: scene.pk),
        lambda scene, by: scene.read_up(by),
    ),
    "restore_read_markers": Verb(
        lambda scene, by: Conversation.objects.restore_read_markers(by, scene.read),
        press_undo,
        lambda scene, by: scene.read_up(by),
    ),
    "save_draft": Verb(
        lambda scene, by: scene.square.save_draft(by, "I think", KEY), post("draft/", words="I think", client_key=KEY)
    ),
    "discard_draft": Verb(
        lambda scene, by: scene.square.discard_draft(by),
        post("draft/discard/"),
        lambda scene, by: scene.square.memberships.filter(user=by).update(draft="I think", draft_key=KEY),
    ),
    "favour": Verb(lambda scene, by: scene.square.favour(by), post("favour/")),
    "unfavour": Verb(
        lambda scene, by: scene.square.unfavour(by),
        post("unfavour/"),
        lambda scene, by: scene.square.memberships.filter(user=by).update(is_favourite=True),
    ),
    "set_notify": Verb(lambda scene, by: scene.square.set_notify(by, "mentions"), post("notify/", notify="mentions")),
    "announce_typing": Verb(lambda scene, by: scene.square.announce_typing(by), post("typing/")),
    "set_defaults": Verb(
        lambda scene, by: Conversation.objects.set_defaults(by, [scene.square]),
        post("/settings/newcomers/", conversations=lambda scene: scene.pk),
    ),
}


@pytest.fixture
def scene(db):
    return Scene()


@pytest.mark.parametrize("name", VERBS)
def test_each_verb_and_its_page_allow_the_same_people(scene, as_, name):
    verb, expected = VERBS[name], ROWS[name]
    if not verb.page:
        expected = {person: (called, None) for person, (called, _) in expected.items()}
    assert {person: both_outcomes(verb, scene, person, as_) for person in expected} == expected


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_refuses_deactivated_people(scene, as_, name):
    page = "sign in" if VERBS[name].page else None
    assert both_outcomes(VERBS[name], scene, "deactivated", as_) == ("no", page)


@pytest.mark.parametrize("name", [name for name in VERBS if ROWS[name]["stranger"][1] == "404" and name != "direct"])
def test_a_private_conversation_does_not_exist_for_outsiders(scene, as_, name):
    scene.change(kind="private")
    outside = {"admin", "visitor"} - ({"admin"} if name == "restore_by" else set())  # admins restore without reading
    for person in outside:
        assert both_outcomes(VERBS[name], scene, person, as_) == ROWS[name]["stranger"], person


@pytest.mark.parametrize("name", VERBS)
def test_each_verb_is_rate_limited_before_it_changes_anything(scene, monkeypatch, name):
    verb = VERBS[name]
    by = ready(verb, scene, next(person for person, (called, _) in ROWS[name].items() if called == "yes"))
    what = "type" if name == "announce_typing" else "change"
    monkeypatch.setitem(limits.RATES, what, Rate(1, 60))
    limits.take(what, by)
    assert outcome(lambda: verb.act(scene, by)) == "Too many requests"


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_is_answered_to_the_same_people(scene, name):
    expected, ask = QUESTIONS[name]
    scene.change(is_default=True)
    answered = set()
    for person in ROWS["join"]:
        with suppress(NotAllowed):
            answered |= {person} if ask(scene, scene.person(person)) else set()
    assert answered == expected


def test_every_verb_is_tested():
    found = verbs_of(Conversation, ConversationQuerySet) - PARTS - OF_MESSAGES
    assert found == {*VERBS, *QUESTIONS}
    assert set(VERBS) == set(ROWS)
    assert found <= called_by([*(verb.act for verb in VERBS.values()), *(ask for _, ask in QUESTIONS.values())])
