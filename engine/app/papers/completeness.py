"""Completeness of the file of a case: each piece its workflow asks for, and what is missing of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine.app.papers.paper import present
from engine.app.papers.signing import signature_states
from engine.app.ports.case_file import PieceState
from engine.app.ports.papers import PaperState
from engine.app.ports.records import CaseFilter
from engine.app.session.facts import person_rows
from engine.language import Message, say
from engine.lifecycle.expressions.expression import EvaluationError

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case
    from engine.lifecycle.model.archive_rule import ArchivePiece

#: How many child cases a sentence names.
_NAMED = 5


def piece_states(
    uow: UnitOfWork, case: Case, scope: Mapping[str, Any], *, with_papers: bool = True
) -> list[PieceState]:
    """Return the pieces of the file of a case in the order of filing.

    `scope` is what their conditions look at. Without `with_papers` papers are not asked for: where nothing renders
    them there are none.
    """
    rule = uow.process(case).workflow.archive
    found = []
    for number, piece in enumerate(rule.contents if rule is not None else (), 1):
        needed = _needed(piece, scope) and (with_papers or piece.paper is None)
        found.append(
            PieceState(
                number=number,
                title=piece.title,
                needed=needed,
                missing=tuple(_missing(uow, case, piece)) if needed else (),
                paper=piece.paper,
                form=piece.form,
                for_firm=piece.copy,
            )
        )
    return found


def _needed(piece: ArchivePiece, scope: Mapping[str, Any]) -> bool:
    if piece.when is None:
        return True
    try:
        return piece.when.holds(scope)
    except EvaluationError:
        # What it asks was not answered, so that what depends on it is not there either.
        return False


def _missing(uow: UnitOfWork, case: Case, piece: ArchivePiece) -> Iterator[Message]:
    if piece.paper is not None:
        yield from _missing_of_paper(uow, case, piece, piece.paper)
    elif piece.form is not None:
        yield from _missing_of_form(uow, case, piece, piece.form)
    elif piece.publication is not None:
        published = uow.transaction.records.publications(case_id=case.id)
        if not any(one.kind == piece.publication and one.withdrawn_at is None for one in published):
            yield _lacking(piece)
    elif piece.children is not None:
        wanted = CaseFilter(parent=case.id, workflow=piece.children, open=True)
        uow.flush()
        count = uow.transaction.cases.count(wanted)
        if count:
            names = [child.id for child in uow.transaction.cases.find(wanted, limit=_NAMED)]
            yield say("“{title}”还有 {count} 件未办结：{cases}", title=piece.title, count=count, cases=names)


def _missing_of_paper(uow: UnitOfWork, case: Case, piece: ArchivePiece, kind: str) -> Iterator[Message]:
    paper = present(uow, case, kind)
    if paper is None:
        yield _lacking(piece)
    elif piece.becomes is not None and paper.fact(PaperState(piece.becomes)) is None:
        state = PaperState(piece.becomes).words
        called = paper.number or paper.id
        yield say("“{title}”（{paper}）还没有{state}", title=piece.title, paper=called, state=state)


def _missing_of_form(uow: UnitOfWork, case: Case, piece: ArchivePiece, form: str) -> Iterator[Message]:
    answers = case.forms.get(form)
    if answers is None:
        yield _lacking(piece)
        return
    if piece.field is not None and answers.get(piece.field) in (None, "", [], False):
        yield _lacking(piece)
    if piece.signed is None:
        return
    states = [one for one in signature_states(uow.transaction, case) if one.signature.record == form]
    signed = {one.signature.person for one in states if one.holds}
    lost = {one.signature.person for one in states if not one.holds} - signed
    given = answers.get(piece.signed)
    named = map(str, given if isinstance(given, list) else [given] if given else [])
    # Whose signature was lost with a change of the record has not signed what is there now, whatever it names.
    signed.update(person for person in named if person not in lost)
    wanted = case.parties.get(piece.party, ()) if piece.party is not None else ()
    if piece.party is None and not signed:
        yield say("“{title}”缺少签名", title=piece.title)
    lacking = [person for person in wanted if person not in signed]
    names = person_rows(uow, lacking) if lacking else {}
    for person in lacking:
        who = say("{name}（{id}）", name=(names.get(person) or {}).get("name") or person, id=person)
        if person in lost:
            yield say("“{title}”上{who}的签名已失效：签后内容被改动", title=piece.title, who=who)
        else:
            yield say("“{title}”缺少签名：{who}", title=piece.title, who=who)


def _lacking(piece: ArchivePiece) -> Message:
    if piece.basis:
        return say("缺少：{name}（{basis}）", name=piece.title, basis=piece.basis)
    return say("缺少：{name}", name=piece.title)
