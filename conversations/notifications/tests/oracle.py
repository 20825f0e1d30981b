"""What the rules of notifications say about people and messages, in plain Python and independently of the site.

Times are numbers that grow. Where the rules leave it open what becomes of a notification, several outcomes are right.
"""

from dataclasses import dataclass, field
from itertools import count

SEND, HOLD = "send", "hold"
PERSONAL = {"mention", "call", "reply", "thread"}


@dataclass(eq=False)
class Post:
    """A message as people know it."""

    place: str
    author: str
    at: float
    words: str
    named: set[str]
    calls: bool
    reply_to: "Post | None" = None
    in_conversation: bool = True
    is_deleted: bool = False
    was_deleted: bool = False
    is_edited: bool = False
    # Why each person was mentioned, and those of them who have seen it.
    mentioned: dict[str, str] = field(default_factory=dict)
    seen_by: set[str] = field(default_factory=set)

    @property
    def thread(self):
        return self.reply_to and (self.reply_to.thread or self.reply_to)


@dataclass
class Choices:
    """What a person has chosen."""

    off: set[str] = field(default_factory=set)
    is_paused: bool = False
    is_quiet: bool = False
    direct_passes: bool = False
    passing: set[str] = field(default_factory=set)


class Oracle:
    """A small workspace, and who is to be notified there."""

    def __init__(self, people, members, open_places, direct_places):
        self.clock = count(1)
        self.people, self.open_places, self.direct_places = people, open_places, direct_places
        self.levels = {place: dict.fromkeys(names, "all") for place, names in members.items()}
        self.markers = {(place, name): 0.0 for place, names in members.items() for name in names}
        self.threads = {}  # (first post, name): up to where it is read
        self.muted_threads = set()
        self.inactive = set()
        self.choices = {name: Choices() for name in people}

    # What people do

    def post(self, place, author, words, named, calls, reply_to=None, in_conversation=True):
        post = Post(place, author, next(self.clock), words, named, calls, reply_to, in_conversation)
        if post.in_conversation and author in self.levels[place]:
            self.markers[place, author] = post.at
        if post.thread:
            self.threads[post.thread, author] = post.at
            self.threads.setdefault((post.thread, post.thread.author), post.at - 0.5)
        return post

    def see_mentions(self, name, posts):
        for each in posts:
            each.seen_by.add(name)

    def mention(self, post):
        """Record whom the present words of a post mention, each once."""
        for name in self.reached_by(post) - post.mentioned.keys():
            post.mentioned[name] = "mention" if name in post.named else "call"
            if post.thread:
                key = (post.thread, name)
                self.threads[key] = min(self.threads.get(key, post.at), post.at - 0.5)

    def reached_by(self, post):
        called = set(self.levels[post.place]) if post.calls else set()
        return {name for name in post.named | called if self.sees(name, post.place)} - {post.author}

    def sees(self, name, place):
        return name not in self.inactive and (place in self.open_places or name in self.levels[place])

    # Who is notified, and what becomes of it

    def concerned(self, post, is_edit):
        """Map the people whom a post concerns to their reasons; an edit concerns only those whom it mentions."""
        ranked = [(name, 5 if reason == "call" else 1, reason) for name, reason in post.mentioned.items()]
        if not is_edit:
            members = self.levels[post.place]
            ranked += [(name, 2, "direct") for name in members if post.place in self.direct_places]
            ranked += [(post.reply_to.author, 3, "reply")] if post.reply_to else []
            ranked += [(name, 4, "thread") for name in self.followers(post)]
            ranked += [(name, 6, "watch") for name, level in members.items() if level == "watch"]
        best = {}
        for name, _rank, reason in sorted(ranked, key=lambda each: each[1]):
            best.setdefault(name, []).append(reason)
        return {name: reasons for name, reasons in best.items() if name != post.author and name not in self.inactive}

    def followers(self, post):
        return [name for first, name in self.threads if first is post.thread and not self.is_muted(post, name)]

    def is_muted(self, post, name):
        return (post.thread or post, name) in self.muted_threads

    def right(self, name, post, reasons):
        """Return the right outcomes of a notification that is decided about now."""
        if post.is_deleted:
            return {"deleted"}
        if not self.sees(name, post.place):
            return {"invisible"}
        if post.is_edited and reasons[0] in ("mention", "call") and not self.still_reaches(name, post, reasons[0]):
            return {"unmentioned"}
        if self.has_read(name, post):
            return {"read"}
        wanted = self.unwanted(name, post, reasons) or self.held(name, post)
        return {wanted, "read"} if post.was_deleted else {wanted}

    def still_reaches(self, name, post, reason):
        is_named = name in post.named or (post.calls and (reason == "call" or name in self.levels[post.place]))
        return is_named or self.has_other_reason(name, post)

    def has_other_reason(self, name, post):
        members = self.levels[post.place]
        is_direct = post.place in self.direct_places
        is_reply = bool(post.reply_to) and post.reply_to.author == name
        follows = (post.thread, name) in self.threads and not self.is_muted(post, name)
        return is_direct or is_reply or follows or members.get(name) == "watch"

    def has_read(self, name, post):
        if name in post.mentioned:
            return name in post.seen_by
        markers = [self.markers.get((post.place, name), 0)] if post.in_conversation else []
        markers += [self.threads.get((post.thread, name), 0)] if post.thread else []
        return any(marker >= post.at for marker in markers)

    def unwanted(self, name, post, reasons):
        level = self.levels[post.place].get(name)
        if level == "nothing":
            return "muted"
        if post.thread and self.is_muted(post, name):
            return "thread"
        found = [self.refused(name, level, reason) for reason in reasons]
        return "" if "" in found else found[0]

    def refused(self, name, level, reason):
        if (level == "mentions" and reason not in PERSONAL) or (reason == "watch" and level != "watch"):
            return "level"
        return "off" if reason in self.choices[name].off else ""

    def held(self, name, post):
        chosen = self.choices[name]
        passes = post.author in chosen.passing or (chosen.direct_passes and post.place in self.direct_places)
        return HOLD if (chosen.is_paused or chosen.is_quiet) and not passes else SEND
