"""The kits of ssj-draw/2: for everybody, for an auditor, and the slip of one firm.

The public kit holds the public forms of the rosters, the teams only once visits are done and nothing in them tells which
firm is meant. The auditor's kit holds the rosters themselves with their salts, and why people were replaced. Both hold the same programs, which share no code with the engine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from engine.draw.v2.acts import Draw, is_keyed, teams_key
from engine.draw.v2.kit.parts import assembled
from engine.draw.v2.log import PublicLog
from engine.draw.v2.rosters import parse_objects, public_form
from engine.draw.v2.sealing import path_of
from engine.draw.v2.shapes import SPEC, canonical_bytes, wrong
from engine.language import say

MANIFEST = "manifest.sha256"
PROGRAMS = ("PROTOCOL.en.md", "PROTOCOL.md", "vectors.json", "verify.html", "verify.py")


@cache
def program(name: str) -> bytes:
    """Return the bytes of one of `PROGRAMS`."""
    if name == "verify.py":
        return assembled()
    return files(__name__).joinpath(name).read_bytes()


def software() -> dict[str, str]:
    """Return the SHA-256 of the programs, for the commitment."""
    return {name: hashlib.sha256(program(name)).hexdigest() for name in PROGRAMS}


def public_kit(draw: Draw, log: PublicLog, *, visits_done: bool) -> dict[str, bytes]:
    """Return the files for everybody. `visits_done` says that who went where may be shown, by pseudonym."""
    made = _common(draw, log)
    made["objects.tsv"] = public_form(draw.objects)
    if draw.people is not None:
        made["people.tsv"] = public_form(draw.people)
    if visits_done and draw.units and _tell_no_firm(draw.commitment["people_rules"]):
        # A replacement names its unit, and the log names its day; results published beside it say which visits were over.
        made["teams.json"] = _teams(draw, log, (), ())
    return _sealed(made)


def auditor_kit(draw: Draw, log: PublicLog) -> dict[str, bytes]:
    """Return the files for an auditor: every row, every salt, every reason."""
    made = _common(draw, log)
    made["objects.tsv"] = draw.objects
    if draw.people is not None:
        made["people.tsv"] = draw.people
    if draw.units:
        made["teams.json"] = _teams(draw, log, draw.replacements, draw.whys)
    return _sealed(made)


def slip(draw: Draw, object_id: str) -> dict[str, Any]:
    """Return what a firm needs to check, against the public kit or the commitment alone, that its row was in the roster.

    Raises `DrawRefused` when the roster has no such row.
    """
    row = next((row for row in parse_objects(draw.objects) if row.object_id == object_id), None)
    if row is None:
        raise wrong("slip", say("名册里没有 {object}", object=object_id))
    head, *rows = draw.objects.decode().splitlines()
    columns = head.split("\t")[:-1]
    lines = public_form(draw.objects).decode().splitlines()[1:]
    place = next(number for number, line in enumerate(lines) if line.startswith(row.lot))
    cells = rows[place].split("\t")
    return {
        "spec": f"{SPEC} slip",
        "commitment": draw.name,
        "row": dict(zip(columns, cells, strict=False)),
        "salt": row.salt,
        "place": place,
        "size": len(lines),
        "path": path_of(lines, place),
    }


def manifest(made: Mapping[str, bytes]) -> bytes:
    """Return the list of digests, in the form ``sha256sum -c`` reads."""
    names = sorted(name for name in made if name != MANIFEST)
    return "".join(f"{hashlib.sha256(made[name]).hexdigest()}  {name}\n" for name in names).encode()


def _common(draw: Draw, log: PublicLog) -> dict[str, bytes]:
    if not draw.strata:
        raise wrong("kit", say("还没有抽取，没有可核验的结果"), say("承诺书和名册的公开式可先公布"))
    return {name: program(name) for name in PROGRAMS} | {
        "commitment.json": canonical_bytes(draw.commitment),
        "calendar.json": canonical_bytes(draw.calendar),
        "log.jsonl": log.as_bytes(),
        "result.json": canonical_bytes(draw.result()),
    }


def _tell_no_firm(rules: Mapping[str, Any]) -> bool:
    """Whether no team follows from the section, district or items of a firm, which are public beside its name."""
    places: Sequence[Mapping[str, Any]] = rules["places"]
    return rules["team_per"] == "object" and not any(
        place["own_section"] or place["district"] or place["items"] != "none" for place in places
    )


def _teams(draw: Draw, log: PublicLog, replacements: Sequence[Any], whys: Sequence[Any]) -> bytes:
    # Whoever sees the teams gets the key of their line in the log. It opens no salt and no other line.
    key = {"key": teams_key(draw).hex()} if is_keyed(draw, log) else {}
    return canonical_bytes(
        {
            "spec": f"{SPEC} teams",
            **key,
            "units": list(draw.units),
            "replacements": list(replacements),
            "whys": list(whys),
        }
    )


def _sealed(made: dict[str, bytes]) -> dict[str, bytes]:
    return dict(sorted(made.items())) | {MANIFEST: manifest(made)}
