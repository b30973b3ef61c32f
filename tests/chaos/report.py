"""What a run comes to, as one table and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.chaos.check import Findings

#: Lines of the table that must be nought.
NOUGHT = (
    "lost",
    "doubled",
    "never answered",
    "broken chains",
    "findings of ssj audit verify",
    "projections",
    "cases stuck",
    "timers not fired",
    "timers doubled",
    "timers early",
    "timers set aside",
    "effects lost",
    "effects unknown",
    "effects altered",
    "untranslated errors",
    "processes that ended by themselves",
    "not brought to an end",
)
COUNTED = (
    "acknowledged",
    "refused",
    "repeated answers",
    "told that the database was away",
    "events",
    "histories",
    "cases",
    "cases open",
    "timers due",
    "timers fired",
    "effects written",
    "effects received",
    "effects repeated",
)


@dataclass(frozen=True, slots=True)
class Report:
    """One run."""

    database: str
    seed: int
    seconds: float
    injected: dict[str, int]
    findings: Findings

    @property
    def faults(self) -> int:
        """Return how many faults happened."""
        return sum(self.injected.values())

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "database": self.database,
            "seed": self.seed,
            "seconds": round(self.seconds),
            "faults": self.faults,
            "injected": self.injected,
            "counts": dict(self.findings.counts),
            "wrong": {kind: list(told) for kind, told in self.findings.wrong.items() if told},
        }

    def lines(self) -> Iterator[str]:
        """Yield the table."""
        yield f"{self.database}, {self.seconds:.0f} s, seed {self.seed}"
        yield from _rows([(kind, self.injected[kind]) for kind in sorted(self.injected)])
        yield from _rows([("faults in all", self.faults)])
        counts = self.findings.counts
        yield from _rows([(name, counts[name]) for name in COUNTED])
        yield from _rows([(name, counts[name]) for name in NOUGHT])
        for kind, told in self.findings.wrong.items():
            for sentence in told:
                yield f"{kind}: {sentence}"
        yield "nothing lost" if self.findings.clean else "NOT AS IT MUST BE"


def _rows(rows: list[tuple[str, int]]) -> Iterator[str]:
    for name, count in rows:
        yield f"  {name:<36}{count:>10,}"
    yield ""
