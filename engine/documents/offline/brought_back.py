"""What an offline form has saved, brought back: compared with its case, its files kept, its step taken or kept as a draft."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.app.commands.drafts.drafts import save_draft
from engine.app.commands.papers.files import NewFile, keep_file
from engine.app.queries.papers.offline import compare_record
from engine.app.queries.people.drafts import DraftView, read_draft
from engine.documents.offline.record import with_files, without_files
from engine.kernel.plain_text import visible
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.access.query import QuerySource
    from engine.app.commands import Caller
    from engine.app.commands.application import Application, CommandResult
    from engine.app.queries.papers.offline import RecordComparison
    from engine.documents.offline.record import OfflineRecord


#: Files missing from a record that are named one by one.
MAX_NAMED = 50


def request_of(record: OfflineRecord) -> str:
    """Return the request id of a record: the same file sent twice acts once."""
    return f"offline:{record.digest}"


def notes_on(record: OfflineRecord, found: RecordComparison, person: str) -> list[Message]:
    """Return what `person` should know of a record: another's, of an earlier version, questions and files there are none of."""
    said: list[Message] = []
    if record.person and record.person != person:
        whose = record.person[:80]
        said.append(say("这份记录是“{whose}”填的，现由“{person}”导入。", whose=whose, person=person))
    if record.version < found.version:
        said.append(say("离线表单是按较早的版本做的，已按现在的版本转换。"))
    elif record.version > found.version:
        words = {"made": record.version, "now": found.version}
        said.append(
            say("离线表单写的是第 {made} 版，这件案件现在是第 {now} 版，已按第 {now} 版读取。", **words)
        )
    for name, value in found.no_place.items():
        text = str(value)[:200]
        said.append(say("现在的表单没有“{name}”，未导入：{value}", name=name[:80], value=text))
    for question, name in record.missing[:MAX_NAMED]:
        one = f"{question[:80]} {name[:80]}".strip()
        said.append(say("文件里没有“{name}”：填表时浏览器没有存下，请补拍、补签或补上", name=one))
    if len(record.missing) > MAX_NAMED:
        said.append(say("另有 {count} 个同样没有存下", count=len(record.missing) - MAX_NAMED))
    return said


def compared(
    source: QuerySource, person: str, record: OfflineRecord, request: str | None = None
) -> RecordComparison | Refusal:
    """Return how a record compares with its case as it is now; `request` in place of the record's own request id."""
    made = (record.state, record.entered_at)
    asked = request or request_of(record)
    named = {
        name: {"offline": name, "name": file.name, "sha256": hashlib.sha256(file.content).hexdigest()}
        for name, file in record.files.items()
    }
    answers = with_files(record.answers, named)
    return compare_record(source, person, record.case, record.step, made, answers, asked, record.version)


def take_step(
    application: Application, by: Caller, record: OfflineRecord, found: RecordComparison
) -> CommandResult | Refusal:
    """Keep the files of a record with its case and take its step, once however often the record is sent.

    Refused where a file of it cannot be kept, each of them named, and where the form does not ask any more for a check row that was
    not as it should be.
    """
    if found.in_the_way:
        hint = say("可先存为草稿，把这些写到现在的表单里再办理")
        reasons = [RefusalReason("form", message, hint=hint) for message in found.in_the_way]
        return Refusal(record.case, "", tuple(reasons))
    kept = _kept(application, by, record, found)
    if isinstance(kept, Refusal):
        return kept
    if kept.left_out:
        hint = say("其余的内容可以存为草稿，补上文件后办理")
        reasons = [RefusalReason("file", message, hint=hint) for message in kept.left_out]
        return Refusal(record.case, "", tuple(reasons))
    request = by.request_id or request_of(record)
    return application.advance(
        record.case,
        record.step,
        by.person,
        kept.answers,
        request_id=request,
        dry_run=by.dry_run,
        coming=kept.digests if by.dry_run else frozenset(),
    )


def keep_as_draft(
    application: Application,
    by: Caller,
    record: OfflineRecord,
    found: RecordComparison,
    if_saved_at: str | None = None,
) -> Refusal | Sequence[Message]:
    """Keep the files of a record with its case, and its answers as a draft of who sends it; `if_saved_at` as in `save_draft`.

    Returns which files could not be kept, and why: the draft is without them. A draft that says the same already is left as it
    is.
    """
    kept = _kept(application, by, record, found)
    if isinstance(kept, Refusal):
        return kept
    own = replace(by, request_id=None)
    outcome = save_draft(
        application, own, by.person, record.case, record.step, kept.answers, if_saved_at=if_saved_at
    )
    if not isinstance(outcome, Refusal):
        return kept.left_out
    there = read_draft(application, by.person, record.case, record.step, person=by.person)
    same = isinstance(there, DraftView) and dict(there.draft.answers) == kept.answers
    return kept.left_out if same and outcome.reasons[0].code == "conflict" else outcome


@dataclass(frozen=True, slots=True)
class _KeptAnswers:
    """The answers of a record with their files, the digests of these, and the files that could not be kept."""

    answers: dict[str, Any]
    digests: frozenset[str]
    left_out: Sequence[Message]


def _kept(
    application: Application, by: Caller, record: OfflineRecord, found: RecordComparison
) -> _KeptAnswers | Refusal:
    """Keep the files of a record; of its answers those are left out that have no place any more."""
    kept: dict[str, dict[str, str]] = {}
    left_out = [_not_kept(name, problem) for name, problem in record.unfit]
    refused: set[str] = set()
    for name, file in sorted(record.files.items()):
        who = replace(by, request_id=f"{request_of(record)}:{name}")
        called = Path(file.name).name
        outcome = keep_file(application, who, record.case, NewFile(file.content, called, called))
        if not isinstance(outcome, Refusal):
            kept[name] = {"name": outcome.name, "sha256": outcome.sha256}
        elif any(reason.code not in ("file", "text") for reason in outcome.reasons):
            return outcome
        else:
            refused.add(name)
            left_out.append(_not_kept(file.name, outcome.reasons[0].message))
    there, _ = without_files(found.answers, lambda name: name in refused)
    answers = with_files(there, kept)
    return _KeptAnswers(answers, frozenset(one["sha256"] for one in kept.values()), left_out)


def _not_kept(name: str, problem: Message) -> Message:
    return say("文件“{name}”没有导入：{problem}", name=visible(name[:80]), problem=problem)
