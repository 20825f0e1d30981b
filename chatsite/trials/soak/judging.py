"""Comparing what was acknowledged with what is stored, and that with what each reader saw."""

from bisect import bisect
from collections import Counter
from collections.abc import Sequence

from chatsite.trials.client.articles import Article
from chatsite.trials.soak.reader import Reader
from chatsite.trials.soak.report import MAX_DELAY_SECONDS, Report
from chatsite.trials.soak.sender import Sender


def judge_stored(report: Report, stored: Sequence[Article], senders: Sequence[Sender]) -> None:
    """Count acknowledged messages that are missing or have other words, and words that are there twice."""
    there = {article.id: article for article in stored}
    for sender in senders:
        report.acknowledged += len(sender.words)
        report.lost += sum(not is_as_acknowledged(there.get(each), words) for each, words in sender.words.items())
    report.doubled += sum(count - 1 for words, count in Counter(first_words(each) for each in stored).items() if words)


def is_as_acknowledged(article: Article | None, words: str) -> bool:
    if article is None:
        return False
    return article.is_deleted if not words else article.words == words


def first_words(article: Article) -> str:
    return "" if article.is_deleted else article.words.removesuffix(", edited")


def judge_reader(report: Report, stored: Sequence[Article], reader: Reader) -> None:
    """Count what a reader has not seen in its last state, or seen twice or in another order."""
    seen = Counter(reader.seen)
    report.seen += len(reader.seen)
    report.lost += sum((each.revision, each.id) not in seen for each in stored)
    report.doubled += sum(count - 1 for count in seen.values())
    report.out_of_order += reader.seen != sorted(reader.seen)


def judge_delays(
    report: Report, senders: Sequence[Sender], reader: Reader, troubles: Sequence[tuple[float, float]]
) -> None:
    """Count what a reader saw late; what was acknowledged during a trouble may wait for its end, and not longer.

    `troubles` are (from, until) in their order.
    """
    delays = []
    for sender in senders:
        for message, moment in sender.acknowledged_at.items():
            since = after_trouble(moment, troubles)
            if message in reader.seen_at:
                delays.append(max(0.0, reader.seen_at[message] - since))
    report.delays[reader.name] = delays
    report.late += sum(delay > MAX_DELAY_SECONDS for delay in delays)


def after_trouble(moment: float, troubles: Sequence[tuple[float, float]]) -> float:
    """Return the moment, or the end of the trouble that it falls into, or that begins before the delay is over."""
    at = bisect(troubles, (moment + MAX_DELAY_SECONDS, float("inf"))) - 1
    return max(moment, troubles[at][1]) if at >= 0 else moment
