"""Compare what was acknowledged with what is stored, and that with what each reader saw."""

from bisect import bisect
from collections import Counter
from collections.abc import Sequence

from chatsite.trials.client.articles import Article
from chatsite.trials.soak.reader import Reader
from chatsite.trials.soak.report import MAX_DELAY_SECONDS, NO_FAULT, Fault, Report
from chatsite.trials.soak.sender import Sender


def judge_stored(report: Report, stored: Sequence[Article], senders: Sequence[Sender]) -> None:
    """Count acknowledged messages that are missing or have other words, and words that are there twice."""
    there = {article.id: article for article in stored}
    for sender in senders:
        report.acknowledged += len(sender.words)
        report.lost += sum(not is_as_acknowledged(there.get(each), words) for each, words in sender.words.items())
    report.duplicated += sum(
        count - 1 for words, count in Counter(first_words(each) for each in stored).items() if words
    )


def is_as_acknowledged(article: Article | None, words: str) -> bool:
    if article is None:
        return False
    return article.is_deleted if not words else article.words == words


def first_words(article: Article) -> str:
    return "" if article.is_deleted else article.words.removesuffix(", edited")


def judge_reader(report: Report, stored: Sequence[Article], reader: Reader) -> None:
    """Count changes that a reader has not seen, has seen twice, or has seen in another order."""
    seen = Counter(reader.seen)
    report.seen += len(reader.seen)
    report.lost += sum((each.revision, each.id) not in seen for each in stored)
    report.duplicated += sum(count - 1 for count in seen.values())
    report.out_of_order += reader.seen != sorted(reader.seen)


def judge_delays(report: Report, senders: Sequence[Sender], reader: Reader, faults: Sequence[Fault]) -> None:
    """Count what a reader saw late; what was acknowledged during a fault may wait for its end, and not longer."""
    delays = report.delays[reader.name] = []
    for sender in senders:
        for message, moment in sender.acknowledged_at.items():
            last = fault_at(moment, faults)
            if message in reader.seen_at:
                delays.append(max(0.0, reader.seen_at[message] - max(moment, last.ended)))
                if delays[-1] > MAX_DELAY_SECONDS:
                    report.late += 1
                    report.late_after[last.name] += 1


def fault_at(moment: float, faults: Sequence[Fault]) -> Fault:
    """Return the last fault that began before a message acknowledged at `moment` had to be seen."""
    at = bisect(faults, moment + MAX_DELAY_SECONDS, key=lambda fault: fault.began)
    return faults[at - 1] if at else NO_FAULT
