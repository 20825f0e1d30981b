"""Pictures, recordings, texts and documents: how a message shows them, their pages, and the files of a conversation."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.models import Attachment, Membership, Message
from conversations.tests.message.pictures import noise, picture
from conversations.tests.message.test_attachments import address, attach, body

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + noise(2000)
MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x21TIT2" + noise(2000)
PDF = b"%PDF-1.7\n" + noise(500) + b"\n%%EOF\n"


@pytest.fixture
def ana(world, as_):
    return as_(world.ana)


def shown(client, conversation):
    return client.get(f"/c/{conversation.pk}/").content.decode()


def test_recordings_play_in_place_and_never_by_themselves(world, ana):
    attach(ana, world.plans, (MP4, "oven.mp4"), (MP3, "song.mp3"))
    video, audio = Attachment.objects.order_by("position")
    page = shown(ana, world.plans)
    assert f'<video controls preload="metadata" src="{address(video)}"' in page
    assert f'<audio controls preload="none" src="{address(audio)}"' in page
    assert "autoplay" not in page
    assert "media-src 'self'" in ana.get(f"/c/{world.plans.pk}/")["Content-Security-Policy"]
    part = ana.get(address(video), headers={"Range": "bytes=100-199"})
    assert (part.status_code, part["Content-Type"], body(part)) == (
        206,
        "video/mp4",
        body(ana.get(address(video)))[100:200],
    )
    assert ana.get(address(video), headers={"Range": "bytes=9999-"}).status_code == 416


def test_the_first_lines_of_a_text_are_shown(world, ana):
    lines = ["line <b>one</b>", *(f"line {number}" for number in range(2, 30)), "x" * 9000]
    attach(ana, world.plans, ("\n".join(lines).encode(), "log.txt"), ("é".encode() * 3000, "long.txt"))
    page = shown(ana, world.plans)
    assert "line &lt;b&gt;one&lt;/b&gt;\nline 2\nline 3" in page
    assert "line 8" in page
    assert "line 9" not in page
    assert "é" * 160 in page
    assert "é" * 161 not in page


def test_texts_and_documents_open_in_the_browser(world, ana):
    attach(
        ana, world.plans, (b"<script>alert(1)</script>".rjust(40, b"x"), "a.txt"), (PDF, "b.pdf"), (noise(99), "c.bin")
    )
    text, pdf, other = Attachment.objects.order_by("position")
    page = shown(ana, world.plans)
    assert f'href="{address(text)}?open"' in page
    assert f'href="{address(pdf)}?open"' in page
    assert f'href="{address(other)}?open"' not in page
    answer = ana.get(f"{address(text)}?open")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "Content-Disposition" not in answer
    assert "sandbox" in answer["Content-Security-Policy"]
    answer = ana.get(f"{address(pdf)}?open")
    assert answer["Content-Type"] == "application/pdf"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert ana.get(f"{address(other)}?open")["Content-Disposition"].startswith("attachment")


def test_a_page_shows_a_picture_between_its_neighbours(world, ana, as_):
    for name in ("one", "two", "three"):
        attach(ana, world.plans, (picture(), f"{name}.jpg"), (b"text", f"{name}.txt"))
    attach(ana, world.town, (picture(), "elsewhere.jpg"))
    one, two, three = Attachment.objects.filter(width__isnull=False, message__conversation=world.plans).order_by("pk")
    assert f'href="/files/{two.pk}/"' in shown(ana, world.plans)
    page = ana.get(f"/files/{two.pk}/").content.decode()
    assert f'src="{address(two)}" width="640" height="400"' in page
    assert f'rel="prev" href="/files/{one.pk}/"' in page
    assert f'rel="next" href="/files/{three.pk}/"' in page
    assert f'href="/m/{two.message_id}/"' in page
    assert f'href="{address(two)}" download' in page
    last = ana.get(f"/files/{three.pk}/").content.decode()
    assert 'rel="next"' not in last
    Message.objects.get(pk=two.message_id).delete_by(world.ana)
    assert f'rel="prev" href="/files/{one.pk}/"' in ana.get(f"/files/{three.pk}/").content.decode()
    assert ana.get(f"/files/{two.pk}/").status_code == 404
    assert as_(world.olga).get(f"/files/{one.pk}/").status_code == 404
    text = Attachment.objects.filter(width__isnull=True).first()
    assert ana.get(f"/files/{text.pk}/").status_code == 404


def listed(client, conversation, **query):
    answer = client.get(f"/c/{conversation.pk}/files/", query)
    return [file.name for file in answer.context["files"]]


def test_the_files_of_a_conversation_are_listed_by_kind_and_name(world, ana, as_):
    attach(ana, world.plans, (picture(), "Öfen.jpg"), (PDF, "plan.pdf"), (MP4, "oven.mp4"))
    attach(ana, world.plans, (b"text", "plan.txt"))
    attach(ana, world.town, (b"text", "elsewhere.txt"))
    assert listed(ana, world.plans) == ["plan.txt", "oven.mp4", "plan.pdf", "Öfen.jpg"]
    assert listed(ana, world.plans, kind="pictures") == listed(ana, world.plans, q="ofe") == ["Öfen.jpg"]
    assert listed(ana, world.plans, kind="recordings") == ["oven.mp4"]
    assert listed(ana, world.plans, kind="others", q="PDF") == ["plan.pdf"]
    assert listed(ana, world.plans, kind="\0", q="\0") == listed(ana, world.plans)
    assert listed(ana, world.plans, q="nothing") == []
    assert "No such files." in ana.get(f"/c/{world.plans.pk}/files/?q=nothing").content.decode()
    assert as_(world.olga).get(f"/c/{world.plans.pk}/files/").status_code == 404
    assert f'href="/c/{world.plans.pk}/files/"' in shown(ana, world.plans)


def test_hidden_and_deleted_files_are_not_listed(world, ana, as_):
    attach(ana, world.plans, (b"old", "old.txt"))
    joined = timezone.now() + timedelta(seconds=1)
    attach(ana, world.plans, (b"new", "new.txt"))
    Message.objects.filter(attachments__name="new.txt").update(created_at=joined + timedelta(seconds=1))
    ben = as_(world.ben)
    assert listed(ben, world.plans) == ["new.txt", "old.txt"]
    Membership.objects.filter(user=world.ben, conversation=world.plans).update(history_from=joined)
    assert listed(ben, world.plans) == ["new.txt"]
    Message.objects.get(attachments__name="new.txt").delete_by(world.ana)
    assert listed(ben, world.plans) == []
    assert listed(ana, world.plans) == ["old.txt"]


def test_many_files_are_split_into_pages(world, ana, monkeypatch):
    monkeypatch.setattr("conversations.views.message.files.PAGE_FILES", 2)
    for number in range(5):
        attach(ana, world.plans, (b"text", f"{number}.txt"))
    seen, query = [], {}
    while True:
        context = ana.get(f"/c/{world.plans.pk}/files/", query).context
        seen += [file.name for file in context["files"]]
        if not context["earlier"]:
            break
        query = {"earlier": context["earlier"]}
    assert seen == ["4.txt", "3.txt", "2.txt", "1.txt", "0.txt"]
