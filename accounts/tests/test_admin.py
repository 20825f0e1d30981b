"""People in Django admin."""

import pytest

from accounts.models import User
from accounts.tests.factories import UserFactory


@pytest.fixture
def owner(db):
    return UserFactory(username="boss", role=User.Role.OWNER)


def change(client, user, **fields):
    data = {"username": user.username, "email": user.email, "display_name": "", "time_zone": "UTC"}
    data |= {"role": user.role, "is_active": "on"} | fields
    return client.post(f"/admin/accounts/user/{user.pk}/change/", data)


def test_the_owner_changes_roles_and_deactivates(owner, as_):
    ana, ben = UserFactory.create_batch(2)
    assert change(as_(owner), ana, role="owner").status_code == 302
    assert change(as_(owner), ben, is_active="").status_code == 302
    ana.refresh_from_db()
    ben.refresh_from_db()
    assert (ana.role, ben.is_active) == ("owner", False)


def test_owners_can_not_lock_themselves_out(owner, as_):
    change(as_(owner), owner, role="member", is_active="")
    as_(owner).post(f"/admin/accounts/user/{owner.pk}/delete/", {"post": "yes"})
    owner.refresh_from_db()
    assert (owner.role, owner.is_active) == ("owner", True)


def test_deleting_people_in_bulk_spares_oneself(owner, as_):
    ana = UserFactory()
    as_(owner).post(
        "/admin/accounts/user/", {"action": "delete_selected", "_selected_action": [owner.pk, ana.pk], "post": "yes"}
    )
    assert User.objects.filter(pk=owner.pk).exists()


def test_a_person_is_deleted_and_found_by_name(owner, as_):
    ana = UserFactory(username="ana", display_name="Ana Lima")
    assert "ana" in as_(owner).get("/admin/accounts/user/?q=lima").content.decode()
    as_(owner).post(f"/admin/accounts/user/{ana.pk}/delete/", {"post": "yes"})
    assert not User.objects.filter(pk=ana.pk).exists()
