"""The verbs about people and the workspace, called directly: permissions, limits and audit lines."""

from io import BytesIO

import pytest
from PIL import Image

from accounts.models import Audit, LimitReached, NotAllowed, Picture, User, Workspace, limits
from accounts.models.limits import Rate
from accounts.pictures.cleaning import NoPicture
from accounts.tests.factories import UserFactory
from accounts.tests.verbs import called_by, verbs_of

pytestmark = pytest.mark.django_db

VERBS = {
    "change_role": lambda person, by: person.change_role(by, "guest"),
    "deactivate": lambda person, by: person.deactivate(by),
    "reactivate": lambda person, by: person.reactivate(by),
    "delete_by": lambda person, by: person.delete_by(by),
    "restore_by": lambda person, by: person.restore_by(by),
    "make_reset_link": lambda person, by: person.make_reset_link(by),
    "remove_second_factor": lambda person, by: person.remove_second_factor(by),
    "change_account": lambda person, by: person.change_account(by, ["display_name"]),
}
LINES = {
    "change_role": "made guest person was member",
    "deactivate": "deactivated person",
    "reactivate": "reactivated person",
    "delete_by": "deleted the account of person",
    "restore_by": "restored the account of person",
    "make_reset_link": "made a reset link for person",
    "remove_second_factor": "removed the second factor of person",
    "change_account": "changed the account of person display_name to Pat",
}


@pytest.fixture
def owner():
    return UserFactory(username="boss", role="owner")


@pytest.fixture
def once(monkeypatch):
    """Make every limit allow one action a minute."""
    monkeypatch.setattr(limits, "RATES", dict.fromkeys(limits.RATES, Rate(1, 60)))


def person_for(verb):
    is_deleted = {"deleted_at": "2026-01-01T00:00Z", "is_active": False} if verb == "restore_by" else {}
    person = UserFactory(username="person", **is_deleted)
    person.display_name = "Pat"
    return person


def picture():
    file = BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    return BytesIO(file.getvalue())


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", ["owner", "admin"])
def test_owners_and_admins_may_do_it_and_it_is_recorded_once(owner, verb, role):
    by = UserFactory(username="by", role=role)
    VERBS[verb](person_for(verb), by)
    assert [str(line) for line in Audit.objects.all()] == [f"by {LINES[verb]}"]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    "refused",
    [
        {"role": "member"},
        {"role": "guest"},
        {"role": "owner", "is_active": False},
        {"role": "admin", "is_active": False},
    ],
    ids=["member", "guest", "deactivated owner", "deactivated admin"],
)
def test_everybody_else_is_refused_and_nothing_changes(owner, verb, refused):
    person, by = person_for(verb), UserFactory(**refused)
    before = User.objects.filter(pk=person.pk).values().get()
    with pytest.raises(NotAllowed):
        VERBS[verb](person, by)
    assert User.objects.filter(pk=person.pk).values().get() == before
    assert not Audit.objects.exists()


@pytest.mark.parametrize("verb", VERBS)
def test_a_person_deactivated_since_their_request_began_is_refused(owner, verb):
    person, by = person_for(verb), UserFactory(role="admin")
    User.objects.filter(pk=by.pk).update(is_active=False)
    assert by.is_active
    with pytest.raises(NotAllowed):
        VERBS[verb](person, by)


@pytest.mark.parametrize("verb", VERBS)
def test_admins_cannot_manage_owners(owner, verb):
    with pytest.raises(NotAllowed):
        VERBS[verb](owner, UserFactory(role="admin"))


@pytest.mark.parametrize("verb", VERBS)
def test_the_command_line_may_do_it_without_a_limit(owner, once, verb):
    person = person_for(verb)
    VERBS[verb](person, None)
    assert str(Audit.objects.get()) == f"manage.py {LINES[verb]}"
    person.make_reset_link(None)
    person.make_reset_link(None)


@pytest.mark.parametrize("verb", VERBS)
def test_managing_people_is_limited(owner, once, verb):
    UserFactory(username="other").deactivate(owner)
    with pytest.raises(LimitReached):
        VERBS[verb](person_for(verb), owner)
    assert Audit.objects.count() == 1


def test_admins_cannot_appoint_owners_or_admins(owner):
    for role in ("owner", "admin"):
        with pytest.raises(NotAllowed, match="may not give"):
            UserFactory().change_role(UserFactory(role="admin"), role)


@pytest.mark.parametrize("verb", ["make_reset_link", "remove_second_factor"])
def test_people_cannot_do_it_to_their_own_account(owner, verb):
    with pytest.raises(NotAllowed, match="under Settings"):
        VERBS[verb](owner, owner)


def test_an_admin_changes_their_own_names_but_not_their_address(owner):
    admin = UserFactory(username="admin", role="admin")
    admin.display_name, admin.email = "Ada", "other@example.org"
    admin.change_account(admin, ["display_name"])
    assert User.objects.get(pk=admin.pk).display_name == "Ada"
    with pytest.raises(NotAllowed):
        admin.change_account(admin, ["email"])
    assert User.objects.get(pk=admin.pk).email == "admin@example.org"


