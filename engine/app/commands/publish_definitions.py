"""Publishing definitions: checked as a whole, then kept as texts under a version that never changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.app.access.query import SECTION_ROLES
from engine.app.definitions.cache import JOINS
from engine.app.history.journal import add_entry
from engine.app.people.directory import find_actor
from engine.app.ports.records import Version
from engine.language import Message, say
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.model.workflow import Workflow
from engine.yamltext.problem import Severity

if TYPE_CHECKING:
    from engine.app.services import Services
    from engine.definition.library import Library, Loaded


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication of definitions brought."""

    #: workflow -> its new version
    new: Mapping[str, int]
    #: workflow -> the version that stays, because nothing it rests on has changed
    same: Mapping[str, int]


def publish(
    services: Services, loaded: Loaded, by: str, note: str | None = None, *, dry_run: bool = False
) -> Published | Sequence[Message]:
    """Publish every sound workflow of `loaded` that differs from its newest version.

    Returns sentences instead when it may not be done: errors in the definitions, an unknown person.
    """
    errors = [problem for problem in loaded.problems if problem.severity is Severity.ERROR]
    if errors:
        return [say("定义中有 {count} 处错误，先用 ssj workflow check 查看并改正", count=len(errors))]
    new: dict[str, int] = {}
    same: dict[str, int] = {}
    with services.store.write() as transaction:
        if by != SYSTEM and find_actor(transaction, by) is None:
            return [say("名录中没有“{person}”这个人；用 ssj register list people 查看", person=by)]
        for workflow in sorted(loaded.workflows):
            texts = parts_of(loaded.library, workflow)
            parts = {name: hashlib.sha256(text).hexdigest() for name, text in texts.items()}
            lines = "".join(f"{name} {digest}\n" for name, digest in sorted(parts.items()))
            digest = hashlib.sha256(lines.encode()).hexdigest()
            newest = transaction.definitions.version(workflow)
            if newest is not None and newest.digest == digest:
                same[workflow] = newest.number
                continue
            number = newest.number + 1 if newest else 1
            new[workflow] = number
            if dry_run:
                continue
            transaction.definitions.put_texts({parts[name]: text for name, text in texts.items()})
            now = services.clock.now()
            transaction.definitions.add_version(Version(workflow, number, digest, parts, now, by, note))
            body = {"workflow": workflow, "version": number, "digest": digest}
            add_entry(transaction, services.clock.now(), "published", by, body, stream="definitions")
        if new and not dry_run:
            if loaded.bureau is not None:
                by_section = sorted(role.id for role in loaded.bureau.roles.values() if role.by_section)
                transaction.settings.put(SECTION_ROLES, by_section)
            transaction.settings.put(
                JOINS, _joins(transaction.settings.get(JOINS) or {}, loaded.workflows.values())
            )
    return Published(new, same)


def parts_of(library: Library, workflow: str) -> dict[str, bytes]:
    """Return the texts a workflow rests on, by a name that does not depend on where they were read.

    Where a step asks for the forms of a case's items, every form with check rows may be asked for.
    """
    found = library.workflow(workflow)
    texts = {f"{workflow}.workflow.yaml": library.texts[library.places["workflow", workflow]]}
    forms = set(found.forms)
    if any(transition.item_forms for transition in found.transitions):
        forms |= {form.id for form in library.forms.values() if form.rows}
    for form in forms:
        texts[f"{form}.form.yaml"] = library.texts[library.places["form", form]]
    if library.bureau is not None:
        texts["bureau.yaml"] = library.texts[library.places["bureau", library.bureau.id]]
    return {name: text.encode() for name, text in texts.items()}


def _joins(known: Mapping[str, Sequence[str]], workflows: Iterable[Workflow]) -> dict[str, list[str]]:
    """Return child workflow -> states some definition waits for; versions before keep what they waited for."""
    joins = {child: set(states) for child, states in known.items()}
    for workflow in workflows:
        for transition in workflow.transitions:
            if transition.join is not None:
                joins.setdefault(transition.join.workflow, set()).update(transition.join.states)
    return {child: sorted(states) for child, states in sorted(joins.items())}
