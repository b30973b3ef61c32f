"""A record of an offline form, brought back: once, as a step or as a draft, its files kept with the case."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest
import workbench_fixtures
from workbench_fixtures import Desk, MemoryFiles

from engine.app.commands import Caller
from engine.app.queries.papers.offline import RecordComparison
from engine.app.queries.people.drafts import DraftView, read_draft
from engine.documents.offline.brought_back import (
    MAX_NAMED,
    compared,
    keep_as_draft,
    notes_on,
    request_of,
    take_step,
)
from engine.documents.offline.record import OfflineRecord, read_record
from engine.kernel.refusal import Refusal

PDF = "data:application/pdf;base64," + base64.b64encode(b"%PDF-1.4\n%%EOF\n").decode()


def record(desk: Desk, case: str, answers: Mapping[str, Any], **more: Any) -> OfflineRecord:
    """Return a record of the step ``report`` as the offline form of the small bureau saves it."""
    with desk.bureau.application.store.read() as transaction:
        found = transaction.cases.get(case)
    assert found is not None
    body = {
        "format": "ssj-offline-record/1",
        "kit": "0" * 64,
        "case": case,
        "version": found.version,
        "state": found.state,
        "entered_at": found.entered_at.isoformat(),
        "step": "report",
        "person": "clerk-1",
        "answers": dict(answers),
        **more,
    }
    return read_record(json.dumps(body).encode())


@pytest.fixture
def keeping() -> Desk:
    desk = workbench_fixtures.desk()
    desk.bureau.application.files = MemoryFiles()
    return desk


def test_a_step_is_taken_once(keeping: Desk) -> None:
    case = keeping.bureau.start()
    application, by = keeping.bureau.application, Caller("clerk-1")
    files = {"f1": {"name": "现场.pdf", "data": PDF}}
    mine = record(keeping, case, {"found": "漏签", "count": 3, "gone": 1}, files=files)
    found = compared(application, "clerk-1", mine)
    assert isinstance(found, RecordComparison)
    assert (found.current, found.imported, dict(found.no_place)) == (True, False, {"gone": 1})
    outcome = take_step(application, by, mine, found)
    assert not isinstance(outcome, Refusal)
    again = compared(application, "clerk-1", mine)
    assert isinstance(again, RecordComparison)
    assert again.imported
    same = take_step(application, by, mine, found)
    assert not isinstance(same, Refusal)
    assert same.rev == outcome.rev
    other = compared(application, "clerk-1", mine, "another request")
    assert isinstance(other, RecordComparison)
    assert not other.imported
    with application.store.read() as transaction:
        assert len(transaction.papers.files(case)) == 1


def test_a_draft_is_kept_and_another_is_not_written_over(keeping: Desk) -> None:
    case = keeping.bureau.start()
    application, by = keeping.bureau.application, Caller("clerk-1")
    mine = record(keeping, case, {"found": "漏签"})
    found = compared(application, "clerk-1", mine)
    assert isinstance(found, RecordComparison)
    assert keep_as_draft(application, by, mine, found, if_saved_at="") == []
    kept = read_draft(application, "clerk-1", case, "report", person="clerk-1")
    assert isinstance(kept, DraftView)
    assert kept.draft.answers == {"found": "漏签"}
    # A draft that says the same is no other.
    assert keep_as_draft(application, by, mine, found, if_saved_at="") == []
    other = record(keeping, case, {"found": "漏签", "count": 3})
    found = compared(application, "clerk-1", other)
    assert isinstance(found, RecordComparison)
    refused = keep_as_draft(application, by, other, found, if_saved_at="")
    assert isinstance(refused, Refusal)
    assert refused.reasons[0].code == "conflict"
    kept = read_draft(application, "clerk-1", case, "report", person="clerk-1")
    assert isinstance(kept, DraftView)
    assert kept.draft.answers == {"found": "漏签"}
    # Who replaces it on purpose does not say which draft they have seen.
    assert keep_as_draft(application, by, other, found) == []


def test_what_is_missing_from_a_record_is_named(keeping: Desk) -> None:
    case = keeping.bureau.start()
    gone = [{"question": "照片", "name": f"p{number}.jpg"} for number in range(MAX_NAMED + 2)]
    mine = record(keeping, case, {"gone": 1}, missing=gone)
    found = compared(keeping.bureau.application, "clerk-2", mine)
    assert isinstance(found, RecordComparison)
    said = [str(note) for note in notes_on(mine, found, "clerk-2")]
    assert said[0] == "这份记录是“clerk-1”填的，现由“clerk-2”导入。"
    assert said[1] == "现在的表单没有“gone”，未导入：1"
    assert said[2] == "文件里没有“照片 p0.jpg”：填表时浏览器没有存下，请补拍、补签或补上"
    assert (len(said), said[-1]) == (MAX_NAMED + 3, "另有 2 个同样没有存下")


def test_a_file_that_is_not_kept_is_named_and_the_rest_is_a_draft(keeping: Desk) -> None:
    case = keeping.bureau.start()
    application, by = keeping.bureau.application, Caller("clerk-1")
    files = {
        "f1": {"name": "a.pdf", "data": "data:x;base64," + base64.b64encode(b"<script>").decode()},
        "f2": {"name": "b.pdf", "data": "data:x;base64,%%"},
        "f3": {"name": "c.pdf", "data": PDF},
    }
    mine = record(keeping, case, {"found": "漏签", "count": 3}, files=files)
    found = compared(keeping.bureau.application, "clerk-1", mine)
    assert isinstance(found, RecordComparison)
    refused = take_step(application, by, mine, found)
    assert isinstance(refused, Refusal)
    said = ["文件“b.pdf”没有导入：内容已损坏", "文件“a.pdf”没有导入：“a.pdf”的内容是 txt，与文件名不符"]
    assert [str(reason.message) for reason in refused.reasons] == said
    left_out = keep_as_draft(application, by, mine, found)
    assert not isinstance(left_out, Refusal)
    assert [str(one) for one in left_out] == said
    kept = read_draft(application, "clerk-1", case, "report", person="clerk-1")
    assert isinstance(kept, DraftView)
    assert kept.draft.answers == {"found": "漏签", "count": 3}
    with application.store.read() as transaction:
        assert [one.name for one in transaction.papers.files(case)] == ["c.pdf"]
    assert request_of(mine) == f"offline:{mine.digest}"


def test_what_was_not_as_it_should_be_and_has_no_place_is_not_passed_over(keeping: Desk) -> None:
    case = keeping.bureau.start()
    application, by = keeping.bureau.application, Caller("clerk-1")
    rows = {"r1": {"answer": "fail", "note": "少发"}}
    mine = record(keeping, case, {"found": "漏签", "count": 3, "rows": rows})
    found = compared(application, "clerk-1", mine)
    assert isinstance(found, RecordComparison)
    assert found.answers == {"found": "漏签", "count": 3}
    assert [str(note) for note in notes_on(mine, found, "clerk-1")] == [
        "现在的表单没有“rows.r1”，未导入：不符合；少发"
    ]
    refused = take_step(application, by, mine, found)
    assert isinstance(refused, Refusal)
    (reason,) = refused.reasons
    assert str(reason) == (
        "检查事项“r1”填的是“不符合；少发”，现在的表单没有这一项 可先存为草稿，把这些写到现在的表单里再办理"
    )
    assert keep_as_draft(application, by, mine, found) == []
    kept = read_draft(application, "clerk-1", case, "report", person="clerk-1")
    assert isinstance(kept, DraftView)
    assert kept.draft.answers == {"found": "漏签", "count": 3}
    # One that was as it should be is named and stops nothing.
    other = record(
        keeping, case, {"found": "漏签", "count": 3, "rows": {"r1": {"answer": "pass"}, "r2": "fail"}}
    )
    found = compared(application, "clerk-1", other)
    assert isinstance(found, RecordComparison)
    assert [str(one) for one in found.in_the_way] == ["检查事项“r2”填的是“不符合”，现在的表单没有这一项"]
