"""The writing commands that stand in no scenario of two at once: each once, with something to do, for the walk over faults."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from house import BUREAU, CASE, NOW, definitions, done
from scenarios import Scenario, by

from engine.app.commands.application import Application
from engine.app.commands.credentials import NewPassword, create_token, set_password
from engine.app.commands.drafts.definition_drafts import drop_definition_draft, keep_definition_draft
from engine.app.commands.drafts.drafts import discard_draft, save_draft
from engine.app.commands.drafts.saved_search import choose_columns, drop_search, save_search
from engine.app.commands.exchange.exchange import ExchangeFile, receive_rows, record_export
from engine.app.commands.exchange.firms import change_firm
from engine.app.commands.keeping.delivery import send_test_message
from engine.app.commands.migration.migrate_cases import migrate
from engine.app.commands.migration.review_answers import review_answers
from engine.app.commands.papers.jobs import cancel_job, queue_job, retry_job
from engine.app.commands.papers.retention import bin_file, destroy_file, restore_file
from engine.app.commands.papers.signing import sign_record
from engine.app.commands.people import add_person
from engine.app.commands.proposals.administrators import set_administrators
from engine.app.commands.proposals.proposals import confirm, reject, withdraw
from engine.app.commands.proposals.recovery import recover_password
from engine.app.commands.publish_definitions import publish
from engine.app.commands.sign_in import web_sessions
from engine.app.ports.records import Document, RegisterEntry
from engine.app.ports.retention import RetentionRecord, RetentionState
from engine.app.registers.import_entries import plan_entries, write_entries
from engine.app.session.new_case import NewCase
from engine.app.session.unit_of_work import UnitOfWork
from engine.definition.library import load_files
from engine.exchange.formats import ExchangeFormat, FormatColumn, RowsOf, RowSource
from engine.exchange.rows import FormatRow
from engine.lifecycle.case import Change, EventKind

PASSPHRASE = " ".join(("correct", "horse", "battery"))
FIRM = "91990102MA6UF99T6T"
FORMAT = ExchangeFormat(
    id="platform",
    title="示例",
    rows=RowSource(RowsOf.CASES, "matter"),
    key=("id",),
    columns={"id": FormatColumn(id="id", title="编号", fixed="x")},
)
ERRAND = """\
workflow: errand
title: 差事
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk, deadline: 3 days}
  done: {title: 完, final: true}
