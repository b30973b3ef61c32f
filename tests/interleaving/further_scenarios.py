"""More writing commands: drafts, exchange, firms, jobs, files, proposals, signing in; what `scenarios` says of each holds here."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from house import BUREAU, CASE, NOW, definitions, done
from scenarios import Scenario, by, row

from engine.app.access.proposals import OPEN, ROLES, others_who_agree
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
from engine.app.jobs.worker import work
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


def _agreed_to_destroy(application: Application, folder: Path) -> object:
    _binned(application, folder)
    found = destroy_file(application, by("lena"), CASE, "到期")
    with application.store.read() as transaction:
        (waiting,) = [one for one in transaction.proposals.all() if one.status == OPEN]
        who, *_ = others_who_agree(transaction, waiting.by, waiting.summary[ROLES])
    return found, confirm(application, by(who), waiting.id, "同意")


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


#: Nothing can be proposed any more where another preparation lets the clock seem wrong.
first_of_all = _proposed


def _proposal(application: Application) -> str:
    with application.store.read() as transaction:
        return next(one.id for one in transaction.proposals.all() if one.use_case == "credential.change")


def _with_password(application: Application, folder: Path) -> None:
    set_password(application, by("anna"), "anna", NewPassword(PASSPHRASE))


def _linked(application: Application, folder: Path) -> None:
    _secret(folder, web_sessions.make_set_up_link(application))


def _session(application: Application, folder: Path) -> None:
    signed_in: Any = web_sessions.sign_in_by_link(
        application, web_sessions.make_set_up_link(application), "anna"
    )
    _secret(folder, signed_in.secret)


def _drop_name(number: int) -> str:
    return ("甲", "乙")[number % 2]


def _save(application: Application, number: int, seen: str | None = None) -> object:
    answers = {"text": _drop_name(number)}
    return save_draft(application, by("anna"), "anna", "errand-1", "write", answers, seen)


def _keep_text(application: Application, number: int, seen: str | None = None) -> object:
    text = ERRAND.replace("差事", f"差事{_drop_name(number)}")
    return keep_definition_draft(
        application, by("anna"), "anna", "errand", "errand.workflow.yaml", text, 1, seen
    )


def _search(application: Application, number: int) -> object:
    return save_search(application, by("anna"), "anna", "我的", ("mine", "all")[number % 2], "示例", "")


def _rename(application: Application, number: int, seen: str | None = None) -> object:
    name = f"示例新厂{_drop_name(number)}"
    return change_firm(application, by("rosa"), "objects", FIRM, "变更登记", name=name, seen_name=seen)


def _file(number: int) -> ExchangeFile:
    return ExchangeFile(f"{number}.xlsx", ("ab", "cd")[number % 2] * 32, ROWS)


def _sign(application: Application, number: int) -> object:
    who = ("carl", "cleo")[number % 2]
    return sign_record(application, by(who), CASE, f"{CASE}/1", who, "system", "")


def _name_administrators(application: Application, number: int) -> object:
    return set_administrators(application, by("lena"), ("lena", ("keeper", "second")[number % 2]))


def _three(application: Application, folder: Path) -> None:
    for name in ("keeper", "second"):
        add_person(application, by("lena"), name, f"管理员{name}", section=None, roles=["leading_office"])


def _work(application: Application, number: int, folder: Path) -> object:
    """Let a worker do what waits; a piece does nothing."""
    kinds = {"archive": lambda job, piece: None}
    return str(work(application.store, application.clock, f"w{number}", kinds) >= 0)


def _recover(application: Application, number: int) -> object:
    return recover_password(application, "root", "lena", NewPassword(f"{PASSPHRASE} {number}"))


def _opened(answer: Any) -> object:
    """Return whether a session was opened, and whose it is: its secret is random."""
    session = getattr(answer, "session", None)
    return type(answer).__name__ if session is None else session.person


def _ended(answer: Any) -> object:
    return len(answer) if isinstance(answer, list) else answer


MORE: dict[str, Scenario] = {
    "save_draft": Scenario(lambda a, n, f: _save(a, n), row("drafts"), _errand),
    "save_draft seen": Scenario(lambda a, n, f: _save(a, n, ""), row("drafts"), _errand),
    "discard_draft": Scenario(
        lambda a, n, f: discard_draft(a, by("anna"), "anna", "errand-1", "write"), row("drafts"), _drafted
    ),
    "keep_definition_draft": Scenario(lambda a, n, f: _keep_text(a, n), row("texts"), _errand),
    "keep_definition_draft seen": Scenario(lambda a, n, f: _keep_text(a, n, ""), row("texts"), _errand),
    "drop_definition_draft": Scenario(
        lambda a, n, f: drop_definition_draft(a, by("anna"), "anna", "errand"), row("texts"), _kept_text
    ),
    "save_search": Scenario(lambda a, n, f: _search(a, n), row("searches")),
    "drop_search": Scenario(
        lambda a, n, f: drop_search(a, by("anna"), "anna", "我的"),
        row("searches"),
        lambda a, f: _search(a, 2),
    ),
    "choose_columns": Scenario(
        lambda a, n, f: choose_columns(a, by("anna"), "anna", (["title", "due"], ["title"])[n % 2]),
        row("searches"),
    ),
    "send_test_message": Scenario(lambda a, n, f: send_test_message(a, by("lena"), "log"), row("outbox")),
    "record_export": Scenario(
        lambda a, n, f: record_export(a, by("anna"), FORMAT, _file(n)), row("exchange")
    ),
    "receive_rows": Scenario(lambda a, n, f: receive_rows(a, by("anna"), FORMAT, _file(n)), row("exchange")),
    "change_firm": Scenario(lambda a, n, f: _rename(a, n), row("objects"), _firm),
    "change_firm seen": Scenario(lambda a, n, f: _rename(a, n, "示例厂"), row("one firm"), _firm),
    "migrate": Scenario(lambda a, n, f: migrate(a, by("lena"), "matter"), row("case", "definitions"), _newer),
    "review_answers": Scenario(lambda a, n, f: review_answers(a, by("anna"), CASE), row("case"), _answered),
    "queue_job": Scenario(
        lambda a, n, f: queue_job(a, by("lena"), "archive", {"n": n}, ["a", "b"]), row("jobs")
    ),
    "cancel_job": Scenario(lambda a, n, f: cancel_job(a, by("lena"), "job-1"), row("jobs"), _queued),
    "retry_job": Scenario(lambda a, n, f: retry_job(a, by("lena"), "job-1"), row("jobs"), _cancelled),
    "bin_file": Scenario(lambda a, n, f: bin_file(a, by("lena"), CASE, f"到期{n}"), row("closed"), _over),
    "restore_file": Scenario(
        lambda a, n, f: restore_file(a, by("lena"), CASE, f"还要用{n}"), row("closed"), _binned
    ),
    "destroy_file": Scenario(
        lambda a, n, f: destroy_file(a, by("lena"), CASE, "到期"), row("closed"), _agreed_to_destroy
    ),
    "sign_record": Scenario(lambda a, n, f: _sign(a, n), row("case"), _document_of_team),
    "set_administrators": Scenario(
        lambda a, n, f: _name_administrators(a, n), row("proposals", "people"), _three
    ),
    "confirm": Scenario(
        lambda a, n, f: confirm(a, by("keeper"), _proposal(a), f"同意{n}"), row("proposals"), _proposed
    ),
    "reject": Scenario(
        lambda a, n, f: reject(a, by("keeper"), _proposal(a), f"不必{n}"), row("proposals"), _proposed
    ),
    "withdraw": Scenario(
        lambda a, n, f: withdraw(a, by("lena"), _proposal(a), f"不办{n}"), row("proposals"), _proposed
    ),
    "recover_password": Scenario(lambda a, n, f: _recover(a, n), row("credentials")),
    "sign_in_by_password": Scenario(
        lambda a, n, f: _opened(web_sessions.sign_in_by_password(a, "anna", PASSPHRASE)),
        row("credentials", "sessions"),
        _with_password,
    ),
    "make_set_up_link": Scenario(lambda a, n, f: len(web_sessions.make_set_up_link(a)), row("links")),
    "sign_in_by_link": Scenario(
        lambda a, n, f: _opened(web_sessions.sign_in_by_link(a, _secret(f), ("anna", "carl")[n % 2])),
        row("links", "sessions"),
        _linked,
    ),
    "change_person": Scenario(
        lambda a, n, f: _opened(web_sessions.change_person(a, _secret(f), ("carl", "cleo")[n % 2])),
        row("sessions"),
        _session,
    ),
    "end_own_session": Scenario(
        lambda a, n, f: web_sessions.end_own_session(a, _secret(f)), row("sessions"), _session
    ),
    "end_sessions": Scenario(
        lambda a, n, f: _ended(web_sessions.end_sessions(a, by("anna"), "anna")), row("sessions"), _session
    ),
}

#: What workers do, which is no command and has no request id.
WORKERS = {"work": Scenario(_work, row("jobs"), _queued, again=True)}
