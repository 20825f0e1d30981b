"""People in Django admin."""

import pytest

from accounts.models import Audit, User
from accounts.tests.factories import UserFactory


@pytest.fixture
def owner(db):
    return UserFactory(username="boss", role=User.Role.OWNER)


def change(client, user, **fields):
    data = {"username": user.username, "email": user.email, "display_name": "", "time_zone": "UTC"}
    data |= {"role": user.role, "is_active": "on"} | fields
    return client.post(f"/admin/accounts/user/{user.pk}/change/", data)


def test_owners_change_names_but_neither_roles_nor_activation(owner, as_):
    ana = UserFactory(username="ana")
    assert change(as_(owner), ana, username="anna", role="owner", is_active="").status_code == 302
    ana.refresh_from_db()
    assert (ana.username, ana.role, ana.is_active) == ("anna", "member", True)
    assert "changed the account of anna username to anna" in str(Audit.objects.get())


def test_an_admin_cannot_change_the_address_of_an_owner(owner, as_):
    admin = UserFactory(role="admin")
    assert change(as_(admin), owner, email="mine@example.org").status_code == 403
    assert change(as_(admin), UserFactory(), email="theirs@example.org").status_code == 302


def test_people_cannot_be_added_or_deleted(owner, as_):
    assert as_(owner).get("/admin/accounts/user/add/").status_code == 403
    assert as_(owner).post(f"/admin/accounts/user/{UserFactory().pk}/delete/", {"post": "yes"}).status_code == 403


def test_credentials_are_not_shown(owner, as_):
    index = as_(owner).get("/admin/").content.decode()
    for word in ("authenticator", "emailaddress", "socialaccount", "usersession"):
        assert f"/{word}/" not in index


def test_people_are_found_by_name(owner, as_):
    UserFactory(username="ana", display_name="Ana Lima")
    assert "ana" in as_(owner).get("/admin/accounts/user/?q=lima").content.decode()
