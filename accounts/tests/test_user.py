import pytest
from django.core.management import call_command

from accounts.models import User
from accounts.models.people import shown_name


@pytest.mark.parametrize(
    ("username", "display_name", "name", "initials"),
    [
        ("ana", "", "ana", "A"),
        ("ana.lima", "", "ana.lima", "AL"),
        ("ana", "Ana Maria de Lima", "Ana Maria de Lima", "AL"),
        ("ana", "  ", "  ", "A"),
        ("ana", "Élodie", "Élodie", "É"),
        ("ana", "上海", "上海", "上"),
        ("ana", "łukasz żółć", "łukasz żółć", "ŁŻ"),
        ("ana", "🎉 Party", "🎉 Party", "P"),
        ("ana", "🎉", "🎉", "A"),
        ("ana", "Mo (he/him)", "Mo (he/him)", "M"),
        ("ana", "(Mo)", "(Mo)", "M"),
        ("ana", "“Ana” Lima!", "“Ana” Lima!", "AL"),
        ("ana", "नीता शर्मा", "नीता शर्मा", "नश"),
        ("ana", "Seán O’Brien", "Seán O’Brien", "SO"),
        ("ana", "(((", "(((", "A"),
        ("ana", "W" * 50, "W" * 50, "W"),
    ],
)
def test_the_name_is_the_display_name_else_the_user_name(username, display_name, name, initials):
    user = User(username=username, display_name=display_name)
    assert (user.name, user.initials) == (name, initials)


@pytest.mark.django_db
@pytest.mark.parametrize("display_name", ["", "Ana Lima"])
def test_the_database_computes_the_same_name(display_name):
    user = User.objects.create(username="ana", email="a@example.org", display_name=display_name)
    assert User.objects.annotate(called=shown_name()).get().called == user.name


@pytest.mark.django_db
def test_createsuperuser_makes_an_owner(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct horse battery")
    call_command("createsuperuser", interactive=False, username="boss", email="Boss@example.org", verbosity=0)
    boss = User.objects.get()
    assert (boss.username, boss.email, boss.role) == ("boss", "boss@example.org", User.Role.OWNER)
    assert boss.check_password("correct horse battery")
