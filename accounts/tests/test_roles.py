"""Roles: who may manage whom, and that a workspace always has an owner."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import Audit, User
from accounts.tests.factories import UserFactory

ROLES = ["owner", "admin", "member", "guest"]


@pytest.fixture
def owner(db):
    return UserFactory(username="boss", role="owner")


@pytest.mark.parametrize("by", ROLES)
@pytest.mark.parametrize("of", ROLES)
def test_owners_manage_everyone_and_admins_manage_members_and_guests(owner, as_, by, of):
    manager, person = UserFactory(role=by), UserFactory(role=of, username="person")
    may = by == "owner" or (by == "admin" and of in ("member", "guest"))
    for verb, data in (("role", {"role": "guest"}), ("deactivate", {}), ("link", {}), ("factor", {})):
        User.objects.filter(pk=person.pk).update(role=of)
        answer = as_(manager).post(f"/people/person/{verb}/", data)
        assert (answer.status_code in (200, 302)) == may, (verb, answer.status_code)
    assert Audit.objects.exists() == may


def test_an_admin_cannot_appoint_admins(owner, as_):
    UserFactory(username="person")
    assert as_(UserFactory(role="admin")).post("/people/person/role/", {"role": "admin"}).status_code == 403


def test_members_cannot_find_out_which_user_names_exist(as_, db):
    UserFactory(username="person")
    answers = [as_(UserFactory()).post(f"/people/{name}/deactivate/") for name in ("person", "nobody")]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].content.partition(b"<main")[2] == answers[1].content.partition(b"<main")[2]


@pytest.mark.parametrize(
    "verb", [lambda o: o.change_role(o, "member"), lambda o: o.deactivate(o), lambda o: o.delete_by(o)]
)
def test_the_last_owner_stays(owner, verb):
    UserFactory(role="owner", is_active=False)
    with pytest.raises(PermissionDenied, match="needs an owner"):
        verb(owner)
    owner.refresh_from_db()
    assert (owner.role, owner.is_active) == ("owner", True)


@pytest.mark.parametrize(
    "sql", ["UPDATE users SET role = 'member'", "UPDATE users SET is_active = false", "DELETE FROM users"]
)
def test_the_database_itself_protects_the_last_owner(owner, sql):
    UserFactory(role="owner")
    with (
        pytest.raises(IntegrityError, match="the last owner stays one"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", [True, False], ids=["each other", "themselves"])
def test_when_two_owners_step_down_at_once_one_stays(other):
    owners = UserFactory.create_batch(2, role="owner")

    def step_down(number):
        by, person = owners[number], owners[1 - number if other else number]
        try:
            User.objects.get(pk=person.pk).change_role(by, "member")
        except PermissionDenied:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(step_down, range(2))) == [False, True]
    assert User.objects.filter(role="owner").count() == 1


@pytest.mark.parametrize("verb", ["role", "deactivate", "factor"])
def test_a_change_signs_a_person_out_everywhere_with_the_next_request(owner, as_, verb):
    person = UserFactory(username="person", role="admin")
    devices = [as_(person), as_(person)]
    assert {device.get("/").status_code for device in devices} == {200}
    as_(owner).post(f"/people/person/{verb}/", {"role": "member"})
    assert {device.get("/").status_code for device in devices} == {302}


def test_deactivation_can_be_undone(owner, as_):
    UserFactory(username="person")
    as_(owner).post("/people/person/deactivate/")
    as_(owner).post("/people/person/reactivate/")
    assert as_(User.objects.get(username="person")).get("/").status_code == 200


def test_people_cannot_reset_their_own_credentials_from_their_page(owner, as_):
    for verb in ("link", "factor"):
        assert as_(owner).post(f"/people/boss/{verb}/").status_code == 403


def test_a_reset_link_does_not_outlive_a_change_of_role(owner):
    person = UserFactory(username="person")
    link = person.make_reset_link(owner)
    assert "This link has expired" not in Client().get(link, follow=True).content.decode()
    person.change_role(owner, "admin")
    assert "This link has expired" in Client().get(link, follow=True).content.decode()


def test_django_admin_redirects_to_the_sign_in_page_of_the_site(owner, client):
    owner.set_password("correct horse battery")
    owner.save()
    client.post("/admin/login/", {"username": "boss", "password": "correct horse battery"})
    assert client.get("/").status_code == 302
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/accounts/login/?next=/admin/"
