"""Importing from Slack: a made-up export, and real ones if they are available."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import User
from accounts.tests.factories import UserFactory
from conversations.models import Conversation, Membership, Mention, Message
from conversations.transfer.slack.tests.export import EXPORT, contents, message, numbers, run

ARCHIVES = Path(settings.BASE_DIR).parent / "shared" / "data"


@pytest.mark.django_db
def test_every_record_is_imported_or_accounted_for(archive):
    report = run(archive())
    read, imported, skipped = numbers(report)
    assert (read, imported, skipped) == (21, 15, 6)
    assert "(14 messages, 1 system messages)" in report
    for line in (
        "skipped 1: deleted in Slack",
        "skipped 2: not a message",
        "skipped 1: no words",
        "skipped 1: already here, or twice in the archive",
        "not imported: 2 reactions",
        "could not read 'general/canvas_in_the_conversation.json': it is not a day of messages",
    ):
        assert line in report


@pytest.mark.django_db
def test_text_is_collected_from_all_parts_of_a_record(archive):
    run(archive())
    assert contents("general") == [
        "first by @ben",
        "second",
        "@ben has joined the channel",
        "who?",
        "beep",
        "[Build 7](<http://ci.example/7>)\n**green**",
        "File: no longer in Slack\nFile: a.png",
        "nul  and half ?",
        "in thread",
        "from blocks @ana",
        "liked",
    ]
    assert contents("上海") == ["你好"]
    general = Conversation.objects.get(title="general")
    assert contents("board") == [f"secret of the board [#general](/c/{general.pk}/) #private"]
    assert general.topic == "All & more"
    assert general.messages.get(is_system=True).user is None


@pytest.mark.django_db
def test_mentions_and_emoji_are_converted_and_nobody_is_notified(archive):
    day = [
        message("1700000001.000100", text="<@U1> see :tada: :+1::skin-tone-3: :man-shrugging::skin-tone-6: :flag-nl:"),
        message("1700000001.000200", text="<@U404|somebody> `:tada:` <!here> :our_own_emoji:"),
    ]
    run(archive(**{"general/2023-11-14.json": day}))
    html = {message.content[:4]: message.html for message in Conversation.objects.get(title="general").messages.all()}
    assert 'class="mention" href="/people/ana/"' in html["@ana"]
    assert "🎉 👍🏼 🤷🏿\u200d♂️ 🇳🇱" in html["@ana"]
    assert "@somebody <code>:tada:</code>" in html["@som"]
    assert ":our_own_emoji:" in html["@som"]
    assert not Mention.objects.exists()


@pytest.mark.django_db
def test_people_are_imported_with_name_and_time_zone_and_can_not_sign_in(archive):
    run(archive())
    ana, ben = User.objects.get(username="ana"), User.objects.get(username="ben")
    assert (ana.name, ana.email, ana.time_zone, ana.is_active) == ("Ana", "ana@slack.example", "Europe/Amsterdam", True)
    assert ben.time_zone == "UTC"
    assert not ana.has_usable_password()
    inactive = set(User.objects.filter(is_active=False).values_list("username", flat=True))
    assert inactive == {"cyd", "guest-star", "slackbot", "deploy-bot"}
    assert User.objects.filter(username="na").exists(), "an invalid user name is changed to a valid one"


@pytest.mark.django_db
def test_conversations_are_imported_with_their_kind_and_members(archive):
    run(archive())
    found = {
        conversation.title or conversation.direct_key: (conversation.kind, conversation.members.count())
        for conversation in Conversation.objects.all()
    }
    keys = [
        ":".join(str(User.objects.get(origin=f"slack:{each}").pk) for each in group)
        for group in (["U1", "U2"], ["U1", "U2", "U3"])
    ]
    assert found == {
        "general": ("open", 2),
        "上海": ("open", 0),
        "board": ("private", 2),
        keys[0]: ("direct", 2),
        keys[1]: ("direct", 3),
        "lost": ("private", 1),
    }
    archived = Conversation.objects.get(archived_at__isnull=False)
    assert archived.archived_at == archived.last_message_at


@pytest.mark.django_db
def test_importing_twice_changes_nothing(archive):
    run(archive())

    def everything():
        return [list(model.objects.order_by("pk").values()) for model in (User, Conversation, Membership, Message)]

    before = everything()
    assert numbers(run(archive()))[1] == 0
    assert everything() == before


@pytest.mark.django_db
def test_a_later_export_adds_new_messages_even_to_a_renamed_channel(archive):
    run(archive())
    board = Conversation.objects.get(title="board")
    board.leave(User.objects.get(username="ana"))
    first, *others = EXPORT["channels.json"]
    renamed = {"channels.json": [first | {"name": "town"}, *others], "general__2023-11-14.json": None}
    later = archive(**renamed, **{"town__2023-11-15.json": [message("1700090000.000000", text="new")]})
    assert numbers(run(later))[1] == 1
    assert contents("general")[-1] == "new"
    assert not board.members.filter(username="ana").exists(), "people who have left are not added again"


@pytest.mark.django_db
def test_the_import_updates_the_last_message_and_the_revision(archive):
    run(archive())
    general = Conversation.objects.get(title="general")
    newest = general.messages.newest_first().first()
    assert (general.last_message_id, general.last_message_at) == (newest.pk, newest.created_at)
    revisions = [each.revision for each in general.messages.oldest_first()]
    assert revisions == list(range(general.revision - 10, general.revision + 1))


@pytest.mark.django_db
def test_accounts_with_the_same_email_are_not_matched_by_default(archive):
    stranger = UserFactory(username="stranger", email="ana@slack.example")
    assert "1 people have the e-mail address of an account here" in run(archive())
    assert not stranger.conversations.exists()
    assert User.objects.get(origin="slack:U1") != stranger


@pytest.mark.django_db
def test_accounts_with_the_same_email_are_matched_on_request(archive):
    mine = UserFactory(username="anita", email="ana@slack.example")
    run(archive(), "--match-email")
    assert Message.objects.filter(user=mine).exists()
    assert mine.conversations.filter(title="board").exists()
    assert "first by @ben" in contents("general")


@pytest.mark.django_db
def test_the_first_person_to_sign_up_after_an_import_becomes_the_owner(archive, client):
    run(archive())
    boss = {"display_name": "Boss", "username": "boss", "email": "boss@example.org"}
    client.post("/accounts/signup/", boss | {"password": "correct horse battery", "workspace_name": "Ours"})
    assert User.objects.get(username="boss").role == User.Role.OWNER


REAL_EXPORTS = [
    ("slack-houstondatavis/houstondatavis_2016-07-31.zip", "slack-houstondatavis/ORACLE.json"),
    ("slack-small/slack-export-viewer_testarchive.zip", "slack-small/ORACLE.json"),
    ("slack-small/zulip_test_slack_importer.zip", "slack-small/ORACLE.json"),
]


@pytest.mark.django_db
@pytest.mark.skipif(not ARCHIVES.exists(), reason="the real archives of ../shared/data are not on this machine")
@pytest.mark.parametrize(("file", "oracle"), REAL_EXPORTS)
def test_real_exports_are_imported_completely(file, oracle):
    expected = json.loads((ARCHIVES / oracle).read_text())[Path(file).name]
    report = run(ARCHIVES / file)
    total = expected["messages"]["records"]
    assert numbers(report) == (total, total, 0)
    derived = expected["derived"]
    assert f"({derived['content_messages']} messages, {derived['system_messages']} system messages)" in report
    assert User.objects.exclude(username="slackbot").filter(email__contains="@").count() >= expected["users"]["total"]
    channels = expected["conversations"]["channels"]
    assert Conversation.objects.count() == channels["total"]
    assert Conversation.objects.filter(archived_at__isnull=False).count() == channels["archived"]
    assert Membership.objects.count() == channels["memberships"]
    by_channel = {each.title: each.messages.count() for each in Conversation.objects.all()}
    assert by_channel == expected["messages"]["by_channel"]
    assert numbers(run(ARCHIVES / file)) == (total, 0, total)


@pytest.mark.django_db
@pytest.mark.skipif(not ARCHIVES.exists(), reason="the real archives of ../shared/data are not on this machine")
def test_imported_conversations_can_be_browsed(as_):
    run(ARCHIVES / REAL_EXPORTS[0][0])
    page = as_(UserFactory()).get("/c/browse/").content.decode()
    assert page.count("<li>") == 16
    assert page.count(">archived<") == 9