transitions: [{do: write, title: 记录, from: open, to: done, form: note}]
"""
FORM = "form: note\ntitle: 记录\nfields:\n  - text: {title: 内容}\n"
ROWS = (FormatRow(1, {"id": "x"}, CASE),)
NO_ROWS = frozenset[str]()


def _secret(folder: Path, text: str | None = None) -> str:
    """Return what the preparation wrote down, or write it down."""
    file = folder / "secret"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    return file.read_text(encoding="utf-8")


def _errand(application: Application, folder: Path) -> None:
    """Begin a case with a step that has a form."""
    loaded = load_files({"bureau.yaml": BUREAU, "errand.yaml": ERRAND, "note.yaml": FORM})
    publish(application, by("lena"), loaded)
    done(application.start("errand", "anna", NewCase(title="示例差事", section="north")))


def _kept_text(application: Application, folder: Path) -> None:
    _errand(application, folder)
    kept = keep_definition_draft(application, by("anna"), "anna", "errand", "errand.workflow.yaml", ERRAND, 1)
    assert kept is True


def _drafted(application: Application, folder: Path) -> None:
    _errand(application, folder)
    assert save_draft(application, by("anna"), "anna", "errand-1", "write", {"text": "甲"}) is True


def _answered(application: Application, folder: Path) -> None:
    """Let a case have an answer somebody has to look at."""
    with application.store.write() as transaction:
        uow = UnitOfWork(application, transaction, application.clock.now())
        case = uow.case(CASE)
        assert case is not None
        body = {"step": "migrate", "title": "换版"}
        uow.record(case, EventKind.MIGRATED.value, "lena", body, Change(to_review={"case.place": "dropped"}))
        uow.finish()


def _newer(application: Application, folder: Path) -> None:
    publish(application, by("lena"), definitions("办件又一版"))


def _queued(application: Application, folder: Path) -> None:
    queue_job(application, by("lena"), "archive", {}, ["a", "b"])


def _cancelled(application: Application, folder: Path) -> None:
    _queued(application, folder)
    cancel_job(application, by("lena"), "job-1")


def _firm(application: Application, folder: Path) -> None:
    with application.store.write() as transaction:
        entry = RegisterEntry("objects", FIRM, "示例厂", None, {})
        write_entries(transaction, NOW, plan_entries("objects", {}, [entry], source="set up"), "rosa")


def _over(application: Application, folder: Path) -> None:
    """Let the time of a file be over."""
    with application.store.write() as transaction:
        uow = UnitOfWork(application, transaction, application.clock.now())
        case = uow.case(CASE)
        assert case is not None
        uow.record(
            case, "voided", "lena", {"step": "void", "title": "作废"}, Change(state="void", final=True)
        )
        uow.finish()


def _binned(application: Application, folder: Path) -> None:
    _over(application, folder)
    with application.store.write() as transaction:
        uow = UnitOfWork(application, transaction, application.clock.now())
        case = uow.case(CASE)
        assert case is not None
        uow.record(case, EventKind.RECORDED.value, "lena", {"title": "处置案卷"})
        uow.flush()
        transaction.retention.put(
            RetentionRecord(
                case=CASE,
                state=RetentionState.BIN,
                at=NOW - timedelta(days=4000),
                by="lena",
                reason="到期",
                until=NOW.date(),
                destroyed={},
            )
        )


def _document(application: Application, folder: Path) -> None:
    with application.store.write() as transaction:
        transaction.records.put_document(
            Document(f"{CASE}/1", CASE, "notice", "n", sha256(b"<p>").hexdigest(), b"<p>", NOW)
        )


def _document_of_team(application: Application, folder: Path) -> None:
    """Only the people of the case sign a document that no step makes."""
    application.advance(CASE, "submit", "anna")
    _document(application, folder)


def _two(application: Application, folder: Path) -> None:
    add_person(application, by("lena"), "keeper", "管理员", section=None, roles=["leading_office"])
    set_administrators(application, by("lena"), ("lena", "keeper"))


def _proposed(application: Application, folder: Path) -> None:
    _two(application, folder)
    create_token(application, by("lena"), "anna", "夜间")


def _proposal(application: Application) -> str:
    with application.store.read() as transaction:
        return transaction.proposals.all()[-1].id


def _with_password(application: Application, folder: Path) -> None:
    set_password(application, by("anna"), "anna", NewPassword(PASSPHRASE))


def _linked(application: Application, folder: Path) -> None:
    _secret(folder, web_sessions.make_set_up_link(application))


def _session(application: Application, folder: Path) -> None:
    opened: Any = web_sessions.sign_in_by_link(
        application, web_sessions.make_set_up_link(application), "anna"
    )
    _secret(folder, opened.secret)


def _one(act: Any, before: Any = None) -> Scenario:
    kept = {} if before is None else {"before": before}
    return Scenario(act, NO_ROWS, **kept)


MORE: dict[str, Scenario] = {
    "save_draft": _one(
        lambda a, n, f: save_draft(a, by("anna"), "anna", "errand-1", "write", {"text": "甲"}), _errand
    ),
    "discard_draft": _one(
        lambda a, n, f: discard_draft(a, by("anna"), "anna", "errand-1", "write"), _drafted
    ),
    "keep_definition_draft": _one(
        lambda a, n, f: keep_definition_draft(
            a, by("anna"), "anna", "errand", "errand.workflow.yaml", ERRAND, 1
        ),
        _errand,
    ),
    "drop_definition_draft": _one(
        lambda a, n, f: drop_definition_draft(a, by("anna"), "anna", "errand"), _kept_text
    ),
    "save_search": _one(lambda a, n, f: save_search(a, by("anna"), "anna", "我的", "mine", "示例", "")),
    "drop_search": _one(
        lambda a, n, f: drop_search(a, by("anna"), "anna", "我的"),
        lambda a, f: save_search(a, by("anna"), "anna", "我的", "mine", "示例", ""),
    ),
    "choose_columns": _one(lambda a, n, f: choose_columns(a, by("anna"), "anna", ["title", "due"])),
    "send_test_message": _one(lambda a, n, f: send_test_message(a, by("lena"), "log")),
    "record_export": _one(
        lambda a, n, f: record_export(a, by("anna"), FORMAT, ExchangeFile("a.xlsx", "ab" * 32, ROWS))
    ),
    "receive_rows": _one(
        lambda a, n, f: receive_rows(a, by("anna"), FORMAT, ExchangeFile("a.xlsx", "ab" * 32, ROWS))
    ),
    "change_firm": _one(
        lambda a, n, f: change_firm(a, by("rosa"), "objects", FIRM, "变更登记", name="示例新厂"), _firm
    ),
    "migrate": _one(lambda a, n, f: migrate(a, by("lena"), "matter"), _newer),
    "review_answers": _one(lambda a, n, f: review_answers(a, by("anna"), CASE), _answered),
    "queue_job": _one(lambda a, n, f: queue_job(a, by("lena"), "archive", {}, ["a", "b"])),
    "cancel_job": _one(lambda a, n, f: cancel_job(a, by("lena"), "job-1"), _queued),
    "retry_job": _one(lambda a, n, f: retry_job(a, by("lena"), "job-1"), _cancelled),
    "bin_file": _one(lambda a, n, f: bin_file(a, by("lena"), CASE, "到期"), _over),
    "restore_file": _one(lambda a, n, f: restore_file(a, by("lena"), CASE, "还要用"), _binned),
    "destroy_file": _one(lambda a, n, f: destroy_file(a, by("lena"), CASE, "到期"), _binned),
    "sign_record": _one(
        lambda a, n, f: sign_record(a, by("carl"), CASE, f"{CASE}/1", "carl", "system", ""), _document_of_team
    ),
    "set_administrators": _one(
        lambda a, n, f: set_administrators(a, by("lena"), ("lena", "keeper")),
        lambda a, f: add_person(a, by("lena"), "keeper", "管理员", section=None, roles=["leading_office"]),
    ),
    "confirm": _one(lambda a, n, f: confirm(a, by("keeper"), _proposal(a)), _proposed),
    "reject": _one(lambda a, n, f: reject(a, by("keeper"), _proposal(a), "不必"), _proposed),
    "withdraw": _one(lambda a, n, f: withdraw(a, by("lena"), _proposal(a)), _proposed),
    "recover_password": _one(lambda a, n, f: recover_password(a, "root", "lena", NewPassword(PASSPHRASE))),
    "sign_in_by_password": _one(
        lambda a, n, f: web_sessions.sign_in_by_password(a, "anna", PASSPHRASE), _with_password
    ),
    "make_set_up_link": _one(lambda a, n, f: web_sessions.make_set_up_link(a)),
    "sign_in_by_link": _one(lambda a, n, f: web_sessions.sign_in_by_link(a, _secret(f), "anna"), _linked),
    "change_person": _one(lambda a, n, f: web_sessions.change_person(a, _secret(f), "carl"), _session),
    "end_own_session": _one(lambda a, n, f: web_sessions.end_own_session(a, _secret(f)), _session),
    "end_sessions": _one(lambda a, n, f: web_sessions.end_sessions(a, by("anna"), "anna"), _session),
}
