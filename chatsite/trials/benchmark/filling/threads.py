"""Choose the conversation of each message, and the earlier message that it replies to."""

import random
from array import array
from itertools import accumulate

from chatsite.trials.benchmark.filling.rates import IN_SAME_THREAD, REPLIES
from chatsite.trials.benchmark.filling.size import Size

CHUNK = 50_000
NOTHING = 0


class Threads:
    """The conversation of each message and the message it replies to, by message id from 1 on.

    Both are chosen for all messages before the first is written: the first message of a thread stores that it has
    replies, which come later. They are arrays, as there may be ten million messages.
    """

    def __init__(self, size: Size, rng: random.Random) -> None:
        self.conversations = array("Q", [NOTHING])
        numbers = range(1, size.conversations + 1)
        sizes = list(accumulate(1 / (number + 5) ** 0.9 for number in numbers))  # Zipf's law: a few are huge
        for start in range(0, size.messages, CHUNK):
            count = min(CHUNK, size.messages - start)
            self.conversations.extend(rng.choices(numbers, cum_weights=sizes, k=count))
        self.replied_to = array("Q", bytes(8 * (size.messages + 1)))
        self.threads = array("Q", bytes(8 * (size.messages + 1)))
        self.has_replies = bytearray(size.messages + 1)
        self.reply(rng)

    def reply(self, rng: random.Random) -> None:
        """Make some messages replies to the one before them in their conversation, or to its last thread."""
        newest: dict[int, int] = {}
        last_reply: dict[int, int] = {}
        for message in range(1, len(self.conversations)):
            conversation = self.conversations[message]
            if conversation in newest and rng.random() < REPLIES:
                continues = conversation in last_reply and rng.random() < IN_SAME_THREAD
                target = last_reply[conversation] if continues else newest[conversation]
                self.replied_to[message] = target
                self.threads[message] = self.threads[target] or target
                self.has_replies[self.threads[message]] = True
                last_reply[conversation] = message
            newest[conversation] = message
