"""Everything that was answered on a case, in another version of its workflow: forms, branches, facts, what is being signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.kernel.refusal import RefusalReason
from engine.language import say
from engine.lifecycle.case import Case
from engine.lifecycle.forms.relevance import is_blank
from engine.lifecycle.migration.carried_answers import AnswerChange, AnswerMove, CarriedSheets, Gone
from engine.lifecycle.migration.rename_map import CASE, RenameMap
from engine.lifecycle.model.form import Field
from engine.lifecycle.model.workflow import Transition, Workflow


@dataclass(slots=True)
class CarriedCase:
    """What becomes of the answers of a case, and why it cannot go."""

    #: form -> its answers from now on; None: none of it any more
    forms: dict[str, Mapping[str, Any] | None] = field(default_factory=dict)
    #: branch -> what was answered, from now on; None: none of it any more
    branches: dict[str, Mapping[str, Any] | None] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    without: list[str] = field(default_factory=list)
    moves: list[AnswerMove] = field(default_factory=list)
    reasons: list[RefusalReason] = field(default_factory=list)


def carried_case(old: Workflow, new: Workflow, case: Case, renames: RenameMap) -> CarriedCase:
    """Return what becomes of everything that was answered on `case`."""
    found = CarriedCase()
    items = case.fields.get("items") or ()
    sheets = CarriedSheets(renames, old.forms, new.forms, items)
    _one_each(sheets, case.forms, renames.forms)
    _one_each(sheets, case.branches, renames.steps)
    for form_id, answers in case.forms.items():
        _carry_form(found, sheets, form_id, answers)
    _carry_branches(found, sheets, old, new, case)
    facts = CarriedSheets(renames, gone=Gone.STAYS)
    _carry_facts(found, facts, old, new, case)
    # Nobody is asked for a fact: how it is called is no change of it.
    listed = [move for move in facts.moves if move.what is not AnswerChange.ASKED_OTHERWISE]
    found.moves = [*sheets.moves, *listed]
    found.reasons = [
        *(RefusalReason("form", problem) for problem in (*sheets.problems, *facts.problems)),
        *_being_signed(old, new, case, renames),
        *_asked_for(case, found),
    ]
    return found


def _one_each(sheets: CarriedSheets, there: Iterable[str], renamed: Mapping[str, str]) -> None:
    """Say where several would have one name: neither may take the place of the other."""
    several: dict[str, list[str]] = {}
    for name in there:
        several.setdefault(renamed.get(name, name), []).append(name)
    for target, names in several.items():
        if len(names) > 1:
            sheets.problems.append(
                say("{names}都已填写，不能都改为“{name}”，只能有一处", names=names, name=target)
            )


def _carry_form(found: CarriedCase, sheets: CarriedSheets, form_id: str, answers: Mapping[str, Any]) -> None:
    target = sheets.renames.forms.get(form_id, form_id)
    before, after = sheets.old.get(form_id), sheets.new.get(target)
    if after is None:
        found.forms[form_id] = None
        sheets.lost_form(form_id, before.title if before is not None else form_id, answers, form_id)
        return
    if target != form_id:
        found.forms.setdefault(form_id, None)
    if before is None:
        return
    kept = sheets.sheet(before, after, answers, target)
    if kept != answers or target != form_id:
        found.forms[target] = kept


def _carry_branches(
    found: CarriedCase, sheets: CarriedSheets, old: Workflow, new: Workflow, case: Case
) -> None:
    """Carry what was answered side by side; a branch that is no more keeps the case."""
    for name, said in case.branches.items():
        target = sheets.renames.steps.get(name, name)
        was, now = _step(old, name, branch=True), _step(new, target, branch=True)
        if now is None:
            title = name if was is None else was.title
            sheets.problems.append(
                say(
                    "并行的“{title}”已由“{person}”办理，新版没有；可写明改为哪一项（{key}），或留在原版办完",
                    title=title,
                    person=said["by"],
                    key=f"steps: {name}",
                )
            )
            continue
        kept = _answered(sheets, was, now, said["answers"], target)
        if target != name:
            found.branches.setdefault(name, None)
        if kept != said["answers"] or target != name:
            found.branches[target] = {**said, "answers": kept}


def _answered(
    sheets: CarriedSheets, was: Transition | None, now: Transition, answers: Mapping[str, Any], name: str
) -> Mapping[str, Any]:
    """Return the answers given with a branch."""
    before = sheets.old.get(was.form or "") if was is not None else None
    after = sheets.new.get(now.form or "")
    if not answers or before is None:
        return answers
    if after is None:
        sheets.lost_form(before.id, before.title, answers, f"branches.{name}")
        return {}
    return sheets.sheet(before, after, answers, f"branches.{name}")


def _step(workflow: Workflow, name: str, *, branch: bool = False) -> Transition | None:
    return next((one for one in workflow.transitions if one.id == name and (one.branch or not branch)), None)


def _being_signed(old: Workflow, new: Workflow, case: Case, renames: RenameMap) -> Iterator[RefusalReason]:
    """Yield why a case cannot go whose answers some have signed and others have yet to sign, where these would be others."""
    for step, signing in case.signing.items():
        was, now = _step(old, step), _step(new, renames.steps.get(step, step))
        if signing.answers is None or was is None or now is None:
            continue
        before, after = old.forms.get(was.form or ""), new.forms.get(now.form or "")
        sheets = CarriedSheets(renames, old.forms, new.forms, case.fields.get("items") or ())
        if before is not None and after is not None:
            kept = sheets.sheet(before, after, signing.answers, after.id)
            if kept == signing.answers and not sheets.moves and not sheets.problems:
                continue
        message = say("“{step}”正在会签，所签的内容在新版会改变；须先签完或撤回", step=now.title)
        yield RefusalReason("signed", message)


def _asked_for(case: Case, found: CarriedCase) -> Iterator[RefusalReason]:
    """Yield why a case cannot go of which an answer is to be put right, where the answers would be others by then."""
    if found.forms and any("fact" in words for words in case.asked.values()):
        yield RefusalReason("asked", say("更正的申请待批准，已填的内容在新版会改变；须先批准或驳回"))


def _carry_facts(found: CarriedCase, sheets: CarriedSheets, old: Workflow, new: Workflow, case: Case) -> None:
    """Carry the facts; one that is no more stays with the case, and is listed: nobody sees it any more."""
    for name, value in case.fields.items():
        was, target = old.fields.get(name), sheets.renames.fields.get(f"{CASE}.{name}", name)
        asked = new.fields.get(target)
        if asked is None and target != name:
            sheets.problems.append(say("新版没有字段“{name}”", name=target))
        elif asked is None and was is not None and not is_blank(value):
            sheets.moves.append(AnswerMove(f"{CASE}.{name}", was.title, AnswerChange.REMOVED, value))
        elif asked is not None and (was is not None or target != name):
            _carry_fact(found, sheets, was or asked, asked, case, name)


def _carry_fact(
    found: CarriedCase, sheets: CarriedSheets, was: Field, asked: Field, case: Case, name: str
) -> None:
    value = case.fields[name]
    kept, problem = sheets.value(was, asked, value, f"{CASE}.{name}", CASE)
    if problem is not None:
        sheets.problems.append(problem)
    if asked.name == name:
        if kept != value:
            found.facts[name] = kept
        return
    if not is_blank(case.fields.get(asked.name)) or asked.name in found.facts:
        sheets.problems.append(
            say(
                "字段“{title}”（{name}）已有内容，不能再由别的字段改名而来",
                title=asked.title,
                name=asked.name,
            )
        )
        return
    found.facts[asked.name] = kept
    found.without.append(name)
