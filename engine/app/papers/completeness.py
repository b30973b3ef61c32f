"""Completeness of the file of a case: each piece its workflow asks for, and what is missing of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.app.history.replay import history
from engine.app.papers.form_versions import altered_sentences, form_histories
from engine.app.papers.paper import present
from engine.app.papers.signing import signature_states
from engine.app.ports.case_file import PieceState
from engine.app.ports.papers import PaperState
from engine.app.ports.records import CaseFilter
from engine.app.session.facts import person_rows
from engine.language import Message, say
from engine.lifecycle.expressions.expression import EvaluationError

if TYPE_CHECKING:
    from engine.app.papers.form_versions import FormVersion
    from engine.app.ports.signatures import SignatureState
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case
    from engine.lifecycle.model.archive_rule import ArchivePiece
    from engine.lifecycle.model.form import Form

#: How many child cases a sentence names.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class _Record:
    """What is held against the pieces: the signatures, the forms, and what the history does not have of them."""

    signatures: Sequence[SignatureState]
    #: The forms several people signed with the step they were given by last.
    signed_together: frozenset[str]
    #: form -> the sentence that says which of its answers are not those of the history
    altered: Mapping[str, Message]
    #: The forms in the order in which they were given first.
    order: tuple[str, ...]
    #: The form of the step that is being taken, which is in no history yet.
    given: str | None


def piece_states(
    uow: UnitOfWork,
    case: Case,
    scope: Mapping[str, Any],
    *,
    with_papers: bool = True,
    given: str | None = None,
) -> list[PieceState]:
    """Return the pieces of the file of a case in the order of filing, and one more where a form was changed beside the history.

    `scope` is what their conditions look at. Without `with_papers` papers are not asked for: where nothing renders
    them there are none. `given` is the form of the step that is being taken, as `case` has it already.
    """
    workflow = uow.process(case).workflow
    rule = workflow.archive
    record = _record(uow, case, workflow.forms, given)
    found = []
    for number, written in enumerate(rule.contents if rule is not None else (), 1):
        piece = replace(written, title=_title(written, workflow.forms))
        needed = _needed(piece, scope) and (with_papers or piece.paper is None)
        if needed and piece.optional:
            there = piece.form in case.forms or (piece.paper and present(uow, case, piece.paper) is not None)
            needed = bool(there)
        found.append(
            PieceState(
                number=number,
                title=piece.title or "",
                needed=needed,
                missing=tuple(_missing(uow, case, piece, record)) if needed else (),
                paper=piece.paper,
                form=piece.form,
                for_firm=piece.copy,
            )
        )
    if rule is None:
        found = _as_given(uow, case, record, workflow.forms, with_papers=with_papers)
    named = {piece.form for piece in found if piece.needed}
    others = tuple(sentence for form, sentence in record.altered.items() if form not in named)
    if others:
        title = str(say("其他表单"))
        found.append(PieceState(number=len(found) + 1, title=title, needed=True, missing=others))
    return found


def _title(piece: ArchivePiece, forms: Mapping[str, Form]) -> str:
    """Return what a piece is called: where its process does not say, as its form."""
    form = forms.get(piece.form or "")
    return piece.title or (piece.form or "" if form is None else form.title)


def _as_given(
    uow: UnitOfWork, case: Case, record: _Record, forms: Mapping[str, Form], *, with_papers: bool
) -> list[PieceState]:
    """Return the pieces of a case whose process names none, as they came about: its forms, then the kinds of its documents."""
    titles: dict[tuple[str | None, str | None], str] = {
        (None, form): forms[form].title if form in forms else form
        for form in record.order
        if form in case.forms
    }
    documents = uow.transaction.records.documents(case.id) if with_papers else ()
    titles |= {(one.kind, None): one.title or one.name for one in documents}
    return [
        PieceState(
            number=number,
            title=title,
            needed=True,
            missing=() if (sentence := record.altered.get(form or "")) is None else (sentence,),
            paper=paper,
            form=form,
        )
        for number, ((paper, form), title) in enumerate(titles.items(), 1)
    ]


def _record(uow: UnitOfWork, case: Case, forms: Mapping[str, Form], given: str | None) -> _Record:
    events = [*history(uow.transaction, case.id), *uow.entered(case.id)]
    histories = form_histories(events, case)
    altered = {form: one for form, one in altered_sentences(histories, forms).items() if form != given}
    together = frozenset(
        form for form, one in histories.items() if one.versions and _signed_with_step(one.versions)
    )
    return _Record(
        signature_states(uow.transaction, case, events), together, altered, tuple(histories), given
    )


def _signed_with_step(versions: Sequence[FormVersion]) -> bool:
    """Tell whether the form was last given by a step that several people took; what was changed since was not given."""
    last = next((one for one in reversed(versions) if not one.changed), None)
    return last is not None and bool(last.signatures)


def _needed(piece: ArchivePiece, scope: Mapping[str, Any]) -> bool:
    if piece.when is None:
        return True
    try:
        return piece.when.holds(scope)
    except EvaluationError:
        # What it asks was not answered, so that what depends on it is not there either.
        return False


def _missing(uow: UnitOfWork, case: Case, piece: ArchivePiece, record: _Record) -> Iterator[Message]:
    if piece.paper is not None:
        yield from _missing_of_paper(uow, case, piece, piece.paper)
    elif piece.form is not None:
        yield from _missing_of_form(uow, case, piece, piece.form, record)
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


def _missing_of_form(
    uow: UnitOfWork, case: Case, piece: ArchivePiece, form: str, record: _Record
) -> Iterator[Message]:
    if (altered := record.altered.get(form)) is not None:
        yield altered
    answers = case.forms.get(form)
    if answers is None:
        yield _lacking(piece)
        return
    if piece.field is not None and answers.get(piece.field) in (None, "", [], False):
        yield _lacking(piece)
    if piece.signed is None:
        return
    states = {} if form == record.given else _by_person(record, form)
    signed = {person for person, one in states.items() if one.holds}
    if form == record.given or form not in record.signed_together:
        # Given by one person, who says who signed: on paper, or in a process in which nobody signs for himself.
        value = answers.get(piece.signed)
        named = map(str, value if isinstance(value, list) else [value] if value else [])
        signed.update(person for person in named if person not in states)
    wanted = case.parties.get(piece.party, ()) if piece.party is not None else ()
    if piece.party is None and not signed:
        yield say("“{title}”缺少签名", title=piece.title)
    lacking = [person for person in wanted if person not in signed]
    names = person_rows(uow, lacking) if lacking else {}
    for person in lacking:
        who = say("{name}（{id}）", name=(names.get(person) or {}).get("name") or person, id=person)
        state = states.get(person)
        if state is None:
            yield say("“{title}”缺少签名：{who}", title=piece.title, who=who)
        elif state.remark is None:
            yield say("“{title}”上{who}的签名已失效：签后内容被改动", title=piece.title, who=who)
        else:
            yield say("“{title}”上{who}的签名：{remark}", title=piece.title, who=who, remark=state.remark)


def _by_person(record: _Record, form: str) -> dict[str, SignatureState]:
    """Return the signature of each person on a form: one that holds, else the newest."""
    found: dict[str, SignatureState] = {}
    for one in record.signatures:
        if one.signature.record == form and not (one.counts_for in found and found[one.counts_for].holds):
            found[one.counts_for] = one
    return found


def _lacking(piece: ArchivePiece) -> Message:
    if piece.basis:
        return say("缺少：{name}（{basis}）", name=piece.title, basis=piece.basis)
    return say("缺少：{name}", name=piece.title)
