"""What a stranger can join: the public kit of a draw and the pages of the site, two lists of the same firms.

The kit lists lots with their strata and no names, the site lists firms and no strata. Whatever order the one has and the other
has, laid side by side, must tell no more of a firm than a guess does.
"""

from __future__ import annotations

import json
import operator
import random
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: How often the strata are dealt among the firms anew, to see what a guess comes to.
DEALS = 1000


@dataclass(frozen=True, slots=True)
class Public:
    """One batch as everybody sees it: orders of lots in its kit, orders of firms on the site, by where they were found."""

    batch: str
    #: Lot -> stratum, of those who are visited.
    strata: Mapping[str, str]
    lots: Mapping[str, tuple[str, ...]]
    firms: Mapping[str, tuple[str, ...]]
    kit: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Joined:
    """Two orders laid side by side, and of how many firms that tells the stratum."""

    kit_order: str
    site_order: str
    right: int


def read_public(site: Path) -> Iterator[Public]:
    """Yield every batch whose kit and results are on a site, read from its files alone."""
    results = [json.loads(file.read_bytes()) for file in sorted(site.glob("results/*-1.json"))]
    texts = {
        str(file.relative_to(site)): file.read_text("utf-8")
        for file in sorted(site.rglob("*"))
        if file.suffix in (".html", ".json", ".csv", ".js")
    }
    for batch, kit in kits_of_site(site):
        mine = [one for one in results if (one["body"]["batch"] or {}).get("id") == batch]
        strata = {one["lot"]: one["stratum"] for one in json.loads(kit["result.json"])["visits"]}
        if mine:
            firms = {one["body"]["subject"]["id"] for one in mine}
            of_site = {**_orders(firms, texts), **_by_value(mine)}
            yield Public(
                batch, strata, _orders(strata, {n: d.decode() for n, d in kit.items()}), of_site, kit
            )


def kits_of_site(site: Path) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Yield the name of the batch and the files of every kit on a site."""
    for packed in sorted(site.glob("draws/*.kit.zip")):
        with zipfile.ZipFile(packed) as archive:
            yield (
                packed.name.rsplit("-", 1)[0],
                {Path(name).name: archive.read(name) for name in archive.namelist()},
            )


def _orders(names: Iterable[str], texts: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the orders in which names come, first and last, in the texts that hold all of them."""
    wanted = sorted(names)
    pattern = re.compile("|".join(map(re.escape, wanted)))
    found: dict[str, tuple[str, ...]] = {}
    for where, text in texts.items():
        seen = pattern.findall(text)
        if set(seen) == set(wanted):
            found[f"{where} first"] = tuple(dict.fromkeys(seen))
            found[f"{where} last"] = tuple(reversed(dict.fromkeys(reversed(seen))))
    return found


def _by_value(results: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Return the firms in the order of every value their results hold, numbers inside texts as numbers."""
    tables = {one["body"]["subject"]["id"]: dict(_leaves(one)) for one in results}
    paths = sorted(set.intersection(*({*table} for table in tables.values())))
    return {
        f"results by {path}": tuple(sorted(tables, key=lambda firm: (_natural(tables[firm][path]), firm)))
        for path in paths
    }


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, (dict, list)):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inner, f"{path}/{key}")
    else:
        yield path, str(value)


def _natural(text: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"([0-9]+)", text)]


def joins(seen: Public, strata_of: Mapping[str, str]) -> list[Joined]:
    """Return every join of an order of the kit with one of the site; `strata_of` (firm -> stratum) is the truth it is judged by."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], Joined] = {}
    for kit_order, lots in seen.lots.items():
        for backwards in (False, True):
            said = tuple(seen.strata[lot] for lot in (reversed(lots) if backwards else lots))
            for site_order, firms in seen.firms.items():
                if len(firms) == len(said):
                    right = sum(map(operator.eq, said, map(strata_of.__getitem__, firms)))
                    title = f"{kit_order}{' backwards' * backwards}"
                    found.setdefault((said, firms), Joined(title, site_order, right))
    return list(found.values())


def guessed(seen: Public, strata_of: Mapping[str, str]) -> int:
    """Return how many the best join gets right where strata have nothing to do with firms: the most of `DEALS` deals."""
    chance = random.Random(seen.batch)  # noqa: S311 - a comparison, not a draw
    firms, strata = list(strata_of), list(strata_of.values())
    pairs = {
        (tuple(seen.strata[lot] for lot in order), names)
        for lots in seen.lots.values()
        for order in (lots, tuple(reversed(lots)))
        for names in seen.firms.values()
        if len(names) == len(order)
    }
    most = 0
    for _ in range(DEALS):
        chance.shuffle(strata)
        dealt = dict(zip(firms, strata, strict=True))
        most = max(
            most,
            *(sum(map(operator.eq, said, map(dealt.__getitem__, names))) for said, names in pairs),
        )
    return most


def told_by_teams(kit: Mapping[str, bytes]) -> list[str]:
    """Return what the teams and the dated lines of a kit say that a date, a district or a size on the site can be laid beside."""
    said: list[str] = []
    teams = json.loads(kit.get("teams.json", b'{"units": [], "replacements": []}'))
    said += [f"unit {unit['unit']} of several" for unit in teams["units"] if len(unit["objects"]) != 1]
    said += [f"replacement in {step['unit']}" for step in teams["replacements"]]
    lots = set(re.findall(rb"^[0-9a-f]{32}", kit["objects.tsv"], re.MULTILINE))
    for line in kit["log.jsonl"].splitlines():
        if json.loads(line)["kind"] != "remove":
            said += [f"line names {lot.decode()}" for lot in lots if lot in line]
    return said


def named_beside_lots(texts: Mapping[str, str], kit: Mapping[str, bytes], firms: Iterable[str]) -> list[str]:
    """Return which texts name a firm and hold a lot or a ticket of the kit, which says the stratum of each.

    The highest ticket of each stratum stands in the list of strata, beside no firm: it is not looked for.
    """
    result = json.loads(kit["result.json"])
    marks = set(re.findall(rb"^[0-9a-f]{32}", kit["objects.tsv"], re.MULTILINE))
    wanted = {one.decode() for one in marks} | {
        one["ticket"]
        for stratum in result["strata"]
        for one in stratum["drawn"]
        if one["ticket"] != stratum["cutoff"]
    }
    names = set(firms)
    return [
        where
        for where, text in texts.items()
        if any(name in text for name in names)
        and wanted.intersection(re.findall(r"[0-9a-f]{32,}", re.sub(r"<[^>]*>|\\s", " ", text)))
    ]
