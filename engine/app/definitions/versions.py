"""Versions of definitions: which workflows differ from what was published last, and adding a version of those."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.app.definitions.articles import keep_articles
from engine.app.definitions.bureau_changes import only_the_bureau, touched
from engine.app.definitions.derived_settings import (
    BUREAU_ROLES,
    CALENDAR_STARTS,
    COMMITTING,
    ENGLISH_TEXTS,
    EVERY_EVENT,
    FIELD_NAMES,
    JOINS,
    LOCKS,
    UNTOUCHED,
)
from engine.app.definitions.published_files import add_files, changed_files
from engine.app.definitions.single_handed import STREAM
from engine.app.history.journal import add_entry
from engine.app.ports.records import BUREAU_PART, LANGUAGE_PART, Version
from engine.lifecycle.migration.former_names import NO_NAMES, with_names_of
from engine.lifecycle.model.workflow import Workflow
from engine.value import value

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.definition.library import Library, Loaded
    from engine.lifecycle.model.bureau import Bureau
    from engine.lifecycle.process import Process


@value
class Published:
    """What a publication of definitions brought, or would bring."""

    #: workflow -> its new version
    new: Mapping[str, int]
    #: workflow -> the version that stays, because nothing that has a meaning for it has changed
    same: Mapping[str, int]
    #: The files beside the definitions that differ: path -> SHA-256, None for one that is taken away.
    files: Mapping[str, str | None] = field(default_factory=dict)
    #: What whoever publishes should know: nothing of it keeps from publishing.
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        files = {"files": dict(self.files)} if self.files else {}
        notes = {"notes": list(self.notes)} if self.notes else {}
        return {"new": dict(self.new), "same": dict(self.same), **files, **notes}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Published:
        """Return what `as_json` gave."""
        return cls(body["new"], body["same"], body.get("files", {}), tuple(body.get("notes", ())))


def compare_with_published(transaction: Transaction, loaded: Loaded, only: Collection[str] = ()) -> Published:
    """Return which workflows of `loaded` (of them `only`, where some are named) differ from their newest version, and which files do."""
    new: dict[str, int] = {}
    same: dict[str, int] = {}
    of_bureau: dict[str, Version] = {}
    for workflow in sorted(loaded.workflows):
        if only and workflow not in only:
            continue
        newest = transaction.definitions.version(workflow)
        parts = _digests(parts_of(loaded.library, workflow))
        if newest is not None and newest.digest == _digest(parts):
            same[workflow] = newest.number
        elif newest is not None and only_the_bureau(newest, parts):
            of_bureau[workflow] = newest
        else:
            new[workflow] = newest.number + 1 if newest else 1
    changed = touched(transaction, loaded, of_bureau, others=bool(new)) if of_bureau else set()
    for workflow, newest in of_bureau.items():
        if workflow in changed:
            new[workflow] = newest.number + 1
        else:
            same[workflow] = newest.number
    files = changed_files(transaction, loaded.files, whole=not only)
    return Published(dict(sorted(new.items())), dict(sorted(same.items())), files)


def add_versions(
    transaction: Transaction,
    loaded: Loaded,
    now: datetime,
    by: str,
    note: str | None = None,
    only: Collection[str] = (),
) -> Published:
    """Add a version of every workflow of `loaded` that differs from its newest one, and publish its files; each is recorded in `STREAM`.

    Of `only` some, where they are named: the others, and what is noted of them, stay as they are.
    """
    found = compare_with_published(transaction, loaded, only)
    for workflow, number in found.new.items():
        texts = parts_of(loaded.library, workflow)
        parts = _digests(texts)
        transaction.definitions.put_texts({parts[name]: text for name, text in texts.items()})
        _add(transaction, Version(workflow, number, _digest(parts), parts, now, by, note))
    if found.files:
        add_files(transaction, loaded.files, found.files, now, by)
    if loaded.library.articles is not None:
        keep_articles(transaction, loaded.library.articles)
    if found.new:
        concerned = [one for one in loaded.workflows.values() if not only or one.id in only]
        _note_settings(transaction, concerned, loaded.bureau, now)
    return found


def add_version_again(
    transaction: Transaction, version: Version, process: Process, now: datetime, by: str, note: str | None
) -> Published:
    """Add the texts of an older version, byte for byte, as the newest one; nothing where they are those of the newest."""
    newest = transaction.definitions.version(version.workflow)
    number = newest.number if newest is not None else 0
    if newest is not None and newest.digest == version.digest:
        return Published({}, {version.workflow: number})
    _add(
        transaction,
        Version(version.workflow, number + 1, version.digest, version.parts, now, by, note),
        again=version.number,
    )
    _note_settings(transaction, [process.workflow], process.bureau, now)
    return Published({version.workflow: number + 1}, {})


def _add(transaction: Transaction, version: Version, again: int | None = None) -> None:
    transaction.definitions.add_version(version)
    body = {"workflow": version.workflow, "version": version.number, "digest": version.digest}
    if again is not None:
        body["again"] = again
    add_entry(transaction, version.published_at, "published", version.published_by, body, stream=STREAM)


def _note_settings(
    transaction: Transaction, workflows: Sequence[Workflow], bureau: Bureau | None, now: datetime
) -> None:
    """Note what is asked of all definitions together, as the published ones say it now."""
    if bureau is not None:
        of_bureau = sorted(role.id for role in bureau.roles.values() if not role.by_section)
        transaction.settings.put(BUREAU_ROLES, of_bureau)
    transaction.settings.put(JOINS, _joins(transaction.settings.get(JOINS) or {}, workflows))
    locks = _locks(transaction.settings.get(LOCKS) or {}, workflows)
    if locks:
        transaction.settings.put(LOCKS, locks)
    committing = _committing(transaction.settings.get(COMMITTING) or [], workflows)
    if committing:
        transaction.settings.put(COMMITTING, committing)
    names = _names(transaction.settings.get(FIELD_NAMES) or {}, workflows)
    if names:
        transaction.settings.put(FIELD_NAMES, names)
    _note_calendar_starts(transaction, workflows, bureau, now)
    english = _english(workflows, bureau)
    if english:
        transaction.settings.put(
            ENGLISH_TEXTS, {**(transaction.settings.get(ENGLISH_TEXTS) or {}), **english}
        )


def _names(known: Mapping[str, Any], workflows: Iterable[Workflow]) -> dict[str, Any]:
    """Return what fields are called that are kept under another name, by these versions and those before."""
    found = dict(known)
    for workflow in workflows:
        found[workflow.id] = with_names_of(found.get(workflow.id, NO_NAMES), workflow)
    return {workflow: names for workflow, names in found.items() if names}


def _english(workflows: Iterable[Workflow], bureau: Bureau | None) -> dict[str, str]:
    """Return what the texts of these definitions are in English, where their files say it."""
    found = dict(bureau.english) if bureau is not None else {}
    for workflow in workflows:
        for form in workflow.forms.values():
            found.update(form.english)
        found.update(workflow.english)
    return found


def _digests(texts: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(text).hexdigest() for name, text in texts.items()}


def _digest(parts: Mapping[str, str]) -> str:
    lines = "".join(f"{name} {digest}\n" for name, digest in sorted(parts.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def parts_of(library: Library, workflow: str) -> dict[str, bytes]:
    """Return the texts a workflow rests on, by a name that does not depend on where they were read, and their language."""
    from engine.definition.library import LANGUAGE

    found = library.workflow(workflow)
    texts = {f"{workflow}.workflow.yaml": library.texts[library.places["workflow", workflow]]}
    for form in found.forms:
        texts[f"{form}.form.yaml"] = library.texts[library.places["form", form]]
    if library.bureau is not None:
        texts[BUREAU_PART] = library.texts[library.places["bureau", library.bureau.id]]
    texts[LANGUAGE_PART] = str(LANGUAGE)
    return {name: text.encode() for name, text in texts.items()}


def _read_by_engine(workflow: Workflow) -> Iterator[tuple[str, ...]]:
    """Yield the names at which the conditions and requirements of the engine's steps look."""
    for transition in workflow.transitions:
        if transition.by_engine:
            for condition in transition.conditions:
                for expression in condition.expressions():
                    yield from expression.names()


