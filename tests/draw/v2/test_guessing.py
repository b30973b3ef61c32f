"""A stranger with the public kit alone tries every way in which the people of a small batch could go to its visits.

Every digest in the files is taken as a target, every run of hex digits as a key: nothing is known of which is which.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from v2_factories import (
    Made,
    as_before,
    band,
    object_rows,
    object_rules,
    people_rows,
    people_rules,
    place,
    rule,
    whole,
)
from verifiers import bare

from engine.draw.v2 import acts
from engine.draw.v2.kit import auditor_kit, public_kit
from engine.draw.v2.rosters import render_objects, render_people
from engine.draw.v2.shapes import canonical_bytes

KEY = b"k" * 32
#: Seven people for two units of two: a place asks for the items of the firm, so that teams are in no public kit.
SMALL: dict[str, Any] = {
    "objects": render_objects([replace(row, items=()) for row in object_rows(12)], KEY),
    "people": render_people(people_rows(7), KEY),
    "object_rules": object_rules(
        *(rule(name, band(count=int(name < "C"))) for name in "ABCD"), on_removal="fill"
    ),
    "people_rules": people_rules(place(items="any"), place()),
}


def small() -> Made:
    return whole(**SMALL)


def assignments(kit: Mapping[str, bytes]) -> Iterator[bytes]:
    """Yield the canonical units of every way in which two people could go to each visit, from public files alone."""
    commitment, result = json.loads(kit["commitment.json"]), json.loads(kit["result.json"])
    name = hashlib.sha256(kit["commitment.json"]).hexdigest()
    parts = [
        f"{source['kind']}:{source['issue']}:{value}"
        for source, value in zip(commitment["sources"], result["values"], strict=True)
    ]
    prk = hmac.digest(bytes(32), "/".join([*parts, f"commitment:{name}"]).encode(), "sha256")
    people = [row.split("\t")[0] for row in kit["people.tsv"].decode().splitlines()[1:]]

    def unit(lot: str, team: tuple[str, ...]) -> dict[str, Any]:
        tickets = [hmac.digest(prk, f"{lot}|{one}\x01".encode(), "sha256").hex() for one in team]
        members = [
            {"place": number, "lot": one, "ticket": ticket}
            for number, (one, ticket) in enumerate(zip(team, tickets, strict=True))
        ]
        return {"unit": lot, "objects": [lot], "members": members}

    ways = [
        [unit(visit["lot"], team) for team in itertools.permutations(people, 2)] for visit in result["visits"]
    ]
    return map(canonical_bytes, map(list, itertools.product(*ways)))


def singled_out(kit: Mapping[str, bytes], guesses: Iterator[bytes]) -> set[bytes]:
    """Return the guesses whose digest, without a key or under any text of the kit as one, is in the kit."""
    texts = b"\n".join(kit[name] for name in kit if name != "manifest.sha256")
    known = {bytes.fromhex(one.decode()) for one in re.findall(rb"\b(?:[0-9a-f]{32}){1,2}\b", texts)}
    keys = [bytes(32), *sorted(known)]
    found = set()
    for guess in guesses:
        digests = [hashlib.sha256(guess).digest(), *(hmac.digest(key, guess, "sha256") for key in keys)]
        if not known.isdisjoint(digests):
            found.add(guess)
    return found


def test_the_teams_of_a_small_batch_are_not_found_by_trying_all() -> None:
    made = small()
    units = canonical_bytes(made.draw.units)
    kit, before = (
        bare(public_kit(made.draw, log, visits_done=True)) for log in (made.log, as_before(made).log)
    )
    assert "teams.json" not in kit
    guesses = list(assignments(kit))
    assert (len(guesses), units in guesses) == (42**2, True)
    assert singled_out(kit, iter(guesses)) == set()
    # With the line as it was before, the same tries find exactly who goes where.
    assert singled_out(before, iter(guesses)) == {units}


def test_whoever_has_the_key_finds_them_at_once() -> None:
    """Else the test above would find nothing in anything."""
    made = small()
    kit = bare(auditor_kit(made.draw, made.log))
    assert singled_out(kit, iter([canonical_bytes(made.draw.units)])) == {canonical_bytes(made.draw.units)}


def test_the_key_is_in_the_kit_where_the_teams_are_and_opens_nothing_else() -> None:
    made = whole(**SMALL | {"people_rules": people_rules(place(), place())})
    kit = bare(public_kit(made.draw, made.log, visits_done=True))
    assert json.loads(kit["teams.json"])["key"] == acts.teams_key(made.draw).hex()
    hidden = bare(public_kit(made.draw, made.log, visits_done=False))
    assert acts.teams_key(made.draw).hex().encode() not in b"".join(hidden.values())
    steps = [canonical_bytes({**step, "why": "0" * 64}) for step in made.draw.replacements]
    rows = (made.draw.people or b"").decode().splitlines()[1:]
    values = ["\t".join(row.split("\t")[1:-1]).encode() for row in rows]
    assert singled_out(kit, iter([*steps, *values])) == set()
    assert "key" not in json.loads(public_kit(made.draw, as_before(made).log, visits_done=True)["teams.json"])
