"""Signatures on what a case holds, in whatever way they were given: the bytes that were signed, and whether they are what is there.

The history has every signature: in the entry of the step that several took together, or in an entry of its own. What is
kept beside it (its picture, its seal) is held against that entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.app.history.replay import history, with_texts
from engine.app.papers.form_versions import FormVersion, digest, form_histories
from engine.app.ports.signatures import SignatureRecord, SignatureState, SigningWay
from engine.kernel.instants import from_text
from engine.language import Message, say
from engine.lifecycle.case import EventKind
from engine.lifecycle.chain import canonical
from engine.lifecycle.forms.personal import MARK, PersonalText, without_texts

if TYPE_CHECKING:
    from engine.app.papers.file_answers import FileHolder, KeptBytes
    from engine.app.papers.form_versions import FormHistory
    from engine.app.ports.store import Transaction
    from engine.lifecycle.case import Case
    from engine.lifecycle.chain import Event
    from engine.lifecycle.process import Process


#: What an entry of a history that holds signatures has.
_SIGNATURES = frozenset({"signature", "signatures"})
#: Said of a signature whose personal texts are destroyed, as they have to be after their term.
FORGOTTEN = say("所签的个人信息已过留存期限销毁，无从核对")


def bytes_to_sign(version: FormVersion, case: Case) -> bytes:
    """Return the bytes somebody signs who signs a form as it is now."""
    # Of an entry from before entries had a digest of their personal texts, the answers with those texts.
    return version.content if version.bound else version.in_clear(case.personal)


def signed_bytes(
    transaction: Transaction, case: Case, record: str, histories: Mapping[str, FormHistory]
) -> bytes | None:
    """Return the bytes of a record as they are now: the last version of a form, or a document; None where there is none."""
    found = histories.get(record)
    if found is not None and found.versions and found.versions[-1].answers is not None:
        return bytes_to_sign(found.versions[-1], case)
    return next((one.content for one in transaction.records.documents(case.id) if one.id == record), None)


def signers_named(process: Process, transaction: Transaction, case: Case, record: str) -> tuple[str, ...]:
    """Return the parties and roles that may sign a record: those who take the steps of the form, or that make the document.

    Where no step does, the parties of the case.
    """
    kind = next((one.kind for one in transaction.records.documents(case.id) if one.id == record), None)
    names: list[str] = []
    for step in process.workflow.transitions:
        if step.by_engine:
            continue
        made = [one for effect in step.then for one in _made_by(effect.arguments.get("render"))]
        if step.form == record or (kind is not None and kind in made):
            if step.sign is not None:
                names += step.sign.by
            names += step.by or [name for state in step.sources for name in process.state(state).audience]
    for piece in process.workflow.archive.contents if process.workflow.archive is not None else ():
        if piece.party is not None and piece.form == record:
            names.append(piece.party)
    # A paper is signed by the people of the case too, whoever has it made.
    parties = process.workflow.parties if kind is not None or not names else ()
    names += parties
    return tuple(dict.fromkeys(names or _everybody(process)))


def _everybody(process: Process) -> list[str]:
    """Return the parties and roles that take any step: of a case without parties, in which no step makes the document."""
    steps = [step for step in process.workflow.transitions if not step.by_engine]
    return [
        name
        for step in steps
        for name in step.by or [one for state in step.sources for one in process.state(state).audience]
    ]


def _made_by(kinds: Any) -> tuple[str, ...]:
    return (kinds,) if isinstance(kinds, str) else tuple(kinds or ())


def signature_states(
    transaction: Transaction,
    case: Case,
    events: Sequence[Event] | None = None,
    *,
    holder: FileHolder | None = None,
    files: KeptBytes | None = None,
) -> list[SignatureState]:
    """Return the signatures of a case in their order, each held against what it was given for.

    `events` is the history of the case, where the caller has it at hand. The kept files that what was signed names are read
    from the store of files that `holder` has; without one nothing is said of them. `files` are those the caller reads too.
    """
    entries = list(history(transaction, case.id)) if events is None else events
    kept = {one.id: one for one in transaction.signatures.of_case(case.id)}
    if not kept and not case.signing and not any(_SIGNATURES.intersection(event.body) for event in entries):
        return []
    histories = form_histories(entries, case)
    found: list[SignatureState] = []
    for event in entries:
        form = event.body.get("form")
        if isinstance(form, str) and "signatures" in event.body:
            found += _of_step(case, event, form, histories[form])
        elif event.kind == EventKind.RECORDED and "signature" in event.body:
            row = kept.pop(str(event.body["signature"]), None)
            found.append(_entered(transaction, case, event, row, histories))
    for row in kept.values():
        found.append(SignatureState(row, False, say("已失效：签名没有进入历史")))
    if files is None:
        # Most cases have no signature: those load nothing for it.
        from engine.app.papers.file_answers import KeptBytes

        files = KeptBytes(transaction, case.id, entries, holder)
    return [_with_files(one, case, histories, files) for one in (*found, *_waiting(case, entries))]


def _with_files(
    state: SignatureState, case: Case, histories: Mapping[str, FormHistory], files: KeptBytes
) -> SignatureState:
    """Return a signature as lost where a kept file it covers, or its own picture, is not as it was kept."""
    if not state.holds:
        return state
    one, answers = state.signature, None
    if state.waiting:
        answers = case.signing[one.record].answers
    elif state.version:
        answers = histories[one.record].versions[state.version - 1].answers
    covered = [*([] if one.picture is None else [one.picture]), *files.named_in(answers)]
    wrong = next((said for file in covered if (said := files.wrong(file)) is not None), None)
    if wrong is not None:
        return replace(state, holds=False, remark=say("已失效：{why}", why=wrong), damaged=True)
    if state.remark is None and any(map(files.destroyed, covered)):
        return replace(state, remark=say("所签的附件已过保管期限销毁，无从核对"))
    return state


def _of_step(case: Case, event: Event, form: str, found: FormHistory) -> Iterator[SignatureState]:
    """Yield the signatures of a step that several people took together."""
    index = next(at for at, one in enumerate(found.versions) if one.seq == event.seq)
    version = found.versions[index]
    holds, remark = _on_form(found, index)
    if holds and not version.bound:
        remark = say("签署时没有留存个人信息的摘要，个人信息无从核对")
    for number, (person, principal, at) in enumerate(_signers(event.body["signatures"]), 1):
        record = SignatureRecord(
            id=f"{case.id}/E{event.seq}-{number}",
            case=case.id,
            record=form,
            sha256=digest(version.content),
            person=person,
            way=SigningWay.STEP,
            device="",
            at=from_text(at),
            by=person,
        )
        yield SignatureState(
            record, holds, remark, principal=principal, version=index + 1, content=version.content
        )


def _signers(signatures: Sequence[Mapping[str, Any]]) -> list[tuple[str, str | None, str]]:
    """Return who signed, for whom and when; whoever signed at two places is named once."""
    found: dict[tuple[str, str | None], str] = {}
    for one in signatures:
        found.setdefault((one["person"], one.get("for")), one["at"])
    return [(person, principal, at) for (person, principal), at in found.items()]


def _entered(
    transaction: Transaction,
    case: Case,
    event: Event,
    row: SignatureRecord | None,
    histories: Mapping[str, FormHistory],
) -> SignatureState:
    """Return a signature that was entered by itself, as the history has it."""
    body = with_texts(event, case.personal).body
    way = SigningWay(body["way"])
    record = SignatureRecord(
        id=str(body["signature"]),
        case=case.id,
        record=str(body["record"]),
        sha256=str(body["sha256"]),
        person=str(body["signer"]),
        way=way,
        device=str(body.get("device", "")),
        at=event.at,
        by=event.actor,
        picture=None if row is None else row.picture,
        seal=None if row is None else row.seal,
    )
    if row is None:
        return SignatureState(record, False, say("已失效：签名的登记被删除"))
    if row != _as_kept(record, body) or not _same_picture(transaction, case, body, row):
        return SignatureState(record, False, say("已失效：签名的登记与历史不符"))
    found = histories.get(record.record)
    if found is None:
        return _on_document(transaction, case, record)
    for index in reversed(range(len(found.versions))):
        version = found.versions[index]
        content = next(
            (
                one
                for one in (version.content, version.in_clear(case.personal))
                if digest(one) == record.sha256
            ),
            None,
        )
        if content is not None:
            holds, remark = _on_form(found, index)
            return SignatureState(record, holds, remark, version=index + 1, content=content)
    return SignatureState(record, False, FORGOTTEN if found.forgotten else None)


def _as_kept(record: SignatureRecord, body: Mapping[str, Any]) -> SignatureRecord:
    """Return the row of a signature as it is written: of somebody in no register without what the history has beside it."""
    person = MARK if isinstance(body["signer"], PersonalText) else record.person
    device = MARK if isinstance(body.get("device"), PersonalText) else record.device
    return replace(record, person=person, device=device)


def _same_picture(
    transaction: Transaction, case: Case, body: Mapping[str, Any], row: SignatureRecord
) -> bool:
    """Tell whether the seal and the picture are those the entry names; entries of before name none."""
    if body.get("seal", row.seal) != row.seal or body.get("picture", row.picture) != row.picture:
        return False
    digests = [one.sha256 for one in transaction.papers.files(case.id) if one.id == row.picture]
    return "picture_sha256" not in body or digests == [body["picture_sha256"]]


def _on_document(transaction: Transaction, case: Case, record: SignatureRecord) -> SignatureState:
    content = next(
        (one.content for one in transaction.records.documents(case.id) if one.id == record.record), None
    )
    return SignatureState(
        record, content is not None and digest(content) == record.sha256, content=content or b""
    )


def _on_form(found: FormHistory, index: int) -> tuple[bool, Message | None]:
    """Tell whether a signature on version `index` is one on what is there now, and what is to be said of it."""
    later = found.versions[index + 1 :]
    if later and all(one.changed for one in later):
        return False, say("签的是更正或换版以前的内容（第 {times} 次），对现在的内容无效", times=index + 1)
    if later:
        return False, say("签的是重填以前的内容（第 {times} 次），对现在的内容无效", times=index + 1)
    if found.altered:
        return False, None
    return True, FORGOTTEN if found.forgotten else None


def _waiting(case: Case, events: Sequence[Event]) -> Iterator[SignatureState]:
    """Yield the signatures of steps that wait for more of them."""
    for step, signing in case.signing.items():
        last = next((one for one in reversed(events) if step in (one.body.get("signing") or {})), None)
        said = None if last is None else last.body["signing"][step]
        same = said is not None and canonical(said) == canonical(without_texts(signing.as_json()))
        content = (canonical(without_texts(signing.as_json().get("answers"))) + "\n").encode()
        for number, one in enumerate(signing.signed, 1):
            record = SignatureRecord(
                id=f"{case.id}/W{0 if last is None else last.seq}-{number}",
                case=case.id,
                record=step,
                sha256=digest(content),
                person=one.person,
                way=SigningWay.STEP,
                device="",
                at=one.at,
                by=one.person,
            )
            remark = say("已签，待其他人签署") if same else None
            yield SignatureState(record, same, remark, principal=one.principal, waiting=True)
