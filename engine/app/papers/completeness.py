"""Completeness of the file of a case: each piece it consists of, in the order of the proceedings, and what is missing of it.

The pieces come from the process: every form a step has given, every paper a step has made, what was published and what was
drawn. What its workflow writes under ``archive`` is put into that order and says more of a piece, or adds one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from engine.app.history.case_records import records_said, records_unlike, texts_changed
from engine.app.history.replay import history
from engine.app.papers.file_answers import KeptBytes
from engine.app.papers.form_versions import altered_sentences, form_histories
from engine.app.papers.paper import present
from engine.app.papers.signing import FORGOTTEN, signature_states
from engine.app.ports.case_file import PieceState
from engine.app.ports.papers import PaperState
from engine.app.ports.records import CaseFilter
from engine.app.session.facts import person_rows
from engine.language import Message, say
from engine.lifecycle.effects import ABOVE
from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.model.archive_rule import ArchivePiece

if TYPE_CHECKING:
    from engine.app.papers.form_versions import FormHistory
    from engine.app.ports.papers import PaperRecord
    from engine.app.ports.records import Document
    from engine.app.ports.signatures import SignatureState
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case
    from engine.lifecycle.chain import Event
    from engine.lifecycle.model.form import Form
    from engine.lifecycle.model.workflow import Transition, Workflow

#: How many child cases a sentence names.
_NAMED = 5
#: What a piece is, and which one: two pieces with the same are the same piece.
Key = tuple[str, str]
FORM, PAPER, PUBLICATION, CHILDREN, DRAW = "form", "paper", "publication", "children", "draw"
_DRAW_NOTES = frozenset({"commitment", "drawn"})


@dataclass(frozen=True, slots=True)
class _Record:
    """What is held against the pieces: the signatures, the forms, the papers, and what the history says of them."""

    signatures: Sequence[SignatureState]
    forms: Mapping[str, FormHistory]
    #: form -> the sentence that says which of its answers are not those of the history
    altered: Mapping[str, Message]
    #: The form of the step that is being taken, which is in no history yet.
    given: str | None
    #: The papers of the case and their documents; none where nothing renders them.
    papers: Sequence[PaperRecord]
    documents: Mapping[str, Document]
    #: What the steps of the history made: kinds of papers, of publications, a draw.
    made: frozenset[Key]
    wrong_files: Sequence[Message]
    #: What of the papers, publications and the firm is other than the history says.
    unlike: Sequence[Message]
    #: Each time people of the case changed: the number of the entry, whether a case below brought it about, who they are by party.
    teams: Sequence[tuple[int, bool, Mapping[str, Sequence[str]]]]
    #: The signatures some piece has spoken of.
    spoken: set[str] = field(default_factory=set)


def piece_states(
    uow: UnitOfWork,
    case: Case,
    scope: Mapping[str, Any],
    *,
    with_papers: bool = True,
    given: str | None = None,
) -> list[PieceState]:
    """Return the pieces of the file of a case in the order of filing, and one more for what is wrong beside them.

    `scope` is what the conditions of written pieces look at. Without `with_papers` papers are not asked for: where nothing
    renders them there are none. `given` is the form of the step that is being taken, as `case` has it already.
    """
    workflow = uow.process(case).workflow
    record = _record(uow, case, workflow, given, with_papers=with_papers)
    written = workflow.archive.contents if workflow.archive is not None else ()
    found = []
    for number, piece in enumerate(_in_order(written, _arisen(workflow, record)), 1):
        needed = piece not in written or (_needed(piece, scope) and (with_papers or piece.paper is None))
        titled = replace(piece, title=_title(piece, workflow.forms, record))
        if needed and piece.optional:
            there = piece.form in case.forms or (piece.paper and present(uow, case, piece.paper) is not None)
            needed = bool(there)
        missing: tuple[Message, ...] = ()
        if needed:
            asked = _missing if piece in written else _missing_of_arisen
            missing = (*asked(uow, case, titled, record), *_damaged(uow, titled, record))
        found.append(
            PieceState(
                number=number,
                title=titled.title or "",
                needed=needed,
                missing=tuple(_once(missing)),
                paper=piece.paper,
                form=piece.form,
                for_firm=piece.copy,
            )
        )
    named = {piece.form for piece in found if piece.needed}
    others = [record.altered[form] for form in record.forms if form not in named and form in record.altered]
    for form in record.forms:
        if form not in named:
            piece = ArchivePiece(form=form)
            others += _damaged(uow, replace(piece, title=_title(piece, workflow.forms, record)), record)
    lost = [
        one
        for one in record.signatures
        if not one.holds and (one.waiting or one.signature.id not in record.spoken)
    ]
    beside: list[tuple[Message, Sequence[Message]]] = [
        (say("其他表单"), others),
        (say("签名"), [_lost(uow, one) for one in lost]),
        (say("附件"), record.wrong_files),
        (say("与历史核对"), record.unlike),
    ]
    for title, sentences in beside:
        if sentences:
            number = len(found) + 1
            found.append(PieceState(number=number, title=str(title), needed=True, missing=tuple(sentences)))
    return found


def all_missing(states: Iterable[PieceState]) -> list[Message]:
    """Return what the pieces lack, each sentence once."""
    return _once(message for state in states for message in state.missing)


def _once(messages: Iterable[Message]) -> list[Message]:
    found: list[Message] = []
    for message in messages:
        if message not in found:
            found.append(message)
    return found


def _in_order(written: Sequence[ArchivePiece], arisen: Sequence[ArchivePiece]) -> list[ArchivePiece]:
    """Return the written pieces in their order, and each other one after the one it comes after in the proceedings."""
    found = list(written)
    places = {_key(piece) for piece in written}
    before: Key | None = None
    for piece in arisen:
        key = _key(piece)
        if key not in places:
            # Behind the last written piece of that kind: a form may be asked for twice, with two questions.
            at = max((at for at, one in enumerate(found, 1) if before == _key(one)), default=0)
            found.insert(at, piece)
            places.add(key)
        before = key
    return found


def _key(piece: ArchivePiece) -> Key:
    for kind, name in (
        (FORM, piece.form),
        (PAPER, piece.paper),
        (PUBLICATION, piece.publication),
        (CHILDREN, piece.children),
    ):
        if name is not None:
            return kind, name
    return DRAW, ""


def _arisen(workflow: Workflow, record: _Record) -> list[ArchivePiece]:
    """Return the pieces a case has so far, in the order of the steps they come from; what no step makes comes as it came about."""
    there: dict[Key, None] = {}
    for form, one in record.forms.items():
        last = one.versions[-1] if one.versions else None
        if form == record.given or (last is not None and last.answers is not None):
            there[FORM, form] = None
    there |= dict.fromkeys((PAPER, one.kind) for one in record.papers)
    there |= dict.fromkeys((PAPER, one.kind) for one in record.documents.values())
    there |= dict.fromkeys(sorted(record.made))
    order = {key: at for at, key in enumerate(dict.fromkeys(_order(workflow)))}
    return [
        ArchivePiece(
            form=name if kind == FORM else None,
            paper=name if kind == PAPER else None,
            publication=name if kind == PUBLICATION else None,
        )
        for kind, name in sorted(there, key=lambda key: order.get(key, len(order)))
    ]


def _order(workflow: Workflow) -> Iterator[Key]:
    """Yield what the steps of a process leave, state by state and step by step as they are written."""
    if workflow.start_form is not None:
        yield FORM, workflow.start_form
    for state in workflow.states:
        for step in workflow.leaving(state):
            yield from _left_by(step)


def _left_by(step: Transition) -> Iterator[Key]:
    if step.form is not None:
        yield FORM, step.form
    for effect in step.then:
        if effect.kind == "render":
            yield PAPER, str(effect.arguments["render"])
        elif effect.kind == "publish" and not effect.arguments.get(ABOVE):
            yield PUBLICATION, str(effect.arguments["publish"])
        elif effect.kind in ("commit", "draw"):
            yield DRAW, ""


def _title(piece: ArchivePiece, forms: Mapping[str, Form], record: _Record) -> str:
    """Return what a piece is called: where its process does not say, as its form or its newest document."""
    if piece.title:
        return piece.title
    if piece.form is not None:
        return forms[piece.form].title if piece.form in forms else piece.form
    if piece.paper is not None:
        made = [one for one in record.documents.values() if one.kind == piece.paper]
        return next((one.title or one.name for one in reversed(made)), piece.paper)
    if piece.publication is not None:
        return str(say("公示（{kind}）", kind=piece.publication))
    return str(say("抽取的承诺、记录和验证包"))


def _record(
    uow: UnitOfWork, case: Case, workflow: Workflow, given: str | None, *, with_papers: bool
) -> _Record:
    events = [*history(uow.transaction, case.id), *uow.entered(case.id)]
    histories = form_histories(events, case)
    altered = {
        form: one for form, one in altered_sentences(histories, workflow.forms).items() if form != given
    }
    files = KeptBytes(uow.transaction, case.id, events, uow.services)
    papers = uow.transaction.papers.of_case(case.id) if with_papers else ()
    documents = uow.transaction.records.documents(case.id) if with_papers else ()
    said = records_said(events)
    if not with_papers:
        said = replace(said, documents={}, numbers={}, days={})
    published = uow.transaction.records.publications(case_id=case.id)
    return _Record(
        signatures=signature_states(uow.transaction, case, events, files=files),
        forms=histories,
        altered=altered,
        given=given,
        papers=papers,
        documents={one.id: one for one in documents},
        made=frozenset(_made(workflow, events, with_papers=with_papers)),
        wrong_files=files.all_wrong(),
        unlike=[*records_unlike(said, case, documents, papers, published), *texts_changed(case, events)],
        teams=[
            (event.seq, "by_case" in event.body, event.body["parties"])
            for event in events
            if event.body.get("parties")
        ],
    )


def _made(workflow: Workflow, events: Iterable[Event], *, with_papers: bool) -> Iterator[Key]:
    """Yield what the entries say that their steps made."""
    above = {
        (step.id, str(effect.arguments["publish"]))
        for step in workflow.transitions
        for effect in step.then
        if effect.kind == "publish" and effect.arguments.get(ABOVE)
    }
    for event in events:
        effects = event.body.get("effects") or {}
        if with_papers:
            for kind in effects.get("rendered", ()):
                yield PAPER, str(kind)
        for kind in effects.get("published", ()):
            if (event.body.get("step"), kind) not in above:
                yield PUBLICATION, str(kind)
        if _DRAW_NOTES.intersection(effects):
            yield DRAW, ""


def _signed_with_step(found: FormHistory | None) -> bool:
    """Tell whether the form was last given by a step that several people took; what was changed since was not given."""
    versions = () if found is None else found.versions
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
    if form == record.given or not _signed_with_step(record.forms.get(form)):
        # Given by one person, who says who signed: on paper, or in a process in which nobody signs for himself.
        value = answers.get(piece.signed)
        named = map(str, value if isinstance(value, list) else [value] if value else [])
        signed.update(person for person in named if person not in states)
    wanted = _wanted(case, piece.party, form, record) if piece.party is not None else ()
    if piece.party is None and not signed:
        yield say("“{title}”缺少签名", title=piece.title)
    lacking = [person for person in wanted if person not in signed]
    names = person_rows(uow, lacking) if lacking else {}
    for person in lacking:
        state = states.get(person)
        if state is None:
            who = say("{name}（{id}）", name=(names.get(person) or {}).get("name") or person, id=person)
            yield say("“{title}”缺少签名：{who}", title=piece.title, who=who)
        else:
            yield _lost(uow, state, piece.title)


def _wanted(case: Case, party: str, form: str, record: _Record) -> Sequence[str]:
    """Return the members of a party who have to have signed a form.

    Whoever was replaced by a decision in a case below, after the form was given, has signed it or not for good: who took the place
    was not there, and does not sign for somebody else.
    """
    members = case.parties.get(party, ())
    if form == record.given or form not in record.forms:
        return members
    versions = record.forms[form].versions
    seq = max((one.seq for one in versions if not one.changed), default=0)
    changes = [(at, below, people[party]) for at, below, people in record.teams if party in people]
    later = [below for at, below, _ in changes if at > seq]
    before = [people for at, _, people in changes if at <= seq]
    return before[-1] if before and later and all(later) else members


def _missing_of_arisen(
    uow: UnitOfWork, case: Case, piece: ArchivePiece, record: _Record
) -> Iterator[Message]:
    """Yield what is missing of a piece that a step has made: it is not there any more, or is another."""
    records = uow.transaction.records
    if piece.form is not None:
        if piece.form in record.altered:
            yield record.altered[piece.form]
    elif piece.paper is not None:
        kinds = {one.kind for one in record.papers} | {one.kind for one in record.documents.values()}
        if piece.paper not in kinds:
            yield _lacking(piece)
    elif piece.publication is not None:
        if not any(one.kind == piece.publication for one in records.publications(case_id=case.id)):
            yield _lacking(piece)
    elif records.draw(case.id) is None:
        yield _lacking(piece)


def _damaged(uow: UnitOfWork, piece: ArchivePiece, record: _Record) -> Iterator[Message]:
    """Yield what was changed of a piece after it was made: a document that is another, a signature that is lost."""
    if piece.form is not None and piece.form != record.given:
        yield from _lost_on_form(uow, piece, piece.form, record)
    elif piece.paper is not None:
        for document in record.documents.values():
            if document.kind == piece.paper:
                yield from _damaged_document(uow, piece, document, record)
        for paper in record.papers:
            if paper.kind == piece.paper and paper.document and paper.document not in record.documents:
                called = paper.number or paper.id
                yield say("“{title}”（{paper}）的正文不在了", title=piece.title, paper=called)


def _lost_on_form(uow: UnitOfWork, piece: ArchivePiece, form: str, record: _Record) -> Iterator[Message]:
    ids = [one.signature.id for one in record.signatures if one.signature.record == form and not one.waiting]
    record.spoken.update(ids)
    counting = _counting(record.forms.get(form))
    for one in _by_person(record, form).values():
        if not one.holds and one.remark != FORGOTTEN and (one.version == 0 or one.version >= counting):
            yield _lost(uow, one, piece.title)


def _damaged_document(
    uow: UnitOfWork, piece: ArchivePiece, document: Document, record: _Record
) -> Iterator[Message]:
    if hashlib.sha256(document.content).hexdigest() != document.sha256:
        yield say("“{title}”（{document}）的内容与制作时不同", title=piece.title, document=document.id)
    for one in record.signatures:
        if one.signature.record == document.id and not one.waiting:
            record.spoken.add(one.signature.id)
            if not one.holds:
                yield _lost(uow, one, piece.title)


def _counting(found: FormHistory | None) -> int:
    """Return the number of the version of a form that was given last: signatures on one given before it are of another record."""
    versions = () if found is None else found.versions
    return max((at for at, one in enumerate(versions, 1) if not one.changed), default=0)


def _lost(uow: UnitOfWork, state: SignatureState, title: str | None = None) -> Message:
    """Return the sentence that says whose signature does not hold, on what."""
    person = state.counts_for
    row = person_rows(uow, [person]).get(person) or {}
    who = say("{name}（{id}）", name=row.get("name") or person, id=person)
    record = title or state.signature.record
    if state.remark is None:
        return say("“{title}”上{who}的签名已失效：签后内容被改动", title=record, who=who)
    return say("“{title}”上{who}的签名：{remark}", title=record, who=who, remark=state.remark)


def _by_person(record: _Record, form: str) -> dict[str, SignatureState]:
    """Return the signature of each person on a form: one that holds, else the newest."""
    found: dict[str, SignatureState] = {}
    for one in record.signatures:
        if one.waiting or one.signature.record != form:
            continue
        if not (one.counts_for in found and found[one.counts_for].holds):
            found[one.counts_for] = one
    return found


def _lacking(piece: ArchivePiece) -> Message:
    if piece.basis:
        return say("缺少：{name}（{basis}）", name=piece.title, basis=piece.basis)
    return say("缺少：{name}", name=piece.title)
