"""Publishing definitions: checked as a whole, then kept as texts under a version that never changes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.language import Message, say
from engine.office.holders import find_actor
from engine.office.rows import Version

if TYPE_CHECKING:
    from engine.definition.library import Loaded
    from engine.office.office import Office


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication of definitions brought."""

    #: workflow -> its new version
    new: Mapping[str, int]
    #: workflow -> the version that stays, because nothing it rests on has changed
    same: Mapping[str, int]


def publish(
    office: Office,
    loaded: Loaded,
    files: Mapping[str, bytes],
    by: str,
    note: str | None = None,
    dry_run: bool = False,
) -> Published | Sequence[Message]:
    """Publish every workflow of `loaded` that differs from its newest version.

    `files` are the texts `loaded` was made of. Returns sentences instead when it may not be done: problems in the
    definitions, an unknown person.
    """
    errors = [problem for problem in loaded.problems if problem.severity == "error"]
    if errors:
        return [say("定义中有 {count} 处错误，先用 ssj workflow check 查看并改正", count=len(errors))]
    new: dict[str, int] = {}
    same: dict[str, int] = {}
    with office.store.write() as unit:
        if by != "system" and find_actor(unit, by) is None:
            return [say("名录中没有“{person}”这个人；用 ssj register list people 查看", person=by)]
        for workflow in sorted(loaded.workflows):
            parts = {name: hashlib.sha256(files[name]).hexdigest() for name in loaded.parts_of(workflow)}
            lines = "".join(f"{name} {digest}\n" for name, digest in sorted(parts.items()))
            digest = hashlib.sha256(lines.encode()).hexdigest()
            newest = unit.definitions.version(workflow)
            if newest is not None and newest.digest == digest:
                same[workflow] = newest.number
                continue
            number = newest.number + 1 if newest else 1
            new[workflow] = number
            if dry_run:
                continue
            unit.definitions.put_texts({parts[name]: files[name] for name in parts})
            now = office.clock.now()
            unit.definitions.add_version(Version(workflow, number, digest, parts, now, by, note))
            body = {"workflow": workflow, "version": number, "digest": digest}
            office.journal(unit, "published", by, body, stream="definitions")
    return Published(new, same)
