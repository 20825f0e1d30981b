"""What a soak has found: counts, delays, and how long the site was down after each fault."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

MAX_DELAY_SECONDS = 3  # until a reader sees what was acknowledged, if only by a sweep, as announcements may be lost
NUMBERS = ("sent", "acknowledged", "retried", "edited", "deleted", "uploaded", "seen")
FAILURES = ("lost", "duplicated", "out_of_order", "late", "unnotified")


@dataclass(frozen=True)
class Fault:
    """What broke, and from when until when it excuses delays."""

    name: str
    began: float
    ended: float


NO_FAULT = Fault("nothing had broken yet", float("-inf"), float("-inf"))


@dataclass
class Report:
    """How many messages were sent, changed and seen, and the differences."""

    sent: int = 0
    acknowledged: int = 0
    retried: int = 0
    edited: int = 0
    deleted: int = 0
    uploaded: int = 0
    seen: int = 0
    lost: int = 0
    duplicated: int = 0
    out_of_order: int = 0
    late: int = 0
    # Messages without a decided notification of somebody who watches the conversation.
    unnotified: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    # Seconds until the site was ready again, by fault.
    downtime: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    # Seconds from acknowledged to seen, by reader.
    delays: dict[str, list[float]] = field(default_factory=dict)
    late_after: Counter[str] = field(default_factory=Counter)
    # Seconds that the soak itself waited at most where it had asked for none: how busy the machine is with other work.
    stalled: float = 0

    @property
    def is_clean(self) -> bool:
        return self.sent > 0 and not any(getattr(self, name) for name in FAILURES)

    def __str__(self) -> str:
        lines = [f"{name.replace('_', ' '):13}{getattr(self, name):>9,}" for name in (*NUMBERS, *FAILURES)]
        lines += [f"{name}: delay {shown(delays)}" for name, delays in self.delays.items()]
        lines.append(f"the soak itself waited {self.stalled:.1f} s at most for its turn on this machine")
        lines += [f"{count} of the late ones after: {fault}" for fault, count in self.late_after.items()]
        for fault, count in self.faults.items():
            downtime = self.downtime[fault]
            lines.append(
                f"{count} × {fault}" + (f", ready again after {max(downtime):.1f} s at most" if downtime else "")
            )
        return "\n".join(lines)


def shown(delays: list[float]) -> str:
    """Show the median, the 99th percentile and the maximum of some delays, in seconds."""
    if not delays:
        return "unknown, as nothing was seen"
    found = sorted(delays)
    return f"p50 {found[len(found) // 2]:.3f} s, p99 {found[int(len(found) * 0.99)]:.3f} s, max {found[-1]:.3f} s"
