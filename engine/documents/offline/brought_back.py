"""What an offline form has saved, brought back: compared with its case, its files kept, its step taken or kept as a draft."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.app.commands.drafts.drafts import save_draft
from engine.app.commands.papers.files import NewFile, keep_file
from engine.app.queries.papers.offline import compare_record
from engine.app.queries.people.drafts import DraftView, read_draft
from engine.documents.offline.record import with_files
from engine.kernel.refusal import Refusal
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
    if found.older_version:
        said.append(say("离线表单是按较早的版本做的，已按现在的版本转换。"))
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
    made = (record.version, record.state, record.entered_at)
    asked = request or request_of(record)
    return compare_record(source, person, record.case, record.step, made, record.answers, asked)


def take_step(
    application: Application, by: Caller, record: OfflineRecord, found: RecordComparison
) -> CommandResult | Refusal:
    """Keep the files of a record with its case and take its step, once however often the record is sent."""
    answers = _answers(application, by, record, found)
    if isinstance(answers, Refusal):
        return answers
    request = by.request_id or request_of(record)
    return application.advance(
        record.case, record.step, by.person, answers, request_id=request, dry_run=by.dry_run
    )


def keep_as_draft(
    application: Application,
    by: Caller,
    record: OfflineRecord,
    found: RecordComparison,
    if_saved_at: str | None = None,
) -> Refusal | None:
    """Keep the files of a record with its case, and its answers as a draft of who sends it; `if_saved_at` as in `save_draft`.

    A draft that says the same already is left as it is.
    """
    answers = _answers(application, by, record, found)
    if isinstance(answers, Refusal):
        return answers
    own = replace(by, request_id=None)
    kept = save_draft(application, own, by.person, record.case, record.step, answers, if_saved_at=if_saved_at)
    if not isinstance(kept, Refusal):
        return None
    there = read_draft(application, by.person, record.case, record.step, person=by.person)
    same = isinstance(there, DraftView) and dict(there.draft.answers) == answers
    return None if same and kept.reasons[0].code == "conflict" else kept


def _answers(
    application: Application, by: Caller, record: OfflineRecord, found: RecordComparison
) -> dict[str, Any] | Refusal:
    """Keep the files of a record, and return its answers with them, without those that have no place any more."""
    kept: dict[str, dict[str, str]] = {}
    for name, file in sorted(record.files.items()):
        who = replace(by, request_id=f"{request_of(record)}:{name}")
        title = Path(file.name)
        outcome = keep_file(
            application, who, record.case, NewFile(file.content, title.name, title.stem or file.name)
        )
        if isinstance(outcome, Refusal):
            return outcome
        kept[name] = {"name": outcome.name, "sha256": outcome.sha256}
    return {
        name: with_files(value, kept) for name, value in record.answers.items() if name not in found.no_place
    }
