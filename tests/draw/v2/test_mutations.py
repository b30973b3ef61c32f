"""Kits changed at random, their manifest made anew: each of the three verifiers must find every change."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from forging import change, other
from v2_factories import Made, anchored, as_before, random_draw
from verifiers import NODE, PERL, bare, node_says, perl_says, python_says, resealed, with_teams

from engine.draw.v2.kit import auditor_kit, public_kit
from engine.kernel.canonical_json import canonical_json

FEW, MANY = 200, 5000
#: What the last line of a log says besides its signature is covered by nothing yet: the next anchor does.
UNPROVEN = ("at", "behind", "by")


def closed(seed: int) -> Made | None:
    """A draw with a listed party's signature over all its lines, so that none can be changed."""
    made = random_draw(seed)
    if made.draw.commitment["anchor"]["mode"] != "signed":
        return None
    return Made(made.draw, anchored(made.log, datetime(2026, 3, 20, tzinfo=UTC)), made.values)


def change_table(data: bytes, chance: random.Random) -> bytes:
    head, *lines = data.decode().splitlines()
    place = chance.randrange(len(lines))
    act = chance.choice(["cell", "cell", "cell", "drop", "double", "swap"])
    if act == "cell":
        cells = lines[place].split("\t")
        column = chance.randrange(len(cells))
        cells[column] = other(cells[column], chance)
        lines[place] = "\t".join(cells)
    elif act == "drop":
        del lines[place]
    elif act == "double":
        lines.insert(place, lines[place])
    else:
        there = chance.randrange(len(lines))
        lines[place], lines[there] = lines[there], lines[place]
    return "".join(f"{line}\n" for line in (head, *lines)).encode()


def mutated(kit: dict[str, bytes], chance: random.Random) -> tuple[str, dict[str, bytes]] | None:
    """Return which file was changed, and the kit with its manifest made anew; None when nothing changed."""
    name = chance.choice(sorted(name for name in kit if name != "manifest.sha256"))
    data = kit[name]
    if name.endswith(".tsv"):
        new = change_table(data, chance)
    elif name == "log.jsonl":
        lines = [json.loads(line) for line in data.decode().splitlines()]
        body = change(lines, chance)
        whole = [_proven(line, line is lines[-1]) for line in lines]
        # Without its last line, the anchor, the log is what it was before: a true kit of a moment earlier.
        if not body or body == lines[:-1] or [_proven(line, line is body[-1]) for line in body] == whole:
            return None
        new = "".join(f"{canonical_json(line)}\n" for line in body).encode()
    else:
        old = json.loads(data)
        body = change(json.loads(data), chance)
        # Without its replacements a public kit is what public kits are now.
        if name == "teams.json" and not old["whys"] and body == {**old, "replacements": []}:
            return None
        new = canonical_json(body).encode()
    return None if new == data else (name, resealed({**kit, name: new}))


def _proven(line: Any, last: bool) -> Any:
    return (
        {key: value for key, value in line.items() if not last or key not in UNPROVEN}
        if isinstance(line, dict)
        else line
    )


def found_all(count: int, seed: int, folder: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - where to forge, not a draw
    draws = [made for number in range(6) if (made := closed(seed * 100 + number)) is not None]
    draws[-1] = as_before(draws[-1])
    kits = [
        bare(kit)
        for made in draws
        for kit in (
            public_kit(made.draw, made.log, visits_done=True),
            with_teams(public_kit(made.draw, made.log, visits_done=False), made.draw),
            auditor_kit(made.draw, made.log),
        )
    ]
    for kit in kits:
        assert python_says(folder / "kit", kit)[0] == 0
    forged: list[tuple[str, dict[str, bytes]]] = []
    while len(forged) < count:
        if (one := mutated(chance.choice(kits), chance)) is not None:
            forged.append(one)
    for name, kit in forged:
        code, said = python_says(folder / "kit", kit)
        assert code == 1, (name, said)
        assert "核验未通过" in said
    if NODE:
        for (name, _), report in zip(forged, node_says(folder, [kit for _, kit in forged]), strict=True):
            assert report["bad"], (name, report)
    if PERL:
        for (name, _), line in zip(
            forged, perl_says(folder / "perl", [kit for _, kit in forged]), strict=True
        ):
            assert line.startswith("no "), (name, line)


def test_two_hundred_changes_are_found(tmp_path: Path) -> None:
    found_all(FEW, 1, tmp_path)


@pytest.mark.soak
def test_five_thousand_changes_are_found(tmp_path: Path) -> None:
    for seed in range(2, 2 + MANY // 250):
        found_all(250, seed, tmp_path)


def test_one_byte_anywhere_is_found_by_the_manifest(tmp_path: Path) -> None:
    made = closed(1) or closed(2)
    assert made is not None
    kit, chance = bare(auditor_kit(made.draw, made.log)), random.Random(7)  # noqa: S311
    for name in sorted(kit):
        data = bytearray(kit[name])
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(7)
        code, said = python_says(tmp_path / "kit", {**kit, name: bytes(data)})
        assert code in (1, 2), (name, said)
