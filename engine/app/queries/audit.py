"""The audit: whether the histories are whole, the roots of the seals, proofs that something is under a root."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.app.access.query import QueryContext, query
from engine.app.access.visible_cases import VisibleCases
from engine.app.audit.finding import STORED_ERRORS, AuditFinding, day_of, goes_on
from engine.app.audit.heads import bureau_id, consistency_of, head_of, program
from engine.app.audit.refused_attempts import OFFICE, RefusedAttempt, newest_refused
from engine.app.audit.sealed import sealed_tree_of
from engine.app.audit.seals import Leaf, seals
from engine.app.audit.signed_heads.history import HeadHistory, HeadKey, KeptHead, key_text, read_history
from engine.app.audit.signed_heads.public_files import list_of
from engine.app.audit.signed_heads.public_files import public_files as _public_files
from engine.app.audit.verify_files import verify_files
from engine.app.audit.verify_histories import (
    AuditReport,
    verify_all_histories,
    verify_history,
    verify_what_is_new,
)
from engine.app.audit.verify_seals import SealFileError, export, read_outside
from engine.app.daemons.retention import RetentionTerm, terms
from engine.app.definitions.bureau import bureau_of
from engine.app.history.paged_reading import page_of
from engine.app.ports.audit.readings import PersonalReading
from engine.app.ports.audit.statements import Coverage
from engine.app.ports.records import Seal
from engine.app.services import Services
from engine.kernel.budget import HEAD, JSON_ERRORS, BudgetExceededError, read_json
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.audit.verify_seals import Outside
    from engine.app.ports.files import FileStore
    from engine.app.ports.store import Transaction

__all__ = [
    "AuditFinding",
    "AuditReport",
    "Coverage",
    "HeadHistory",
    "HeadKey",
    "KeptHead",
    "Leaf",
    "PersonalReading",
    "RefusedAttempt",
    "RetentionTerm",
    "Seal",
    "consistency_proof",
    "export_seal",
    "inclusion_proof",
    "list_readings",
    "refused_attempts",
    "show_coverage",
    "show_head",
    "show_head_files",
    "show_head_list",
    "show_head_program",
    "show_key_text",
    "show_retention",
    "show_seal",
    "verify_histories",
]

PROOF_FORMAT = "shuangsuiji-proof/1"


@query("audit.read", in_pages=True)
def verify_histories(
    context: QueryContext,
    name: str | None = None,
    published: bytes | None = None,
    files: FileStore | None = None,
    since: int | bytes | None = None,
) -> AuditReport | Refusal:
    """Verify all histories, or the one called `name`, with the kept files in `files`; `published` is a file of seals that outsiders hold.

    With `since`, the number of a kept head or a file with one that outsiders hold, only what was written after it.
    """
    outside: Outside | None = None
    if published is not None:
        try:
            outside = read_outside(published)
        except SealFileError as problem:
            return _refused("seals", problem.message, problem.next)
    pages = context.pages
    if pages is None:
        raise AssertionError("a query in pages is handed them")
    if since is not None:
        return _since(page_of(pages), since)
    if name is None:
        report = _with_files(verify_all_histories(pages, outside), page_of(pages), files, None)
        return replace(report, findings=(*report.findings, *_of_draws(context, page_of(pages))))
    if (hidden := _hidden(context, page_of(pages), name)) is not None:
        return hidden
    found = verify_history(pages, name, outside)
    if found is None:
        return _no_history(name)
    return _with_files(found, page_of(pages), files, name)


def _since(transaction: Transaction, since: int | bytes) -> AuditReport | Refusal:
    held: int | Mapping[str, Any]
    try:
        held = since if isinstance(since, int) else _held_head(since)
    except BudgetExceededError as problem:
        return _refused("head", problem.message, NextAction("show_head"))
    except JSON_ERRORS:
        return _refused("head", say("不是日志头文件"), NextAction("show_head"))
    found = verify_what_is_new(transaction, held)
    if found is None:
        message = say("没有留存过这个日志头，不能从它起核验；可以核验全部")
        return _refused("head", message, NextAction("show_head"))
    return found


def _held_head(content: bytes) -> Mapping[str, Any]:
    """Return size, root and bureau of a head in a file. Raises ValueError and its like where it holds none."""
    body = read_json(content, HEAD)
    head = body.get("head", body)
    return {"size": int(head["size"]), "root": str(head["root"]), "bureau": str(head["bureau"])}


def _with_files(
    report: AuditReport, transaction: Transaction, files: FileStore | None, case: str | None
) -> AuditReport:
    if files is None:
        return report
    found = goes_on("kept_file", transaction, lambda: verify_files(transaction, files, case))
    return replace(report, findings=(*report.findings, *found))


def _of_draws(context: QueryContext, transaction: Transaction) -> Iterator[AuditFinding]:
    """Yield in what the draws of the last days are not as the histories say."""
    # Only this asks for them: they know the whole draw.
    from engine.app.draws.registers.register_messages import differing_draws

    source = context.source
    services = Services(source.store, source.clock, source.definitions, entropy=source.entropy)

    # What cannot be read is named by the check of rows.
    with suppress(*STORED_ERRORS):
        for event, message in differing_draws(services, transaction, context.now):
            yield AuditFinding(event.stream, event.seq, day_of(event.at), message)


@query("audit.attempts")
def refused_attempts(
    context: QueryContext, case: str | None = None, limit: int = 50
) -> list[RefusedAttempt] | Refusal:
    """Return the newest refused attempts, newest first: those on `case`, or those that belong to no case.

    What somebody may not see at all is among those that belong to no case.
    """
    if case is not None and context.transaction.cases.get(case) is None:
        return _no_history(case)
    found = newest_refused(context.transaction, case or OFFICE, limit)
    others = sum(one.typed and one.person != context.viewer.id for one in found)
    context.shows_personal(f"refused/{case or OFFICE}", ("about", "reasons"), others)
    return found


@query("audit.readings")
def list_readings(
    context: QueryContext, person: str | None = None, limit: int = 50
) -> Sequence[PersonalReading]:
    """Return the newest records of who was shown personal values (of one person's readings), newest first."""
    return context.transaction.readings.newest(person, limit)


@query("audit.retention")
def show_retention(context: QueryContext, settings: Mapping[str, Any]) -> Sequence[RetentionTerm]:
    """Return how long rows of each kind are kept, by the settings of the deployment."""
    del context
    return tuple(terms(settings).values())


@query("audit.read")
def show_coverage(context: QueryContext) -> Coverage:
    """Return which tables and columns verification covers, how, and which columns are left out for which reason; each table there is in one list."""
    return context.transaction.statements.tables()


@query("audit.read")
def show_seal(context: QueryContext, day: str | None = None) -> Seal | Refusal:
    """Return the last seal, or the last one made until `day` (``2024-06-30``)."""
    return _seal(context, day)


@query("audit.export")
def export_seal(context: QueryContext, day: str | None = None) -> Mapping[str, Any] | Refusal:
    """Return a seal with all its leaves, for somebody outside to keep."""
    found = _seal(context, day)
    return found if isinstance(found, Refusal) else export(context.transaction, found)


@query("audit.read")
def inclusion_proof(context: QueryContext, name: str, day: str | None = None) -> Mapping[str, Any] | Refusal:
    """Return the proof that a history, as it was then, is under the root of a seal."""
    found = _seal(context, day)
    if isinstance(found, Refusal):
        return found
    tree = sealed_tree_of(context.transaction, found.entry)
    head = tree.of(name) if _hidden(context, context.transaction, name) is None else None
    if head is None:
        message = say("{day} 的封存里没有“{case}”", day=found.day, case=name)
        return _refused("seal", message, NextAction("seal_first"))
    return {
        "format": PROOF_FORMAT,
        "name": head.name,
        "entries": head.seq,
        "hash": head.hash,
        "steps": [{"side": "left" if step.left else "right", "hash": step.hash} for step in tree.proof(name)],
        "seal": found.as_json(),
    }


@query("audit.read")
def show_head(context: QueryContext) -> Mapping[str, Any]:
    """Return the head over all row statements, for somebody outside to keep."""
    return head_of(context.transaction, context.now)


@query("audit.read")
def show_head_program(_context: QueryContext) -> bytes:
    """Return the program that checks two heads and a proof without this product."""
    return program()


@query("audit.read")
def consistency_proof(context: QueryContext, first: int, second: int) -> Mapping[str, Any] | Refusal:
    """Return the proof that the head of size `second` continues that of size `first`."""
    found = consistency_of(context.transaction, first, second)
    if found is None:
        message = say(
            "没有从 {first} 条到 {second} 条的证明：两数须从 1 起，前数不大于后数，后数不超过现有条数",
            first=first,
            second=second,
        )
        return _refused("head", message, NextAction("show_head"))
    return found


@query("audit.read")
def show_head_list(context: QueryContext) -> Mapping[str, Any]:
    """Return the keys and the heads that were kept, oldest first, as outsiders are given them."""
    return list_of(bureau_id(context.transaction), read_history(context.transaction))


@query("audit.read")
def show_head_files(context: QueryContext) -> Mapping[str, bytes] | Refusal:
    """Return what is given to outsiders, by name of file: the list, signed notes, time stamps, the program that checks them."""
    found = _public_files(context.transaction)
    return found or _refused("head", say("还没有留存过日志头"), NextAction("sign_head"))


@query("audit.read")
def show_key_text(context: QueryContext, key: str) -> tuple[str | None, bytes]:
    """Return the key in force and what it has to sign to announce `key`; no key where none was announced."""
    before = read_history(context.transaction).key
    known = before.key if before else None
    return known, key_text(bureau_id(context.transaction), known or "", key)


def _hidden(context: QueryContext, transaction: Transaction, name: str) -> Refusal | None:
    """Return why the history of a case is not shown to the viewer: `task show` would not show them the case either."""
    case = transaction.cases.get(name)
    if case is None:
        return None
    opened = partial(bureau_of, context.source.definitions)
    visible = VisibleCases(transaction, context.viewer, context.now, opened)
    if visible.sees(case):
        return None
    context.hidden = name
    return _no_history(name)


def _no_history(name: str) -> Refusal:
    """Return the refusal of a history there is not, or is not for whoever asks."""
    message = say("没有案件或历史“{case}”，或它属于其他股室", case=name)
    return _refused("case", message, NextAction("list_cases"))


def _seal(context: QueryContext, day: str | None) -> Seal | Refusal:
    found = None
    for one in seals(context.transaction):
        if day is None or one.day <= day:
            found = one
    return found if found is not None else _refused("seal", say("还没有封存过"), NextAction("seal"))


def _refused(code: str, message: Message, action: NextAction | None) -> Refusal:
    return Refusal(None, "", (RefusalReason(code, message, next=action),))
