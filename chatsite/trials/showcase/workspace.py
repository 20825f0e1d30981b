"""A workspace of invented people with messages of several days, to show a site at its best.

The people use it over HTTP as anybody does; afterwards their messages are backdated.
"""

import re
from datetime import UTC, datetime, time, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import psycopg
from PIL import Image, ImageDraw
from playwright.sync_api import APIRequest, APIRequestContext

PASSWORD = "correct horse battery"
PEOPLE = {
    "ana": ("Ana Lima", "Runs the bakery"),
    "ben": ("Ben Okri", "Ovens and night shift"),
    "chiara": ("Chiara Conti", "Recipes"),
    "emre": ("Emre Yıldız", "Deliveries"),
    "fatima": ("Fátima Haddad", "Shop and market"),
}
PICTURED = "Oven 2 is at 210° again. The thermostat was loose, see the picture."
ANSWER = "All of the rye, and since March the rolls as well."
PLAN = """Nice. I have put it into the plan:

```python
route = ["Mill", "School", "Station"]
leave(at="05:30", stops=route)  # ten minutes later
```"""
# Title, kind, topic, and messages: author, days ago, time, text.
TALKS = [
    (
        *("Suppliers", "private", "Flour, butter, paper"),
        [("emre", 6, "09:12", "The mill confirms **40 sacks** for Monday.")],
    ),
    (
        *("Recipes", "open", "What goes into the oven, and how long"),
        [
            ("chiara", 3, "16:40", "The rye now rests for 18 hours. Taste it before you complain :wink:"),
            ("ben", 3, "16:52", "Tasted it. No complaints. 🍞"),
        ],
    ),
    (
        *("Market on Saturday", "open", "Who brings what"),
        [
            ("fatima", 1, "11:05", "- [x] tables\n- [x] cash box\n- [ ] price signs\n- [ ] the good knives"),
            ("emre", 0, "08:31", "I load the van at five. @ana, do we take the small oven?"),
        ],
    ),
    (
        *("Town hall", "open", "Everything that concerns all of us"),
        [
            ("ana", 1, "17:02", "Good week, everyone. 412 loaves on Friday alone!"),
            ("chiara", 1, "17:06", "And not one left at closing time."),
            ("ben", 0, "05:48", PICTURED),
            ("fatima", 0, "07:15", "Thank you! The first customers were here at seven."),
            ("fatima", 0, "07:16", "One of them asked whether we bake without milk. What do I tell her?"),
            ("chiara", 0, "07:40", ANSWER),
            ("emre", 0, "08:05", "For the new route, minutes by stop:\n\n| stop | before | now |\n|---|--:|--:|\n"
             "| School | 25 | 18 |\n| Station | 40 | 31 |"),
            ("ana", 0, "08:20", PLAN),
            ("ben", 0, "08:24", "Then I can sleep ten minutes longer. :tada:"),
        ],
    ),
]  # fmt: skip


class Visitor:
    """One of the invented people, signed in to a site."""

    def __init__(self, request: APIRequest, url: str, name: str) -> None:
        self.name, self.api = name, request.new_context(base_url=url)

    def post(self, path: str, form: dict[str, Any] | None = None, **options: Any) -> str:
        """Send a form as a browser does; return the address that it redirects to."""
        cookies = {each["name"]: each["value"] for each in self.api.storage_state()["cookies"]}
        headers = {"X-CSRFToken": cookies.get("csrftoken", "")}
        answer = self.api.post(path, form=form, headers=headers, max_redirects=0, **options)
        assert answer.status == 302, (path, answer.status, answer.text()[:1000])
        return answer.headers["location"]

    def sign_up(self) -> None:
        self.api.get("/accounts/signup/")
        form = {"username": self.name, "email": f"{self.name}@example.org", "password": PASSWORD}
        self.post("/accounts/signup/", form | {"workspace_name": "Mill Street Bakery"})
        if self.name == next(iter(PEOPLE)):
            self.post("/settings/workspace/", {"name": "Mill Street Bakery", "sign_up": "open"})
        shown, about = PEOPLE[self.name]
        profile = {"display_name": shown, "about": about, "time_zone": "UTC", "enter_sends": "on", "shortcuts": "on"}
        self.post("/settings/profile/", profile)

    def say(self, conversation: str, text: str, **more: str) -> int:
        form = {"content": text, "client_key": str(uuid4()), **more}
        return number(self.post(f"{conversation}messages/", form))

    def say_with_picture(self, conversation: str, text: str, picture: bytes, description: str) -> int:
        file = {"name": "thermostat.png", "mimeType": "image/png", "buffer": picture}
        form = {"content": text, "client_key": str(uuid4()), "description": description, "files": file}
        return number(self.post(f"{conversation}messages/", multipart=form))