def _note_calendar_starts(
    transaction: Transaction, workflows: Sequence[Workflow], bureau: Bureau | None, now: datetime
) -> None:
    """Note the workflows the calendar starts, from today on; one that was known goes on where it was."""
    known = transaction.settings.get(CALENDAR_STARTS) or {}
    starting = [flow.id for flow in workflows if flow.calendar_start and flow.id not in known]
    if bureau is not None and bureau.untouched and UNTOUCHED not in known:
        starting.append(UNTOUCHED)
    if starting and bureau is not None:
        today = now.astimezone(ZoneInfo(bureau.timezone)).date()
        yesterday = (today - timedelta(days=1)).isoformat()
        transaction.settings.put(CALENDAR_STARTS, {**known, **dict.fromkeys(starting, yesterday)})


def _locks(
    known: Mapping[str, Mapping[str, list[list[str]]]], workflows: Iterable[Workflow]
) -> dict[str, dict[str, list[list[str]]]]:
    """Return lock -> where it is held and from where the engine takes a case there; versions before keep theirs."""
    locks = {
        name: {part: {(flow, state) for flow, state in places} for part, places in parts.items()}
        for name, parts in known.items()
    }
    for workflow in workflows:
        held = {state.id: state.lock for state in workflow.states.values() if state.lock is not None}
        for state, name in held.items():
            locks.setdefault(name, {"in": set(), "before": set()})["in"].add((workflow.id, state))
        for step in workflow.transitions:
            name_of = held.get(step.target or "")
            if name_of is not None and step.by_engine:
                locks[name_of]["before"].update((workflow.id, source) for source in step.sources)
    return {
        name: {part: [list(place) for place in sorted(places)] for part, places in sorted(parts.items())}
        for name, parts in sorted(locks.items())
    }


def _committing(known: Iterable[Sequence[str]], workflows: Iterable[Workflow]) -> list[list[str]]:
    """Return the (workflow, state) from which somebody commits to a draw; versions before keep theirs."""
    found = {(flow, state) for flow, state in known}
    for workflow in workflows:
        for step in workflow.transitions:
            if any(effect.kind == "commit" for effect in step.then):
                found.update((workflow.id, source) for source in step.sources)
    return [list(place) for place in sorted(found)]


def _joins(known: Mapping[str, Sequence[str]], workflows: Iterable[Workflow]) -> dict[str, list[str]]:
    """Return child workflow -> states some definition waits for; versions before keep what they waited for."""
    joins = {child: set(states) for child, states in known.items()}
    for workflow in workflows:
        for transition in workflow.transitions:
            if transition.join is not None:
                joins.setdefault(transition.join.workflow, set()).update(transition.join.states)
        for path in _read_by_engine(workflow):
            if path[0] == "children" and len(path) > 1:
                joins.setdefault(path[1], set()).add(EVERY_EVENT)
    return {child: sorted(states) for child, states in sorted(joins.items())}
