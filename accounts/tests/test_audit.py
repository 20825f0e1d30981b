"""The audit log records what was done, and cannot be changed."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts.models import Audit, User, Workspace
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def run(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("sql", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
def test_the_database_refuses_to_change_a_line(sql):
    Audit.objects.record(None, "did something")
    run("ALTER TABLE audit ENABLE TRIGGER audit_is_not_emptied")  # disabled for the other tests
    with pytest.raises(DatabaseError, match="never changed"):
        run(sql)
    assert Audit.objects.count() == 1


@pytest.mark.parametrize("sql", ["UPDATE audit SET actor = 'x' WHERE id = %d", "DELETE FROM audit WHERE id = %d"])
def test_verify_finds_lines_changed_while_the_triggers_were_disabled(sql, capsys):
    for number in range(3):
        Audit.objects.record(None, "did something", number)
    call_command("audit", "--verify")
    assert "All 3 lines are unchanged." in capsys.readouterr().out
    second = list(Audit.objects.order_by("pk"))[1].pk
    run("ALTER TABLE audit DISABLE TRIGGER USER")
    run(sql % second)
    run("ALTER TABLE audit ENABLE TRIGGER USER")
    with pytest.raises(CommandError, match="was changed"):
        call_command("audit", "--verify")


def test_cutting_off_the_newest_lines_is_found_by_a_hash_kept_elsewhere(capsys):
    for number in range(3):
        Audit.objects.record(None, "did something", number)
    call_command("audit", "--verify")
    kept = re.search(r"Newest hash.*: ([0-9a-f]{64})", capsys.readouterr().out)[1]
    Audit.objects.record(None, "did more")
    call_command("audit", "--verify", "--kept", kept)
    run("ALTER TABLE audit DISABLE TRIGGER USER")
    run("DELETE FROM audit WHERE id > (SELECT min(id) FROM audit)")
    run("ALTER TABLE audit ENABLE TRIGGER USER")
    call_command("audit", "--verify")
    with pytest.raises(CommandError, match="were removed"):
        call_command("audit", "--verify", "--kept", kept)


def test_commands_that_change_accounts_leave_a_line(monkeypatch):
    ana = UserFactory(username="ana")
    Authenticator.objects.create(user=ana, type=Authenticator.Type.TOTP, data={})
    monkeypatch.setattr("getpass.getpass", lambda prompt: "correct horse battery")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct horse battery")
    call_command("createsuperuser", "--no-input", "--username=boss", "--email=boss@example.org")
    call_command("changepassword", "ana")
    call_command("reset_second_factor", "ana")
    call_command("search_language", "german")
    found = [str(line) for line in Audit.objects.order_by("pk")]
    assert found == [
        "manage.py made an account as owner for boss",
        "manage.py changed the password of ana",
        "manage.py removed the second factor of ana",
        "manage.py changed the language of search to german",
    ]
    assert not Authenticator.objects.exists()
    assert User.objects.get(username="ana").check_password("correct horse battery")


def test_only_owners_and_admins_read_the_log(as_, capsys):
    owner = UserFactory(username="boss", role="owner")
    as_(owner).post("/settings/workspace/", {"name": "Ours", "sign_up": "open"})
    assert Workspace.objects.current().name == "Ours"
    page = as_(UserFactory(role="admin")).get("/settings/audit/").content.decode()
    assert "workspace: sign up" in page
    assert "to open" in page
    assert as_(UserFactory()).get("/settings/audit/").status_code == 403
    call_command("audit")
    assert "boss changed workspace: name to Ours" in capsys.readouterr().out


def test_only_owners_change_the_workspace(as_):
    assert as_(UserFactory(role="admin")).post("/settings/workspace/", {"name": "Mine"}).status_code == 403
    assert Workspace.objects.current().name != "Mine"
