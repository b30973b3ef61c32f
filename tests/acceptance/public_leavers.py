"""What a stranger learns of firms he knows to take no part: visited as often as may be, or struck off, both on the site.

He has the site and all kits of a year. Each of them gives numbers by stratum; wherever as many leave the numbers as he knows of, the
strata that lose somebody are those of the firms he knows. Every such place that was ever open is tried, in kits of every form.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from public_joins import kits_of_site

STEPS = (".first", ".shared", ".bounded", ".floored", ".quota")
#: What the facts of a result say of a firm that is struck off.
STRUCK_OFF = ("注销", "吊销", "已注销")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The strata that may have lost somebody, how many each, and where that is read."""

    place: str
    lost: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PublicKit:
    """What the numbers of one kit are made of."""

    name: str
    commitment: Mapping[str, Any]
    #: Lot -> the cells of its row in the public roster.
    rows: Mapping[str, Mapping[str, str]]
    opened: Sequence[Mapping[str, Any]]

    @classmethod
    def of(cls, name: str, files: Mapping[str, bytes]) -> PublicKit:
        """Return the kit with these files."""
        head, *lines = files["objects.tsv"].decode().splitlines()
        rows = [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]
        return cls(
            name,
            json.loads(files["commitment.json"]),
            {row["lot"]: row for row in rows},
            json.loads(files["result.json"]).get("opened", []),
        )

    @property
    def out(self) -> Numbers:
        """Who is openly out, and who is passed over."""
        lots = [one["lot"] for one in self.opened if not one["takes_part"]]
        lots += [lot for lot, row in self.rows.items() if row.get("eligible") == "0"]
        return Numbers(f"{self.name}: rows", Counter(self.rows[lot]["stratum"] for lot in lots))

    def counted(self) -> Iterator[tuple[str, dict[str, int]]]:
        """Yield every number of firms by stratum the kit holds, with its name."""
        by_row = Counter(row["stratum"] for row in self.rows.values() if row.get("eligible") != "0")
        yield "rows", dict(by_row)
        strata = {row["stratum"] for row in self.rows.values()}
        for name, numbers in _numbers(self.commitment):
            # The steps of a quota follow from the numbers before them and the rules.
            if set(numbers) <= strata and not name.endswith(STEPS):
                yield name, numbers


def known_to_be_out(results: Iterable[Mapping[str, Any]], cap: int) -> set[str]:
    """Return the firms of which the site says that they were visited `cap` times, or are struck off."""
    bodies = [one["body"] for one in results]
    visits = Counter(body["subject"]["id"] for body in bodies)
    gone = {
        body["subject"]["id"]
        for body in bodies
        for fact in body.get("facts", ())
        if fact.get("text") in STRUCK_OFF
    }
    return gone | {firm for firm, count in visits.items() if count >= cap}


def told(kits: Sequence[PublicKit], known: int) -> list[Numbers]:
    """Return every place where the kits say of which strata the `known` firms are that take no part in the last of them."""
    if len({row["stratum"] for row in kits[-1].rows.values()}) < 2:
        # Of one stratum alone nobody's is told.
        return []
    found = [kits[-1].out]
    for kit in kits[-1:]:
        for (first, one), (second, other) in combinations(list(kit.counted()), 2):
            found += _lost(f"{kit.name}: {first} and {second}", one, other)
    for before in kits[:-1]:
        numbers = dict(kits[-1].counted())
        for name, one in before.counted():
            if name in numbers:
                found += _lost(f"{before.name} and {kits[-1].name}: {name}", one, numbers[name])
    return [one for one in found if known and sum(one.lost.values()) == known]


def strata_left(kits: Sequence[PublicKit], known: int) -> int:
    """Return to how many strata the best place narrows the firms a stranger knows of; all of them where none says anything."""
    names = {row["stratum"] for row in kits[-1].rows.values() if row["stratum"]}
    return min([len(names), *(len([n for n in one.lost.values() if n]) for one in told(kits, known))])


def kits_of(site: Path) -> list[PublicKit]:
    """Return the kits on a site, by name."""
    return [PublicKit.of(name, files) for name, files in kits_of_site(site)]


def _lost(place: str, one: Mapping[str, int], other: Mapping[str, int]) -> Iterator[Numbers]:
    for first, second in ((one, other), (other, one)):
        gap = {name: first.get(name, 0) - second.get(name, 0) for name in {*first, *second}}
        if any(gap.values()) and min(gap.values()) >= 0:
            yield Numbers(place, gap)


def _numbers(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, int]]]:
    """Yield every table of one number for each stratum in a commitment, whatever it is called."""
    if isinstance(value, list) and value and all(isinstance(one, dict) and "stratum" in one for one in value):
        value = {one["stratum"]: {k: v for k, v in one.items() if k != "stratum"} for one in value}
    if not isinstance(value, dict):
        return
    if value and all(type(one) is int for one in value.values()):
        yield path, dict(value)
    inner = [one for one in value.values() if isinstance(one, dict)]
    if inner and len(inner) == len(value):
        for key in sorted(set.intersection(*({*one} for one in inner))):
            column = {name: one[key] for name, one in value.items()}
            if all(type(one) is int for one in column.values()):
                yield f"{path}.{key}", column
    for key, one in value.items():
        yield from _numbers(one, f"{path}.{key}")
