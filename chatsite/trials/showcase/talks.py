"""What the invented people of a bakery have said to each other."""

from typing import NamedTuple


class Said(NamedTuple):
    """A message: its author, how many days ago and at what time it was posted, and its text.

    `thread` and `reply_to` are the texts of the messages to which it is a reply.
    """

    author: str
    days: int
    clock: str
    text: str
    thread: str = ""
    reply_to: str = ""
    pictures: tuple[str, ...] = ()


class Talk(NamedTuple):
    """A conversation: who is in it beside its owner, and what they said."""

    title: str
    kind: str
    topic: str
    people: tuple[str, ...]
    said: tuple[Said, ...]


PEOPLE = {
    "ana": ("Ana Lima", "Runs the bakery"),
    "ben": ("Ben Okri", "Ovens and night shift"),
    "chiara": ("Chiara Conti", "Recipes"),
    "emre": ("Emre Yıldız", "Deliveries"),
    "fatima": ("Fátima Haddad", "Shop and market"),
    "markus": ("Markus Brandt", "Accounts"),
    "ana.m": ("Ana Markovic", "Shop"),
    "jonas": ("Jonas Weber", "Apprentice"),
    "lucia": ("Lucía Romero", "Cakes"),
}
EVERYONE = tuple(PEOPLE)[1:]
MILK = "One of them asked whether we bake without milk. What do I tell her?"
ROUTE = """For the new route @ana: **twelve** minutes saved.

```python
route = ["Mill", "School", "Station"]
leave(at="05:30", stops=route)
```"""
TIMES = "| | rye | rolls |\n|---|--:|--:|\n| rest | 18 h | 4 h |\n| bake | 55 min | 18 min |"
VAN = "Here is the van, and the stall on the square:"
REACTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    ROUTE: {"🎉": ("ana", "ben", "chiara"), "👍": ("fatima", "jonas")},
    VAN: {"❤️": ("ana", "lucia")},
}
PINNED = {ROUTE: "from Monday on", "Good week, everyone. 412 loaves on Friday alone!": ""}
TALKS = [
    Talk(
        *("Website", "open", "Opening hours, pictures, the shop"),
        ("ben", "chiara", "markus"),
        (Said("ben", 4, "16:20", "The new opening hours are online"),),
    ),
    Talk(
        *("Wages", "private", ""),
        ("markus",),
        (Said("ana", 6, "18:00", "November is done"),),
    ),
    Talk(
        *("Ovens and machines", "open", "What is broken, and who repairs it"),
        ("ben", "emre", "jonas"),
        (
            Said("ben", 9, "06:12", "Oven 2 is at 210° again. The thermostat was loose.", pictures=("thermostat",)),
            Said("emre", 9, "08:30", "Oven 2 is serviced on Monday"),
        ),
    ),
    Talk(
        *("Recipes", "open", "What goes into the oven, and how long"),
        ("ben", "chiara", "lucia"),
        (
            Said("chiara", 2, "16:40", "The rye now rests for 18 hours. Taste it before you complain :wink:"),
            Said("lucia", 2, "16:45", TIMES),
            Said("ana", 1, "09:10", "Tasted it. No complaints. 🍞"),
        ),
    ),
    Talk(
        *("Suppliers", "private", "Flour, butter, paper"),
        ("emre", "markus"),
        (
            Said("markus", 1, "10:00", "Butter is 4 % dearer from January. Shall I ask the dairy in the valley?"),
            Said("emre", 0, "08:02", "The mill confirms **40 sacks** for Monday."),
        ),
    ),
    Talk(
        *("Market on Saturday", "open", "Who brings what"),
        ("emre", "fatima", "jonas"),
        (
            Said("fatima", 6, "11:05", "We need the stall for the market by Friday, so please say who comes along."),
            Said("jonas", 0, "07:30", "- [x] tables\n- [x] cash box\n- [ ] price signs\n- [ ] the good knives"),
            Said("fatima", 0, "07:55", "I load the van at five"),
        ),
    ),
    Talk(
        *("Deliveries", "open", "Routes, vans and times"),
        ("emre", "ben", "fatima"),
        (
            Said("ben", 1, "19:00", "The crates for the school are by the door."),
            Said("emre", 0, "08:31", "@ana can you open the gate at the mill tomorrow?"),
        ),
    ),
    Talk(
        *("Town hall", "open", "Everything that concerns all of us"),
        EVERYONE,
        (
            Said("ana", 1, "17:02", "Good week, everyone. 412 loaves on Friday alone!"),
            Said("chiara", 1, "17:06", "And not one left at closing time."),
            Said("lucia", 1, "17:20", "The cake for the school is ready, see [the recipe](https://example.org/cake)."),
            Said("fatima", 0, "07:15", "Thank you! The first customers were here at seven."),
            Said("fatima", 0, "07:16", MILK),
            Said("chiara", 0, "07:40", "All of the rye, and since March the rolls as well.", thread=MILK),
            Said("chiara", 0, "07:41", "The brioche has butter.", thread=MILK),
            Said("ana", 0, "08:41", "I have put a sign on the counter.", thread=MILK),
            Said("emre", 0, "08:05", ROUTE),
            Said("chiara", 0, "08:20", VAN, reply_to=ROUTE, pictures=("van", "stall")),
            Said("ben", 0, "08:24", "ok"),
            Said("ben", 0, "08:24", "Then we can sleep ten minutes longer. :tada:"),
        ),
    ),
]  # fmt: skip
# Direct conversations with the first person: who is in them, and what they said.
DIRECT = [
    (("fatima",), (Said("ana", 5, "12:00", "Have you got the keys?"),)),
    (("emre", "fatima"), (Said("emre", 4, "15:00", "We share the van on Thursday."),)),
    (("chiara",), (Said("chiara", 3, "13:30", "Thanks, that helped!"),)),
    (("ben",), (Said("ben", 0, "08:24", "Are you in tomorrow? The flour comes at ten."),)),
]
UNREAD = ("Deliveries", "Suppliers", "Market on Saturday")
FAVOURITES = ("Town hall", "Market on Saturday")