@pytest.mark.parametrize("role", ["admin", "member", "guest", "deactivated owner"])
def test_only_active_owners_change_the_workspace(owner, role):
    by = UserFactory(role=role.split()[-1], is_active=" " not in role)
    with pytest.raises(NotAllowed):
        Workspace.objects.current().change(by, name="Mine")
    with pytest.raises(NotAllowed):
        Workspace.objects.changeable_by(by)
    assert Workspace.objects.current().name == Workspace.UNNAMED
    assert not Audit.objects.exists()


def test_only_changed_workspace_settings_are_saved_and_recorded(owner):
    Workspace.objects.current().change(owner, name="Ours", sign_up="invitation", domains=[])
    Workspace.objects.current().change(owner, name="Ours", domains=["example.org", "example.com"])
    Workspace.objects.current().change(None, domains=[])
    assert [str(line) for line in Audit.objects.order_by("pk")] == [
        "boss changed workspace: name to Ours",
        "boss changed workspace: domains to example.org, example.com",
        "manage.py changed workspace: domains to none",
    ]
    stored = Workspace.objects.current()
    assert (stored.name, stored.sign_up, stored.domains) == ("Ours", "invitation", [])


def test_a_stale_workspace_overwrites_no_other_change(owner):
    stale = Workspace.objects.current()
    Workspace.objects.current().change(owner, name="Ours")
    stale.change(owner, sign_up="open")
    stored = Workspace.objects.current()
    assert (stored.name, stored.sign_up) == ("Ours", "open")


def test_changing_the_workspace_is_limited(owner, once):
    Workspace.objects.current().change(owner, name="Ours")
    with pytest.raises(LimitReached):
        Workspace.objects.current().change(owner, name="Theirs")


def test_only_active_owners_and_admins_read_the_audit_log(owner):
    Audit.objects.record(None, "did something")
    for by in (owner, UserFactory(role="admin")):
        assert by.audit_log().count() == 1
    for by in (UserFactory(), UserFactory(role="guest"), UserFactory(role="admin", is_active=False)):
        with pytest.raises(NotAllowed):
            by.audit_log()


def test_changing_a_profile_saves_only_profile_fields():
    ana = UserFactory(username="ana")
    ana.display_name, ana.theme, ana.role = "Ana", "dark", "owner"
    ana.change_profile(["display_name", "role"])
    stored = User.objects.get(pk=ana.pk)
    assert (stored.display_name, stored.theme, stored.role) == ("Ana", "", "member")


def test_deactivated_people_cannot_change_their_profile_or_picture():
    gone = UserFactory(is_active=False)
    for verb in (lambda: gone.change_profile(["about"]), lambda: gone.set_picture(picture()), gone.remove_picture):
        with pytest.raises(NotAllowed):
            verb()
    assert not Picture.objects.exists()


def test_changing_profiles_and_pictures_is_limited(once):
    ana = UserFactory()
    ana.change_profile(["about"])
    with pytest.raises(LimitReached):
        ana.change_profile(["about"])
    ana.set_picture(picture())
    with pytest.raises(LimitReached):
        ana.set_picture(picture())


def test_a_file_that_is_not_a_picture_counts_as_an_upload_too(once):
    ana = UserFactory()
    with pytest.raises(NoPicture):
        ana.set_picture(BytesIO(b"no picture"))
    with pytest.raises(LimitReached):
        ana.set_picture(picture())


def test_a_removed_picture_is_gone_from_the_database():
    ana = UserFactory()
    ana.set_picture(picture())
    assert User.objects.get(pk=ana.pk).picture_digest
    ana.remove_picture()
    assert not User.objects.get(pk=ana.pk).picture_digest
    assert not Picture.objects.exists()


def test_new_accounts_are_limited_per_ip_address(owner, once):
    User.objects.sign_up(User(username="ana", email="ana@example.org"), address="192.0.2.1", is_invited=True)
    with pytest.raises(LimitReached):
        User.objects.sign_up(User(username="ben", email="ben@example.org"), address="192.0.2.1", is_invited=True)
    User.objects.sign_up(User(username="cleo", email="cleo@example.org"), "guest", address="192.0.2.2", is_invited=True)
    roles = dict(User.objects.exclude(pk=owner.pk).values_list("username", "role"))
    assert roles == {"ana": "member", "cleo": "guest"}


def test_sign_up_forms_are_limited_per_ip_address_valid_or_not(client, once):
    form = {"username": "a b", "email": "", "password": "x"}
    assert client.post("/accounts/signup/", form).status_code == 422
    assert client.post("/accounts/signup/", form).status_code == 429
    assert client.post("/accounts/signup/", form | {"begin": "yes"}).status_code == 429


def test_ending_all_visits_raises_the_stamp(as_):
    ana = UserFactory()
    before = ana.stamp
    ana.end_visits()
    assert (ana.stamp, User.objects.get(pk=ana.pk).stamp) == (before + 1, before + 1)


def test_no_verb_about_people_is_missing_here():
    assert verbs_of(User, type(User.objects)) == set(VERBS) == called_by(VERBS.values())
