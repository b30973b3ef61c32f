"""The record of one draw: everything that went in and came out, as values, as JSON, and as the published result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from engine.draw.commitment import SPEC, Commitment
from engine.draw.entropy import watermark
from engine.draw.field_types import typed
from engine.draw.log import read_log
from engine.draw.matching import Assignment, Member, Replacement, current_team
from engine.draw.refused import DrawRefused
from engine.draw.selection import Drawn, Removal, Selection, StratumResult
from engine.kernel.canonical_json import canonical_json
from engine.kernel.refusal import RefusalReason
from engine.language import say


@dataclass(frozen=True, slots=True)
class DrawRecord:
    """One draw from commitment to replacements. Acts on it are in `engine.draw.drawing`; each returns a new record."""

    #: The canonical text of the commitment, exactly as published.
    commitment: str
    #: The three rosters, byte for byte.
    objects: bytes
    people: bytes
    experts: bytes | None = None
    entropy: str = ""
    #: The custodians' codes in hex; none for an open draw.
    codes: tuple[str, ...] = ()
    selection: Selection | None = None
    removals: tuple[Removal, ...] = ()
    #: The objects to visit after removals, lowest ticket first.
    visits: tuple[Drawn, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    log: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain values for a database row; `from_json` takes them back."""
        body = asdict(self)
        for name in ("objects", "people", "experts"):
            value = getattr(self, name)
            body[name] = None if value is None else value.decode()
        plain: dict[str, Any] = json.loads(json.dumps(body))
        return plain

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> DrawRecord:
        """Return the record `to_json` wrote. Raises `DrawRefused` when something is missing or of another shape."""
        try:
            values = {item.name: body[item.name] for item in fields(cls)}
            for name in ("objects", "people", "experts"):
                values[name] = None if values[name] is None else values[name].encode()
            values |= _outcome(values)
            for name in ("codes", "log"):
                values[name] = tuple(values[name])
            record = cls(**values)
            if not typed(record):
                raise TypeError("a value of the wrong type")
            return record
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise DrawRefused(
                [
                    RefusalReason(
                        "record",
                        say("抽取记录读不出：{why}", why=f"{type(error).__name__} {error}"),
                        hint=say("记录缺项或被改动，请从备份恢复"),
                    )
                ]
            ) from None

    @property
    def parsed(self) -> Commitment:
        """The commitment as values. Raises `DrawRefused` when its text is not canonical."""
        return Commitment.from_json(self.commitment)

    @property
    def void(self) -> bool:
        """Whether this draw was voided."""
        commitment = self.parsed
        mine = {"batch_id": commitment.batch_id, "draw_no": commitment.draw_no}
        # A canonical line of this kind holds its name as it is.
        entries, _ = read_log([line for line in self.log if '"void"' in line])
        return any(entry.kind == "void" and mine.items() <= entry.body.items() for entry in entries)

    def team(self, object_id: str, pool: str = "people") -> tuple[str, ...]:
        """Return who goes to an object now, after replacements, in the order of slots."""
        team, _ = current_team(self.assignments, self.replacements, object_id)
        return tuple(person for (kind, _), person in sorted(team.items()) if kind == pool)


def result_text(record: DrawRecord) -> str:
    """Return the canonical text of what the draw gave: ``result.json`` of the kit."""
    commitment = record.parsed
    return canonical_json(
        {
            "spec": SPEC,
            "watermark": watermark(commitment.batch_id),
            "selection": None if record.selection is None else asdict(record.selection),
            "removals": [asdict(removal) for removal in record.removals],
            "visits": [asdict(drawn) for drawn in record.visits],
            "assignments": [asdict(assignment) for assignment in record.assignments],
            "replacements": [asdict(replacement) for replacement in record.replacements],
        }
    )


def read_result(text: str) -> dict[str, Any]:
    """Return the fields of a `DrawRecord` that ``result.json`` holds. Raises `DrawRefused` for another shape."""
    try:
        return _outcome(json.loads(text))
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise DrawRefused([RefusalReason("result", say("抽取结果读不出：{why}", why=str(error)))]) from None


def digest_of(value: Any) -> str:
    """Return the SHA-256 of the canonical text of `value`, as log entries name results."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def _outcome(body: Mapping[str, Any]) -> dict[str, Any]:
    found = {
        "selection": None if body["selection"] is None else _selection(body["selection"]),
        "removals": tuple(Removal(**removal) for removal in body["removals"]),
        "visits": tuple(Drawn(**drawn) for drawn in body["visits"]),
        "assignments": tuple(
            Assignment(
                item["object_id"],
                tuple(Member(**member) for member in item["members"]),
                tuple(Member(**member) for member in item["experts"]),
            )
            for item in body["assignments"]
        ),
        "replacements": tuple(Replacement(**replacement) for replacement in body["replacements"]),
    }
    for values in found.values():
        for value in values if isinstance(values, tuple) else (values,):
            if value is not None and not typed(value):
                raise TypeError(f"{type(value).__name__}: a value of the wrong type")
    return found


def _selection(body: Mapping[str, Any]) -> Selection:
    strata = tuple(
        StratumResult(**{**stratum, "drawn": tuple(Drawn(**drawn) for drawn in stratum["drawn"])})
        for stratum in body["strata"]
    )
    return Selection(body["batch_id"], body["draw_no"], strata)
