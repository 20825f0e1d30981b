"""Which message is posted in which conversation, and which earlier one it answers."""

import random
from array import array
from itertools import accumulate

from chatsite.trials.benchmark.filling.rates import IN_SAME_THREAD, REPLIES
from chatsite.trials.benchmark.filling.size import Size

CHUNK = 50_000
NOTHING = 0


class Threads:
    """The conversation of each message and the message it answers, by message id from 1 on.

    It is decided for all messages before the first is written: the first message of a thread has to say that it has
    replies, and those come later. Arrays, as there may be ten million messages.
    """

    def __init__(self, size: Size, chance: random.Random) -> None:
        self.conversations = array("Q", [NOTHING])
        numbers = range(1, size.conversations + 1)
        sizes = list(accumulate(1 / (number + 5) ** 0.9 for number in numbers))  # Zipf's law: a few are huge
        for begun in range(0, size.messages, CHUNK):
            count = min(CHUNK, size.messages - begun)
            self.conversations.extend(chance.choices(numbers, cum_weights=sizes, k=count))
        self.answers = array("Q", bytes(8 * (size.messages + 1)))
        self.threads = array("Q", bytes(8 * (size.messages + 1)))
        self.has_replies = bytearray(size.messages + 1)
        self.reply(chance)

    def reply(self, chance: random.Random) -> None:
        """Let some messages answer the one before them in their conversation, or go on in its last thread."""
        newest: dict[int, int] = {}
        last_reply: dict[int, int] = {}
        for message in range(1, len(self.conversations)):
            conversation = self.conversations[message]
            if conversation in newest and chance.random() < REPLIES:
                goes_on = conversation in last_reply and chance.random() < IN_SAME_THREAD
                answered = last_reply[conversation] if goes_on else newest[conversation]
                self.answers[message] = answered
                self.threads[message] = self.threads[answered] or answered
                self.has_replies[self.threads[message]] = True
                last_reply[conversation] = message
            newest[conversation] = message
