"""Invitations: who may make them, whom they admit, and when they expire."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import User, Workspace
from accounts.tests.factories import UserFactory
from conversations.models import Invitation

PASSWORD = "correct horse battery"


@pytest.fixture
def boss(world):
    return UserFactory(username="boss", role="owner")


def accept(link, name, **fields):
    form = {"display_name": name, "username": name, "email": f"{name}@example.org", "password": PASSWORD} | fields
    client = Client()
    return client, client.post(link, form)


def test_an_invited_person_joins_the_conversations_at_once(world, boss, as_):
    world.plans.add(world.ana, [boss])
    form = {"role": "guest", "uses": 1, "days": 7, "conversations": [world.plans.pk]}
    made = as_(boss).post("/invitations/", form)
    page = as_(boss).get(made["Location"]).content.decode()
    link = re.search(r'value="http://localhost:[0-9]+(/join/[^"]+)"', page)[1]
    assert "data:image/svg+xml" in page
    assert "boss invites you to Chatsite as a guest" in Client().get(link).content.decode()
    client, answer = accept(link, "eve")
    assert answer["Location"] == "/"
    assert User.objects.get(username="eve").role == "guest"
    assert client.get(f"/c/{world.plans.pk}/").status_code == 200
    assert client.get(f"/c/{world.town.pk}/").status_code == 404
    assert accept(link, "mallory")[1].status_code == 404, "the invitation was for one person"


def test_an_invitation_is_for_one_person_and_one_day_unless_somebody_chooses_more(world, boss, as_):
    client = as_(boss)
    offered = client.get("/invitations/").context["form"]
    client.post("/invitations/", {name: offered[name].value() for name in ("role", "uses", "days")})
    call_command("invite", stdout=StringIO())
    Invitation.objects.invite(boss)
    for each in Invitation.objects.all():
        assert (each.uses_left, each.is_for_one_day, each.role) == (1, True, "member")
    page = client.get("/invitations/").content.decode()
    assert "several people" not in page
    assert "longer than a day" not in page
    client.post("/invitations/", {"role": "member", "uses": 2, "days": 7})
    page = client.get("/invitations/").content.decode()
    assert page.count("several people") == page.count("longer than a day") == 1


@pytest.mark.parametrize("end", ["revoked", "expired", "inviter deactivated", "inviter demoted", "forged"])
def test_an_expired_invitation_admits_nobody(world, boss, as_, end):
    UserFactory(role="owner")
    invitation = Invitation.objects.invite(boss)
    link = invitation.link
    if end == "revoked":
        as_(boss).post(f"/invitations/{invitation.pk}/revoke/")
    elif end == "expired":
        link = Invitation.objects.invite(boss, lasting=timedelta(seconds=-1)).link
    elif end == "inviter deactivated":
        boss.deactivate(boss)
    elif end == "inviter demoted":
        boss.change_role(boss, "member")
    else:
        link = link[:-2] + ("A/" if link[-2] != "A" else "B/")
    assert accept(link, "eve")[1].status_code == 404
    assert not User.objects.filter(username="eve").exists()


def test_a_failed_sign_up_does_not_use_up_the_invitation(world, boss):
    link = Invitation.objects.invite(boss).link
    assert accept(link, "eve", password="short")[1].status_code == 422
    assert accept(link, "ana")[1].status_code == 422, "the name is taken"
    assert accept(link, "eve")[1].status_code == 302


@pytest.mark.django_db(transaction=True)
def test_concurrent_sign_ups_can_not_exceed_the_number_of_uses():
    UserFactory(role="owner")
    link = Invitation.objects.invite(None, uses=3).link

    def sign_up(number):
        try:
            return accept(link, f"person{number + 100}")[1].status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(sign_up, range(6))) == [302] * 3 + [404] * 3


@pytest.mark.parametrize("role", ["member", "guest"])
def test_only_owners_and_admins_invite_people(world, boss, as_, role):
    person = UserFactory(role=role)
    number = Invitation.objects.invite(boss).pk
    assert as_(person).post("/invitations/", {"role": "member", "uses": 1, "days": 7}).status_code == 403
    assert as_(person).get(f"/invitations/{number}/").status_code == 403


def test_admins_invite_neither_admins_nor_to_private_conversations_of_others(world, boss, as_):
    admin = as_(UserFactory(role="admin"))
    assert admin.post("/invitations/", {"role": "admin", "uses": 1, "days": 7}).status_code == 422
    form = {"role": "member", "uses": 1, "days": 7, "conversations": [world.plans.pk]}
    assert admin.post("/invitations/", form).status_code == 422


def test_people_with_an_account_join_the_conversations(world, boss, as_):
    link = Invitation.objects.invite(boss, conversations=[world.town]).link
    assert as_(world.olga).get(link).status_code == 200
    assert not world.town.members.filter(pk=world.olga.pk).exists(), "opening the link changes nothing"
    as_(world.olga).post(link)
    assert world.town.members.filter(pk=world.olga.pk).exists()


def test_the_invite_command_prints_a_working_link(world, capsys):
    call_command("invite", "--role", "owner")
    link = re.search(r"http://[^/]+(/\S+)", capsys.readouterr().out)[1]
    client, _ = accept(link, "rescuer")
    assert client.get("/settings/workspace/").status_code == 200


def test_nobody_signs_up_without_an_invitation(world, boss, client):
    assert "By invitation" in client.get("/accounts/signup/").content.decode()
    assert accept("/accounts/signup/", "eve")[1].status_code == 403
    assert not User.objects.filter(username="eve").exists()


def test_people_at_an_allowed_domain_get_a_link_by_mail_and_others_the_same_page(
    world, boss, settings, mailoutbox, run_jobs, django_capture_on_commit_callbacks
):
    settings.MAIL = {"host": "mail.example.org"}
    Workspace.objects.current().change(None, sign_up="domains", domains=["example.org"])
    with django_capture_on_commit_callbacks(execute=True):
        pages = [Client().post("/join/", {"email": each}).content for each in ("new@example.org", "new@elsewhere.org")]
    assert pages[0] == pages[1]
    assert not mailoutbox, "no page waits for mail"
    with django_capture_on_commit_callbacks(execute=True):
        assert run_jobs() == 2, "as much is done for an address that may sign up as for one that may not"
    run_jobs()
    [mail] = mailoutbox
    assert mail.to == ["new@example.org"]
    assert accept(re.search(r"/join/\S+", mail.body)[0], "new")[1].status_code == 302
    assert User.objects.get(username="new").emailaddress_set.get().verified


def test_admins_see_no_links_that_grant_more_than_they_may(world, boss, as_):
    world.plans.add(world.ana, [boss])
    admin = as_(UserFactory(role="admin"))
    for other in (
        Invitation.objects.invite(boss, role="owner"),
        Invitation.objects.invite(boss, conversations=[world.plans]),
    ):
        assert admin.get(f"/invitations/{other.pk}/").status_code == 404
        assert admin.post(f"/invitations/{other.pk}/revoke/").status_code == 404
        assert f"/invitations/{other.pk}/" not in admin.get("/invitations/").content.decode()
        assert as_(boss).get(f"/invitations/{other.pk}/").status_code == 200


def test_an_invitation_expires_when_its_inviter_loses_the_role(world, boss):
    link = Invitation.objects.invite(boss, role="owner").link
    UserFactory(role="owner").change_role(boss, "owner")
    boss.change_role(boss, "admin")
    assert accept(link, "eve")[1].status_code == 404


def test_a_requested_invitation_is_bound_to_its_email_address(world, boss):
    link = Invitation.objects.invite(boss, email="eve@example.org").link
    accept(link, "mallory")
    assert User.objects.get(username="mallory").email == "eve@example.org"