def number(address: str) -> int:
    found = re.search(r"(\d+)/?$", address)
    assert found, address
    return int(found[1])


def fill(request: APIRequest, url: str, server: psycopg.Connection) -> tuple[APIRequestContext, dict[str, str]]:
    """Let everyone sign up and talk; return the first person's browser, and the conversations' addresses by title."""
    visitors = {name: Visitor(request, url, name) for name in PEOPLE}
    for visitor in visitors.values():
        visitor.sign_up()
    ana, conversations = visitors["ana"], {}
    for title, kind, topic, talk in TALKS:
        form = {"title": title, "kind": kind, "topic": topic}
        conversation = conversations[title] = ana.post("/c/new/", form)
        if kind == "private":
            ana.post(f"{conversation}members/", {"people": "emre"})
        for name in visitors if kind == "open" else ():
            visitors[name].post(f"{conversation}join/")
        ids: list[int] = []
        for name, _, _, text in talk:
            ids.append(speak(visitors[name], conversation, text, ids))
        backdate(server, number(conversation), ids, [moment(days, clock) for _, days, clock, _ in talk])
    react(visitors, server, number(conversations["Town hall"]))
    direct = visitors["ben"].post("/people/ana/message/")
    ids = [visitors["ben"].say(direct, "Are you in tomorrow? The man for the thermostat comes at ten.")]
    backdate(server, number(direct), ids, [moment(0, "08:44")])
    leave_unread(server)
    return ana.api, conversations


def speak(visitor: Visitor, conversation: str, text: str, earlier: list[int]) -> int:
    if text == ANSWER:
        return visitor.say(conversation, text, reply_to=str(earlier[-1]))
    if text == PICTURED:
        description = "A dial between cold and hot, its needle at 210 degrees"
        return visitor.say_with_picture(conversation, text, thermostat(), description)
    return visitor.say(conversation, text)


def thermostat() -> bytes:
    """Draw a dial as PNG."""
    picture, file = Image.new("RGB", (640, 360), "#2b2622"), BytesIO()
    pen = ImageDraw.Draw(picture)
    pen.ellipse((190, 50, 450, 310), fill="#e9e2d4", outline="#b8860b", width=10)
    pen.arc((215, 75, 425, 285), 150, 330, fill="#3f7cac", width=16)
    pen.arc((215, 75, 425, 285), 330, 390, fill="#c0392b", width=16)
    pen.line((320, 180, 400, 140), fill="#2b2622", width=8)
    pen.ellipse((306, 166, 334, 194), fill="#2b2622")
    picture.save(file, "PNG")
    return file.getvalue()


def react(visitors: dict[str, Visitor], server: psycopg.Connection, town: int) -> None:
    rows = server.execute("SELECT id FROM messages WHERE conversation_id = %s AND NOT is_system ORDER BY id", [town])
    ids = [pk for (pk,) in rows]
    for name, which, emoji in [
        ("ben", 0, "🎉"),
        ("emre", 0, "🎉"),
        ("ana", 2, "👍"),
        ("fatima", 2, "👍"),
        ("ana", 5, "🙏"),
    ]:
        visitors[name].post(f"/m/{ids[which]}/reactions/", {"emoji": emoji})
    visitors["ana"].post(f"/m/{ids[2]}/pin/", {"reason": "for the night shift"})
    visitors["ana"].post(f"/m/{ids[5]}/save/")


def moment(days: int, clock: str) -> datetime:
    today = datetime.now(UTC).date() - timedelta(
        days=1
    )  # so that no message is in the future, whatever the time is now
    return datetime.combine(today - timedelta(days=days), time.fromisoformat(clock), UTC)


def backdate(server: psycopg.Connection, conversation: int, ids: list[int], moments: list[datetime]) -> None:
    for pk, at in zip(ids, moments, strict=True):
        server.execute("UPDATE messages SET created_at = %s WHERE id = %s", [at, pk])
    for column in ("joined_at", "last_read_at"):
        server.execute(
            f"UPDATE conversation_members SET {column} = %s WHERE conversation_id = %s",  # noqa: S608
            [moments[-1], conversation],
        )
    server.execute("UPDATE conversations SET last_message_at = %s WHERE id = %s", [moments[-1], conversation])


def leave_unread(server: psycopg.Connection) -> None:
    """Make the newest message of two conversations unread for the first person."""
    server.execute(
        "UPDATE conversation_members m SET last_read_at = c.last_message_at - interval '1 second'"
        " FROM conversations c WHERE c.id = m.conversation_id AND m.user_id = (SELECT min(id) FROM users)"
        " AND (c.kind = 'direct' OR c.title LIKE 'Market%')"
    )
