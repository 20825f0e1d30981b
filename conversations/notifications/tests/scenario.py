"""Random things that people and processes do, done to the site and to the oracle, which checks what is sent."""

import json
import re
from datetime import timedelta
from uuid import uuid4

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import NotAllowed, User
from conversations.models import Membership, Message, ThreadFollower
from conversations.models.message.posting import ReplyTargetGone
from conversations.models.outbox import OutboxEntry
from conversations.notifications import fan_out
from conversations.notifications.models import Device, Notification, NotificationDelivery, NotificationSettings
from conversations.notifications.push import courier
from conversations.notifications.push.answers import Result, Sent
from conversations.notifications.tests.oracle import HOLD, SEND, Oracle

ALWAYS = [{"days": [0, 1, 2, 3, 4, 5, 6], "from": "00:00", "to": "00:00"}]
LEVELS = ["all", "watch", "mentions", "nothing"]
KINDS = ["mention", "direct", "reply", "call", "thread", "watch"]
WORD = re.compile(r"word\d+x")
PAST = timedelta(minutes=2)
ANSWERS = {"fails": Sent(Result.LATER, "503", 30.0), "refuses": Sent(Result.REFUSED, "400")}


class Scenario:
    """A world to which things happen."""

    def __init__(self, world, monkeypatch):
        self.courier = courier.PushCourier()
        self.people = {name: getattr(world, name) for name in ("ana", "ben", "olga")}
        self.places = {name: getattr(world, name) for name in ("plans", "town", "direct")}
        members = {"plans": ["ana", "ben", "olga"], "town": ["ana", "ben"], "direct": ["ana", "ben"]}
        self.oracle = Oracle(self.people, members, {"town"}, {"direct"})
        self.devices = dict(Device.objects.values_list("pk", "user__username"))
        self.posts, self.messages = {}, {}  # by the id of the message
        self.notified, self.pushed = {}, []  # {(name, message): reason}, [(device, message)]
        self.parcels = {0: [], 1: []}  # what each process is sending
        self.signs, self.may_repeat, self.may_fail = {}, set(), set()
        self.answers = {}  # of devices, if not “sent”
        monkeypatch.setattr(courier, "push", self.receive)
        monkeypatch.setattr(courier, "announce", lambda *_: None)

    def do(self, verb, *choices):
        self.choices = iter(choices)
        getattr(self, verb)()
        self.check_nothing_is_forgotten()

    def pick(self, among):
        among = list(among)
        return among[next(self.choices) % len(among)] if among else None

    # People

    def post(self, reply_to=None, in_conversation=True):
        author, place = self.pick(self.people), self.pick(self.places)
        if reply_to:
            place = reply_to.place
        words, named, calls = self.words()
        options = {"reply_to": self.messages[reply_to.pk], "in_conversation": in_conversation} if reply_to else {}
        try:
            message = self.places[place].post(self.person(author), words, uuid4(), **options)
        except (NotAllowed, ReplyTargetGone):
            return
        post = self.oracle.post(place, author, words, named, calls, reply_to, in_conversation)
        post.pk = message.pk
        self.see(author, [each for each in self.in_place(place) if post.in_conversation and each.in_conversation])
        self.see(author, [each for each in self.posts.values() if post.thread and each.thread is post.thread])
        self.posts[post.pk], self.messages[post.pk] = post, message
        self.oracle.mention(post)

    def reply(self, in_conversation=True):
        first = self.pick(each for each in self.posts.values() if not each.is_deleted)
        if first:
            self.post(first, in_conversation)

    def reply_in_thread(self):
        self.reply(in_conversation=False)

    def words(self):
        mentioned = self.pick([[], [], ["ben"], ["olga"], ["ana"], ["ana", "ben"], ["all"], ["all", "ben"]])
        words = " ".join([f"word{next(self.oracle.clock)}x", *(f"@{name}" for name in mentioned)])
        return words, set(mentioned) - {"all"}, "all" in mentioned

    def edit(self):
        post = self.pick(each for each in self.posts.values() if not each.is_deleted)
        if post:
            words, named, calls = self.words()
            try:
                Message.objects.get(pk=post.pk).edit(self.person(post.author), words)
            except NotAllowed:
                return
            post.words, post.calls, post.is_edited = words, calls, True
            post.named = {name for name in named if self.oracle.sees(name, post.place)}
            self.oracle.mention(post)

    def delete(self):
        post = self.pick(each for each in self.posts.values() if not each.is_deleted)
        if post and self.may(lambda: Message.objects.get(pk=post.pk).delete_by(self.person(post.author))):
            post.is_deleted = post.was_deleted = True

    def restore(self):
        post = self.pick(each for each in self.posts.values() if each.is_deleted)
        if post and self.may(lambda: Message.objects.get(pk=post.pk).restore_by(self.person(post.author))):
            post.is_deleted = False

    def may(self, act):
        try:
            act()
        except NotAllowed:
            return False
        return True

    def person(self, name):
        return User.objects.get(pk=self.people[name].pk)

    def read(self):
        name, post = self.pick(self.people), self.pick(each for each in self.posts.values() if each.in_conversation)
        if post and self.oracle.sees(name, post.place):
            self.places[post.place].mark_read(self.person(name), Message.objects.get(pk=post.pk))
            seen = [each for each in self.in_place(post.place) if each.in_conversation and each.at <= post.at]
            self.see(name, seen)
            marker = self.oracle.markers.get((post.place, name))
            if marker is not None:
                self.oracle.markers[post.place, name] = max(marker, post.at)
            self.read_threads_with(name, post)

    def read_threads_with(self, name, post):
        """Threads whose new replies were all read in the conversation are read."""
        for first, follower in list(self.oracle.threads):
            if follower == name and first.place == post.place:
                marker = self.oracle.threads[first, name]
                new = [each for each in self.posts.values() if each.thread is first and each.at > marker]
                new = [each for each in new if not each.is_deleted]
                if all(each.in_conversation and each.at <= post.at for each in new):
                    self.oracle.threads[first, name] = max(marker, post.at) if new else marker

    def unread(self):
        name, post = self.pick(self.people), self.pick(each for each in self.posts.values() if each.in_conversation)
        if post and self.oracle.sees(name, post.place):
            self.places[post.place].mark_unread(self.person(name), Message.objects.get(pk=post.pk))
            for each in self.in_place(post.place):
                if each.in_conversation and each.at >= post.at:
                    each.seen_by.discard(name)
            marker = self.oracle.markers.get((post.place, name))
            if marker is not None and marker >= post.at:
                self.oracle.markers[post.place, name] = post.at - 0.5

    def read_thread(self):
        name, post = self.pick(self.people), self.pick(each for each in self.posts.values() if each.thread)
        message = post and Message.objects.get(pk=post.pk)
        if post and self.may(lambda: message.mark_thread_read(self.person(name), message)):
            self.see(name, [each for each in self.posts.values() if each.thread is post.thread and each.at <= post.at])
            if (post.thread, name) in self.oracle.threads:
                marker = self.oracle.threads[post.thread, name]
                self.oracle.threads[post.thread, name] = max(marker, post.at)

    def see(self, name, posts):
        self.oracle.see_mentions(name, [each for each in posts if name in each.mentioned])

    def in_place(self, place):
        return [each for each in self.posts.values() if each.place == place]

    def level(self):
        place, name, level = self.pick(self.places), self.pick(self.people), self.pick(LEVELS)
        if self.may(lambda: self.places[place].set_notify(self.person(name), level)):
            self.oracle.levels[place][name] = level

    def mute_thread(self):
        name, post = self.pick(self.people), self.pick(each.thread for each in self.posts.values() if each.thread)
        is_muted = (post, name) in self.oracle.muted_threads
        message = post and Message.objects.get(pk=post.pk)
        change = message and (message.follow_thread if is_muted else message.mute_thread)
        if post and self.may(lambda: change(self.person(name))):
            self.oracle.muted_threads ^= {(post, name)}
            if (post, name) not in self.oracle.threads:  # it is read so far: within a transaction, NOW() is its start
                ThreadFollower.objects.filter(user=self.people[name], message=post.pk).update(last_read_at=Now())
                self.oracle.threads[post, name] = next(self.oracle.clock)

    def leave(self):
        place, name = self.pick(["plans", "town"]), self.pick(self.people)
        if name in self.oracle.levels[place] and self.may(lambda: self.places[place].leave(self.person(name))):
            del self.oracle.levels[place][name], self.oracle.markers[place, name]

    def join(self):
        place, name = self.pick(["plans", "town"]), self.pick(self.people)
        members = self.oracle.levels[place]
        if name not in members and name not in self.oracle.inactive and members:
            self.places[place].admit([self.person(name)])
            mine = Membership.objects.filter(user=self.people[name], conversation=self.places[place].pk)
            mine.update(joined_at=Now(), last_read_at=Now())  # as above
            members[name], self.oracle.markers[place, name] = "all", next(self.oracle.clock)

    def deactivate(self):
        name = self.pick(self.people)
        self.oracle.inactive ^= {name}
        User.objects.filter(pk=self.people[name].pk).update(is_active=name not in self.oracle.inactive)

    def choose(self):
        name, what = self.pick(self.people), self.pick(["off", "quiet", "pause", "direct", "passing"])
        if name in self.oracle.inactive:
            return
        chosen, other = self.oracle.choices[name], self.pick(self.people)
        match what:
            case "off":
                chosen.off ^= {self.pick(KINDS)}
            case "quiet":
                chosen.is_quiet ^= True
            case "pause":
                chosen.is_paused ^= True
            case "direct":
                chosen.direct_passes ^= True
            case "passing":
                chosen.passing ^= {other}
        self.store(name)

    def store(self, name):
        chosen = self.oracle.choices[name]
        NotificationSettings.objects.of(self.people[name]).change(
            self.person(name),
            push_off=sorted(chosen.off),
            quiet=ALWAYS if chosen.is_quiet else [],
            paused_until=timezone.now() + timedelta(days=1) if chosen.is_paused else None,
            direct_passes=chosen.direct_passes,
            passing=sorted(self.people[each].pk for each in chosen.passing),
        )

    # Processes

    def notify(self):
        """Notify the people of everything in the outbox, and check who they are."""
        for message, is_edit in OutboxEntry.objects.values_list("message", "is_edit"):
            for name, reasons in self.oracle.concerned(self.posts[message], is_edit).items():
                before = self.notified.setdefault((name, message), reasons)
                if reasons[0] == "mention" != before[0]:
                    self.notified[name, message] = ["mention", *before]
        while fan_out.empty_outbox():
            pass
        found = {
            (name, message): [reason, *others] for name, message, reason, others in self.stored("reason", "others")
        }
        assert found == self.notified

    def stored(self, *columns):
        return Notification.objects.values_list("user__username", "message", *columns)

    def time_passes(self):
        """Make due what would be due soon, but not what waits for the end of quiet hours and pauses."""
        NotificationDelivery.objects.waiting().filter(hold="").update(due_at=Now() - PAST)

    def collect(self):
        """Let a process claim some of what is due."""
        self.claim(self.pick([0, 1]), self.pick([1, 2, 32]))

    def claim(self, process, most):
        right = {
            (name, message): self.oracle.right(name, self.posts[message], [reason, *others])
            for name, message, reason, others, outcome in self.stored("reason", "others", "push")
            if not outcome
        }
        before = dict(NotificationDelivery.objects.filter(claimed_until__gt=Now()).values_list("pk", "attempts"))
        parcels = self.courier.collect(most)
        for parcel in parcels:
            for facts in parcel.due.to_send:
                assert SEND in right[self.name(facts.user), facts.message], (right, facts)
        outcomes = {(name, message): outcome for name, message, outcome in self.stored("push") if outcome}
        for key in outcomes.keys() & right.keys():
            allowed = right[key] | ({"device"} if not self.devices_of(key[0]) and SEND in right[key] else set())
            assert outcomes[key] in allowed, (key, outcomes[key], right[key])
        self.parcels[process] += parcels
        return NotificationDelivery.objects.filter(claimed_until__gt=Now()).exclude(pk__in=before).exists() or parcels

    def name(self, pk):
        return next(name for name, person in self.people.items() if person.pk == pk)

    def devices_of(self, name):
        return {pk for pk, owner in self.devices.items() if owner == name}

    def send(self):
        """Let a process send one of its parcels, and record it."""
        self.finish(self.pick([0, 1]))

    def finish(self, process):
        if self.parcels[process]:
            parcel = self.parcels[process].pop(0)
            self.courier.record([(parcel, self.transmit(parcel))])

    def transmit(self, parcel):
        self.parcel, user = parcel, self.name(parcel.due.user)
        answers = self.courier.send(parcel)
        if any(sent.result != Result.SENT for sent in answers.values()):
            self.may_fail.add(user)
            self.excuse(parcel)
        return answers

    def receive(self, target, payload, urgency, topic):
        """Receive a push, in place of the push service."""
        if target.device in self.answers:
            return ANSWERS[self.answers[target.device]]
        due, shown = self.parcel.due, json.loads(payload)["notification"]
        messages = [facts.message for facts in due.to_send]
        conversation = due.to_send[0].conversation
        assert self.devices[target.device] == self.name(due.user)
        assert shown["navigate"].endswith(f"/m/{messages[-1]}/")
        assert self.signs.setdefault((target.device, conversation), (shown["tag"], topic)) == (shown["tag"], topic)
        for message in messages:
            again = (target.device, message) in self.pushed
            assert not again or (self.name(due.user), message) in self.may_repeat, f"{message} was pushed twice"
            self.pushed.append((target.device, message))
        return Sent(Result.SENT)

    def crash(self):
        """Kill a process while it sends; some of its pushes have arrived. Its leases end at some time."""
        process, arrived = self.pick([0, 1]), self.pick([0, 1, 2])
        for number, parcel in enumerate(self.parcels[process]):
            self.excuse(parcel)
            if number < arrived:
                self.transmit(parcel)
        self.parcels[process] = []

    def leases_end(self):
        """Let all leases end, also those of processes that are slow, but still there."""
        for parcel in [*self.parcels[0], *self.parcels[1]]:
            self.excuse(parcel)
        NotificationDelivery.objects.filter(claimed_until__isnull=False).update(claimed_until=Now() - PAST)

    def excuse(self, parcel):
        self.may_repeat |= {(self.name(facts.user), facts.message) for facts in parcel.due.to_send}

    def service_answers(self):
        """Let the push service fail, refuse, or work again for a device."""
        device, answer = self.pick(self.devices), self.pick(["fails", "refuses", ""])
        self.answers.pop(device, None)
        if answer:
            self.answers[device] = answer

    def deliver(self):
        """Send everything that is due; then nothing waits that could be sent."""
        self.notify()
        self.time_passes()
        while self.claim(0, 32) or self.parcels[0]:
            while self.parcels[0]:
                self.finish(0)
        busy = NotificationDelivery.objects.filter(Q(attempts__gt=0) | Q(claimed_until__gt=Now()))
        idle = [*self.stored("reason", "others", "conversation")]
        claimed = set(busy.values_list("user__username", "conversation"))
        waiting = set(Notification.objects.waiting("push").values_list("user__username", "message"))
        for name, message, reason, others, conversation in idle:
            if (name, message) in waiting and (name, conversation) not in claimed:
                right = self.oracle.right(name, self.posts[message], [reason, *others])
                assert HOLD in right, f"{name} still waits for {message}, which is {right}"

    def settle(self):
        """End all that holds notifications back; then each has an outcome."""
        self.answers = {}
        for process in self.parcels:
            while self.parcels[process]:
                self.finish(process)
        for name in self.people:
            self.oracle.inactive.discard(name)
            User.objects.filter(pk=self.people[name].pk).update(is_active=True)
            self.oracle.choices[name].is_quiet = self.oracle.choices[name].is_paused = False
            self.store(name)
        self.leases_end()
        self.deliver()
        NotificationDelivery.objects.filter(claimed_until__isnull=False).update(claimed_until=Now() - PAST)
        self.deliver()
        self.check_nothing_is_forgotten()
        assert not Notification.objects.waiting("push").exists()
        assert not NotificationDelivery.objects.over("push").waiting().exists()
        for name, message, outcome in self.stored("push"):
            reached = {device for device, pushed in self.pushed if pushed == message and self.devices[device] == name}
            if outcome == "sent":
                missing = self.devices_of(name) - reached
                assert reached, f"{name} was not pushed {message}"
                assert not missing or name in self.may_fail, f"a browser of {name} was not pushed {message}"
            elif outcome == "failed":
                assert name in self.may_fail

    def check_nothing_is_forgotten(self):
        """Check that what waits has a delivery that will be due."""
        there = {"user": OuterRef("user"), "conversation": OuterRef("conversation")}
        rows = NotificationDelivery.objects.over("push").waiting().filter(**there)
        forgotten = Notification.objects.waiting("push").exclude(Exists(rows))
        assert not forgotten.exists(), f"no delivery will send {list(forgotten)}"
