"""Which workflows a changed bureau file touches: those that read another thing by it, and no others get a version."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from engine.app.definitions.kept_forms import find, read_texts
from engine.app.ports.records import BUREAU_PART, Version
from engine.definition.compiled.form import NotPlainError, plain

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.definition.library import Loaded
    from engine.lifecycle.model.bureau import Bureau, Role
    from engine.lifecycle.model.paper_series import PaperPolicy
    from engine.lifecycle.model.workflow import Workflow

#: What workflows take over when they are read: a change of it is one of the workflow as read, or of no meaning to it.
_TAKEN_OVER = ("milestones", "column_groups", "policies")
#: What is asked of the bureau published last, whatever version a case is of.
_OF_THE_WHOLE = ("measures", "supervision", "statistics", "untouched", "english")
#: What only draws ask of the version of their case.
_OF_DRAWS = ("draw", "ratings")
#: The lists of codes draws ask for.
_CODES_OF_DRAWS = ("removal_reasons", "replacement_reasons", "void_reasons")


def only_the_bureau(newest: Version, parts: Mapping[str, str]) -> bool:
    """Tell whether nothing but the text of the bureau differs from a version; `parts` are name -> digest."""
    others = {name: digest for name, digest in parts.items() if name != BUREAU_PART}
    before = {name: digest for name, digest in newest.parts.items() if name != BUREAU_PART}
    return others == before and BUREAU_PART in parts and BUREAU_PART in newest.parts


def bureau_text(transaction: Transaction) -> bytes | None:
    """Return the text of the bureau that was published last; None before anything is."""
    last = _published_last(transaction.definitions.versions())
    digest = last.parts.get(BUREAU_PART) if last is not None else None
    return transaction.definitions.text(digest) if digest is not None else None


def _published_last(versions: Collection[Version]) -> Version | None:
    order = attrgetter("published_at", "workflow", "number")
    return max(versions, key=order) if versions else None


def touched(
    transaction: Transaction, loaded: Loaded, candidates: Mapping[str, Version], *, others: bool
) -> set[str]:
    """Return which of `candidates` (workflow -> its newest version) the bureau of `loaded` changes.

    What is of no workflow (a measure, a table) is published with the version of one: without `others` that get a version,
    with those the changed parts name, or where they name none with the workflow that was published last.
    """
    after = loaded.bureau
    if after is None:
        return set(candidates)
    read = {name: _read(transaction, version) for name, version in candidates.items()}
    found = {
        name
        for name, before in read.items()
        if before is None or _differs(before, (loaded.workflows[name], after))
    }
    if found or others:
        return found
    last = _published_last(transaction.definitions.versions())
    now = _read(transaction, last) if last is not None else None
    if last is None or now is None or _same(now[1], after):
        return found
    named = _named(now[1], after, candidates)
    return named or {last.workflow if last.workflow in candidates else min(candidates)}


def _same(before: Bureau, after: Bureau) -> bool:
    try:
        return bool(plain(before) == plain(after))
    except NotPlainError:
        return False


def _read(transaction: Transaction, version: Version) -> tuple[Workflow, Bureau] | None:
    try:
        return find(transaction, version) or read_texts(transaction, version)
    except KeyError:
        return None


def _differs(before: tuple[Workflow, Bureau], after: tuple[Workflow, Bureau]) -> bool:
    """Tell whether a workflow, or what it asks of its bureau while cases go on, has changed."""
    (old, bureau), (new, changed) = before, after
    try:
        said = plain(replace(new, forms={}))
        if plain(replace(old, forms={})) != said or any(
            plain(old.forms.get(name)) != plain(form) for name, form in new.forms.items() if name in old.forms
        ):
            return True
        asked = _asked(bureau, changed, new, json.dumps([said, plain(new.forms)], ensure_ascii=False))
        return any(plain(one) != plain(other) for one, other in asked)
    except NotPlainError:
        return True


def _asked(before: Bureau, after: Bureau, workflow: Workflow, said: str) -> Iterator[tuple[Any, Any]]:
    """Yield, before and after, what a workflow asks of its bureau beyond what it has taken over."""
    effects = {effect.kind for step in workflow.transitions for effect in step.then}
    for each in fields(before):
        name = each.name
        one, other = getattr(before, name), getattr(after, name)
        if name in (*_TAKEN_OVER, *_OF_THE_WHOLE) or one == other:
            continue
        if name == "codes":
            one, other = ({code: kept.get(code) for code in _CODES_OF_DRAWS} for kept in (one, other))
        if name in (*_OF_DRAWS, "codes"):
            if "commit" not in effects:
                continue
        elif name == "papers":
            if not {"render", "paper"} & effects:
                continue
            one, other = (_numbered(kept, workflow) for kept in (one, other))
        elif name == "targets":
            if '"targets"' not in said:
                continue
        elif name == "incompatible_on_a_case":
            one, other = (
                tuple(rule for rule in kept if rule.workflow == workflow.id) for kept in (one, other)
            )
        elif name == "roles":
            one, other = _of_meaning(one, other, said)
        yield one, other


def _of_meaning(
    before: Mapping[str, Role], after: Mapping[str, Role], said: str
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return what roles are to a definition: those it names as they are, others by whether they are of a section.

    A role that is new and that it does not name is of no meaning to it. One that it does not name and that is gone may have
    been on the way up to whoever agrees.
    """

    def kept(roles: Mapping[str, Role]) -> Mapping[str, Any]:
        return {
            name: role if f'"{name}"' in said else role.by_section
            for name, role in roles.items()
            if name in before
        }

    return kept(before), kept(after)


def _numbered(papers: PaperPolicy, workflow: Workflow) -> PaperPolicy:
    """Return how papers are numbered, as far as it concerns those the steps of a workflow make.

    A number must not read like one of another series: where it may, all series matter, as whoever mends it changes the other.
    """
    effects = [effect for step in workflow.transitions for effect in step.then]
    made = {str(one.arguments.get(one.kind)) for one in effects if one.kind in ("render", "paper")}
    series = {name: one for name, one in papers.series.items() if made.intersection(one.papers)}
    if any(one.id in series and papers.alike(one, section) is not None for one, section in papers.numbered()):
        return papers
    return replace(papers, series=series)


def _named(before: Bureau, after: Bureau, workflows: Iterable[str]) -> set[str]:
    """Return the workflows the changed measures and tables name."""
    said = []
    for name in ("measures", "supervision", "statistics"):
        one, other = getattr(before, name), getattr(after, name)
        changed = [key for key in {**one, **other} if one.get(key) != other.get(key)]
        said += [
            json.dumps(plain([kept.get(key) for kept in (one, other)]), ensure_ascii=False) for key in changed
        ]
    return {name for name in workflows if any(f'"{name}"' in text for text in said)}
