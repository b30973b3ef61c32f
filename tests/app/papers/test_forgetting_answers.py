"""Personal answers go when the file they belong to is past its term or destroyed, with the papers that print them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time, timedelta

from engine.app.audit.verify_deployment import verify
from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.publish_definitions import Published, publish
from engine.app.definitions.cache import DefinitionCache
from engine.app.history.paged_reading import PagedReading
from engine.app.history.requests import CommandResult
from engine.app.papers.forgetting_answers import CASE, REPLACED_DOCUMENT, destroy_answers, past_their_file
from engine.app.ports.audit.personal_values import DestroyedKey
from engine.app.ports.records import Document, RegisterEntry
from engine.app.ports.retention import RetentionRecord, RetentionState
from engine.app.registers.import_entries import import_entries
from engine.app.session.new_case import NewCase
from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.deployment.clocks import VirtualClock
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.forms.personal import FORGOTTEN
from engine.store.memory import MemoryStore
from engine.synthetic.entropy import seeded_entropy

BEGIN = datetime(2026, 3, 2, 2, tzinfo=UTC)
BUREAU = """\
bureau: b
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {one: 一股}
roles: {clerk: {title: 经办人, scope: section}}
"""
NOTE = """\
form: note
title: 记录
fields:
  - name: {title: 姓名, personal: true}
"""
FLOW = """\
workflow: WORKFLOW
title: 检查
about: object
initial: there
start: {by: clerk, form: note}
ARCHIVE
states:
  there: {title: 在彼, for: clerk, no deadline: 示例}
  done: {title: 完, final: true}
transitions:
  - {do: finish, title: 办结, from: there, to: done}
"""
NAME = "欧阳<甲>"


def flow(name: str, archive: str) -> str:
    return FLOW.replace("WORKFLOW", name).replace("ARCHIVE\n", archive)


def office() -> Application:
    keeping = DeadlineCalculator(load_calendar([]), UTC, time(9))
    clock = VirtualClock(BEGIN)
    made = Application(MemoryStore(), clock, DefinitionCache(keeping), entropy=seeded_entropy("t"))
    filed, loose = flow("filed", "archive: {retention: {keep: 1 year}}\n"), flow("loose", "")
    loaded = load_files({"b.yaml": BUREAU, "note.yaml": NOTE, "filed.yaml": filed, "loose.yaml": loose})
    assert isinstance(done := publish(made, Caller(SYSTEM), loaded), Published), (done, loaded.problems)
    people = [RegisterEntry("people", "anna", "anna", "one", {"roles": ["clerk"]})]
    import_entries(made, "people", people, SYSTEM, source="x")
    return made


def closed(application: Application, workflow: str, parent: str | None = None) -> str:
    new = NewCase(title="某店", section="one", parent=parent)
    started = application.start(workflow, "anna", new, {"name": NAME})
    assert isinstance(started, CommandResult), started
    assert isinstance(application.advance(started.case, "finish", "anna"), CommandResult)
    return started.case


def findings(application: Application) -> list[object]:
    with PagedReading(application.store) as pages:
        return list(verify(pages))


def test_the_day_after_the_term_and_what_belongs_to_no_file() -> None:
    application = office()
    filed, loose = closed(application, "filed"), closed(application, "loose")
    child = closed(application, "loose", filed)
    assert past_their_file(application, BEGIN + timedelta(days=365 + 9), 10) == []
    now = BEGIN + timedelta(days=365 + 11)
    found = past_their_file(application, now, 10)
    assert {one.subject for one in found} == {CASE + filed, CASE + child}
    printed = f"<p>{NAME}</p>".replace("<甲>", "&lt;甲&gt;").encode()
    papers = [
        Document(f"{filed}/{n}", filed, "sheet", "x.html", hashlib.sha256(text).hexdigest(), text, BEGIN)
        for n, text in enumerate((printed, b"<p>nothing</p>"), 1)
    ]
    with application.store.write() as transaction:
        for one in papers:
            transaction.records.put_document(one)
    with application.store.write() as transaction:
        assert destroy_answers(application, transaction, now, found, 1) == 1
    with application.store.write() as transaction:
        assert destroy_answers(application, transaction, now, found, 9) == 1
        assert destroy_answers(application, transaction, now, found, 9) == 0
    with application.store.read() as transaction:
        names = [transaction.cases.many([one])[one].forms["note"]["name"] for one in (filed, child, loose)]
        assert names == [FORGOTTEN, FORGOTTEN, NAME]
        kept = [one.content for one in transaction.records.documents(filed)]
        assert kept == [REPLACED_DOCUMENT.encode(), b"<p>nothing</p>"]
        last = transaction.events.last(filed)
        assert last is not None
        assert (last.body["forgotten"], last.body["documents"]) == (1, {f"{filed}/1": papers[0].sha256})
    assert findings(application) == []
    assert past_their_file(application, now, 10) == []


def test_a_file_that_was_destroyed_goes_the_next_night() -> None:
    application = office()
    filed = closed(application, "filed")
    record = RetentionRecord(
        case=filed, state=RetentionState.DESTROYED, at=BEGIN, by="anna", reason="x", until=None, destroyed={}
    )
    with application.store.write() as transaction:
        transaction.retention.put(record)
    assert [one.subject for one in past_their_file(application, BEGIN, 365)] == [CASE + filed]


def test_what_a_list_names_and_is_later_or_not_there_stays() -> None:
    application = office()
    filed = closed(application, "filed")
    keys = [DestroyedKey(CASE + filed, BEGIN - timedelta(days=1)), DestroyedKey(CASE + "filed-99", BEGIN)]
    with application.store.write() as transaction:
        assert destroy_answers(application, transaction, BEGIN, keys, 9) == 0
