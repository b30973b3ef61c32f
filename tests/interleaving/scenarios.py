"""Every writing command once: how it is called in the bureau of these tests, and which rows it writes.

`act` is called with the application and with 0 or 1: which of two who do it at once. Which commands are tried beside each other
follows from what they do (`touched`), and from the groups of rows that two name in common: such pairs come first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from heads_fixtures import Keys
from house import CASE, DELEGATION_DAYS, NOW, definitions, done

from engine.app.commands import Caller, incidents, operations
from engine.app.commands.access import ask_case, ask_first
from engine.app.commands.application import Application
from engine.app.commands.calendar import adopt_year
from engine.app.commands.credentials import (
    NewPassword,
    create_token,
    revoke_token,
    set_password,
    set_sign_in_mode,
)
from engine.app.commands.delegations import add_delegation, end_delegation
from engine.app.commands.inbox import acknowledge, choose_messages
from engine.app.commands.papers.files import NewFile, keep_file
from engine.app.commands.papers.papers import number_paper, record_paper, void_paper
from engine.app.commands.people import add_person
from engine.app.commands.prove_identity import prove_by_password, prove_by_token
from engine.app.commands.publish_definitions import publish, publish_again
from engine.app.commands.registers import (
    RegisterFile,
    claim_entries,
    import_register,
    label_entries,
    take_snapshot,
    undo_import,
)
from engine.app.commands.seal import announce_key, seal, sign_head
from engine.app.daemons.clock_guard import jumped
from engine.app.delivery.deliver import Outcome, Retry, deliver
from engine.app.execution.calendar_change import with_year
from engine.app.ports.records import Heartbeat, OutboxItem
from engine.app.ports.store import Clock
from engine.app.queries.register_changes import preview_import
from engine.app.session.new_case import NewCase
from engine.app.timers.fire_due import fire_due
from engine.calendars.import_file import read_calendar_year
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.register.import_result import read_register
from engine.register.profile import built_in

#: The request id every command is sent with, while a test sets one.
REQUEST: list[str] = []


def _counted(answer: Any) -> Any:
    return len(answer) if isinstance(answer, list | tuple) else answer


def by(person: str) -> Caller:
    """Return who acts."""
    return Caller(person, REQUEST[0] if REQUEST else None)


def sent() -> dict[str, Any]:
    """Return how a command of a case is sent."""
    return {"request_id": REQUEST[0]} if REQUEST else {}


@dataclass(frozen=True)
class Scenario:
    """One command."""

    act: Callable[[Application, int, Path], object]
    #: Groups of rows it writes.
    rows: frozenset[str]
    #: What has to be done before, for it to have something to do.
    before: Callable[[Application, Path], object] = lambda application, folder: None
    #: Module and name of the command it is for, as the walk over all commands finds them.
    of: str = ""
    #: A daemon comes again: what it passes over because somebody is at it stays due, and its next round does it.
    again: bool = False


def objects(folder: Path, text: str, **how: Any) -> RegisterFile:
    """Return a CSV text as a file of the register of objects."""
    return register(folder, "objects", text, **how)


def register(folder: Path, kind: str, text: str, **how: Any) -> RegisterFile:
    """Return a CSV text as a file of a register."""
    file = folder / f"{kind}-{abs(hash(text))}.csv"
    file.write_text(text, encoding="utf-8")
    profile = built_in(kind)
    return RegisterFile(
        profile=profile, reading=read_register(kind, file, profile), source=f"{kind}.csv", **how
    )


def _import_people(application: Application, number: int, folder: Path) -> object:
    """Take in somebody new: another one each."""
    text = (
        f"id,name,section,roles\n{('nora', 'ora')[number]},新人{number},{('north', 'south')[number]},clerk\n"
    )
    return import_register(application, by("rosa"), "people", register(folder, "people", text))


def _import_inspectors(application: Application, number: int, folder: Path) -> object:
    text = f"id,name,section,执法证号,有效期至\n{('anna', 'anton')[number]},执法{number},north,{100 + number},2099-12-31\n"
    return import_register(application, by("rosa"), "inspectors", register(folder, "inspectors", text))


def _import(application: Application, number: int, folder: Path) -> object:
    # One file says the district, the other the telephone: each leaves the other's column as it is.
    text = ("id,name,district\nE1,示例1,城东\n", "id,name,phone\nE1,示例1,05310000001\n")[number]
    return import_register(application, by("rosa"), "objects", objects(folder, text))


def _import_seen(application: Application, number: int, folder: Path) -> object:
    """Give one firm a district, having been shown what that changes while nobody had given it one."""
    file = objects(folder, f"id,name,district\nE1,示例1,{('城东', '城西')[number]}\n")
    shown = (folder / f"shown-{number}").read_text("utf-8")
    return import_register(application, by("rosa"), "objects", replace(file, agreed_changes=shown))


def _show_imports(application: Application, folder: Path) -> None:
    for number, district in enumerate(("城东", "城西")):
        file = objects(folder, f"id,name,district\nE1,示例1,{district}\n")
        shown: Any = preview_import(application, "rosa", "objects", file)
        (folder / f"shown-{number}").write_text(shown.mark, "utf-8")


def _notice(year: int, source: str, new_year: int = 1) -> str:
    """Return a notice with every holiday of the law."""
    others = (
        ("春节", "02-09"),
        ("清明节", "04-05"),
        ("劳动节", "05-01"),
        ("端午节", "06-12"),
        ("中秋节", "09-18"),
        ("国庆节", "10-01"),
    )
    days = "".join(f", {name}: {year}-{day}" for name, day in others)
    return f"year: {year}\ntitle: 示例\nsource: {source}\nholidays: {{元旦: {year}-01-0{new_year}{days}}}\n"


def _year(application: Application, number: int, folder: Path) -> object:
    text = _notice(2099 + number, "示例")
    data, problems = read_calendar_year("x.yaml", text.encode())
    assert data is not None, problems
    # As a deployment counts: by the files that are there.
    return adopt_year(application, by("lena"), folder, data, lambda: _in_force(application, folder))


def _same_year(application: Application, number: int, folder: Path) -> object:
    """Take up one year: two notices that differ, of whoever saw that there is none yet."""
    text = _notice(2098, f"通知{number}", 1 + number)
    data, problems = read_calendar_year("x.yaml", text.encode())
    assert data is not None, problems
    return adopt_year(application, by("lena"), folder, data, lambda: _in_force(application, folder), (), "")


def _in_force(application: Application, folder: Path) -> DeadlineCalculator:
    time = application.definitions.time
    for file in sorted(folder.glob("2*.yaml")):
        data, problems = read_calendar_year(file.name, file.read_bytes())
        assert data is not None, problems
        time = with_year(time, data)
    return time


def _submitted(application: Application, folder: Path) -> None:
    done(application.advance(CASE, "submit", "anna"))


def _described(application: Application, folder: Path) -> None:
    done(application.advance(CASE, "describe", "anna", {"subject": "甲"}))


def _verb(
    word: str, person: str, /, *, more: Mapping[str, Any] | None = None, before: Any = None, two: Any = None
) -> Scenario:
    def act(application: Application, number: int, folder: Path) -> object:
        given = dict(more or {})
        if two is not None:
            given |= two[number]
        return application.do(word, CASE, given.pop("person", person), **given, **sent())

    kept = {} if before is None else {"before": before}
    return Scenario(act, frozenset({"case"}), of=f"Application.{word}", **kept)  # fmt: skip


def _asked(application: Application, folder: Path) -> None:
    done(application.void(CASE, "anna", reason="已注销"))


def _suspended(application: Application, folder: Path) -> None:
    done(application.suspend(CASE, "anna", reason="等材料"))


def _urged(application: Application, folder: Path) -> None:
    done(application.urge(CASE, "carl"))


def _signed(application: Application, folder: Path) -> None:
    _submitted(application, folder)
    done(application.advance(CASE, "sign", "carl"))


def _added(application: Application, folder: Path) -> None:
    _submitted(application, folder)
    done(application.add_signer(CASE, "carl", "anna", reason="征求意见"))


def _questioned(application: Application, folder: Path) -> None:
    done(application.do("ask", CASE, "anna", to="carl", reason="地址是否有误"))


def _copied(application: Application, folder: Path) -> None:
    done(application.circulate(CASE, "anna", to="anton"))


def _entrusted(application: Application, folder: Path) -> None:
    done(application.entrust(CASE, "anna", to="anton", reason="先核一遍"))


def _token(application: Application, folder: Path) -> None:
    answer: Any = create_token(application, by("anna"), "anna", "old")
    (folder / "token").write_text(answer.id, "utf-8")


def row(*names: str) -> frozenset[str]:
    """Return groups of rows."""
    return frozenset(names)


SCENARIOS: dict[str, Scenario] = {
    "import_register": Scenario(_import, row("objects")),
    "import_register again": Scenario(_import_seen, row("one column"), _show_imports),
    "import_register people": Scenario(_import_people, row("people")),
    "import_register inspectors": Scenario(_import_inspectors, row("inspectors")),
    "undo_import people": Scenario(
        lambda a, n, f: undo_import(a, by("rosa"), "people"),
        row("people"),
        lambda a, f: _import_people(a, 0, f),
    ),
    "undo_import": Scenario(
        lambda a, n, f: undo_import(a, by("rosa"), "objects"),
        row("objects"),
        lambda a, f: import_register(a, by("rosa"), "objects", objects(f, "id,name\nE1,改名\n")),
    ),
    "label_entries": Scenario(
        lambda a, n, f: label_entries(a, by("rosa"), "objects", ["E1", "E2"], [f"标签{n}"], []),
        row("objects"),
    ),
    "claim_entries": Scenario(
        lambda a, n, f: claim_entries(a, by("rosa"), "objects", ["E1"], ("north", "south")[n]),
        row("objects"),
    ),
    "take_snapshot": Scenario(lambda a, n, f: take_snapshot(a, by("rosa"), "objects"), row("objects")),
    "add_person": Scenario(
        lambda a, n, f: add_person(a, by("lena"), "nora", f"诺拉{n}", section="north", roles=["clerk"]),
        row("people"),
    ),
    "incidents.retry": Scenario(
        lambda a, n, f: incidents.retry(a, by("lena"), "matter-2/after:broken1"), row("incidents")
    ),
    "incidents.retry_all": Scenario(
        lambda a, n, f: incidents.retry_all(a, by("lena")), row("incidents")
    ),
    "incidents.dismiss": Scenario(
        lambda a, n, f: incidents.dismiss(a, by("lena"), f"lost{n + 1}", "不再需要"), row("incidents")
    ),
    "add_delegation": Scenario(
        # Each would be allowed alone; together they would make a chain.
        lambda a, n, f: add_delegation(
            a, by(("anna", "anton")[n]), *(("anna", "anton"), ("anton", "carl"))[n], *DELEGATION_DAYS, "休假"
        ),
        row("delegations"),
    ),
    "end_delegation": Scenario(
        lambda a, n, f: end_delegation(a, by(("anna", "carl")[n]), "delegation-1", "提前回来"),
        row("delegations"),
        lambda a, f: add_delegation(a, by("anna"), "anna", "carl", *DELEGATION_DAYS, "休假"),
    ),
    "set_password": Scenario(
        # The ids of tokens are random: how many ended is compared, and which, by their labels among the tokens.
        lambda a, n, f: _counted(set_password(a, by("anna"), "anna", NewPassword(f"correct horse battery {n}"))),
        row("credentials"),
    ),
    "set_sign_in_mode": Scenario(
        lambda a, n, f: set_sign_in_mode(a, by("lena"), ("trust", "required")[n]),
        row("credentials"),
        lambda a, f: set_password(a, by("lena"), "lena", NewPassword("correct horse battery")),
    ),
    "create_token": Scenario(
        lambda a, n, f: create_token(a, by("anna"), "anna", f"令牌{n}"), row("credentials")
    ),
    "revoke_token": Scenario(
        lambda a, n, f: revoke_token(a, by("anna"), (f / "token").read_text("utf-8")),
        row("credentials"),
        _token,
    ),
    "prove_by_password": Scenario(
        lambda a, n, f: prove_by_password(a, "anna", "wrong"), row("credentials")
    ),
    "prove_by_token": Scenario(
        lambda a, n, f: prove_by_token(a, "ssj_nothing", person="anna"), row("credentials")
    ),
    "adopt_year": Scenario(_year, row("calendar", "case")),
    "adopt_year again": Scenario(_same_year, row("one year")),
    "publish": Scenario(
        lambda a, n, f: publish(a, by("lena"), definitions(f"办件{n}")), row("definitions")
    ),
    "publish_again": Scenario(
        lambda a, n, f: publish_again(a, by("lena"), "matter", 1),
        row("definitions"),
        lambda a, f: publish(a, by("lena"), definitions("办件又一版")),
    ),
    "acknowledge": Scenario(
        lambda a, n, f: acknowledge(a, by("anna"), "anna", None if n else ["m1"]), row("inbox")
    ),
    "choose_messages": Scenario(
        lambda a, n, f: choose_messages(a, by("anna"), "anna", ("arrived", "reminded")[n], "none"), row("settings")
    ),
    "record_paper": Scenario(
        lambda a, n, f: record_paper(a, by("anna"), f"{CASE}/letter/2", ("signed", "served")[n]), row("case", "papers")
    ),
    "number_paper": Scenario(
        lambda a, n, f: number_paper(a, by("lena"), f"{CASE}/letter/{n + 2}", 3 + n, "手工"), row("case", "papers")
    ),
    "void_paper": Scenario(
        lambda a, n, f: void_paper(a, by("lena"), f"{CASE}/letter/{n + 1}", "印错"), row("case", "papers")
    ),
    "keep_file": Scenario(
        lambda a, n, f: keep_file(a, by("anna"), CASE, NewFile(b"%PDF-1", f"{n}.pdf", "扫描件")), row("case", "closed")
    ),
    "seal": Scenario(lambda a, n, f: seal(a, by("lena")), row("seals", "objects")),
    "sign_head": Scenario(lambda a, n, f: sign_head(a, by("lena"), Keys("one")), row("heads")),
    "announce_key": Scenario(lambda a, n, f: announce_key(a, by("lena"), ("ab", "cd")[n] * 32), row("heads")),
    "back_up": Scenario(lambda a, n, f: operations.back_up(a, by("lena"), "x.zip", lambda _: "packed", str), row("office")),
    "move_database": Scenario(
        lambda a, n, f: operations.move_database(a, by("lena"), "x.db", lambda _: "moved", str), row("office")
    ),
    "ask_first": Scenario(lambda a, n, f: ask_first(a, by("anna"), "audit.seal"), row("office")),
    "ask_case": Scenario(lambda a, n, f: ask_case(a, by("nobody"), CASE, "note"), row("case", "office")),
    "enter_upgrade": Scenario(lambda a, n, f: operations.enter_upgrade(a, by("lena"), "0004", "0012"), row("office")),
    "enter_restore": Scenario(lambda a, n, f: operations.enter_restore(a, by("lena"), "root", {"file": "x.zip"}), row("office")),
    "build_site": Scenario(lambda a, n, f: operations.build_site(a, by("lena"), "site", lambda _: "built", str), row("office")),
    "Application.start": Scenario(
        lambda a, n, f: a.start("matter", "anna", NewCase(title=f"新{n}", section="north"), **sent()), row("cases")
    ),
    "Application.advance": Scenario(
        lambda a, n, f: a.advance(CASE, ("submit", "note")[n], "anna", **sent()), row("case", "definitions")
    ),
    "Application.advance_by_effect": Scenario(
        lambda a, n, f: a.advance_by_effect(CASE, "assign", "anna", **sent()), row("case")
    ),
    "Application.advance_together": Scenario(
        lambda a, n, f: a.advance_together(CASE, [("note", "anna", None), ("submit", "anna", None)], **sent()),
        row("case"),
    ),
    "Application.advance sign": Scenario(
        lambda a, n, f: a.advance(CASE, "sign", ("carl", "cleo")[n], **sent()), row("signing"), _submitted
    ),
    "Application.claim": _verb("claim", "anna", two=({"person": "anna"}, {"person": "anton"})),
    "Application.reassign": _verb("reassign", "carl", more={"reason": "出差"}, two=({"to": "anton"}, {"to": "anna"})),
    "Application.extend": _verb("extend", "carl", more={"count": 1, "reason": "材料多"}),
    "Application.correct": _verb(
        "correct",
        "carl",
        more={"reason": "打错了", "fact": "slip.subject"},
        before=_described,
        two=({"value": "乙"}, {"value": "丙"}),
    ),
    "Application.suspend": _verb("suspend", "anna", more={"reason": "等材料"}),
    "Application.resume": _verb("resume", "anna", before=_suspended),
    "Application.return": _verb("return", "carl", more={"to": "drafting", "reason": "缺页"}, before=_submitted),
    "Application.withdraw": _verb("withdraw", "carl", before=_signed),
    "Application.urge": _verb("urge", "carl"),
    "Application.acknowledge": _verb("acknowledge", "anna", before=_urged),
    "Application.ask": _verb("ask", "anna", more={"reason": "地址是否有误"}, two=({"to": "carl"}, {"to": "anton"})),
    "Application.reply": _verb("reply", "carl", more={"reason": "无误"}, before=_questioned),
    "Application.circulate": _verb("circulate", "anna", two=({"to": "anton"}, {"to": "carl"})),
    "Application.read": _verb("read", "anton", before=_copied),
    "Application.entrust": _verb(
        "entrust", "anna", more={"reason": "先核一遍"}, two=({"to": "anton"}, {"to": "carl"})
    ),
    "Application.hand_back": _verb("hand_back", "anton", more={"reason": "已核"}, before=_entrusted),
    "Application.void": _verb("void", "anna", more={"reason": "已注销"}),
    "Application.add_signer": _verb(
        "add_signer", "carl", more={"reason": "征求意见"}, before=_submitted, two=({"signer": "anna"}, {"signer": "anton"})
    ),
    "Application.drop_signer": _verb(
        "drop_signer", "carl", more={"reason": "出差", "signer": "anna"}, before=_added
    ),
    "Application.approve": _verb("approve", "carl", more={"verb": "void"}, before=_asked),
    "Application.deny": _verb("deny", "carl", more={"verb": "void", "reason": "不必"}, before=_asked),
}  # fmt: skip


class _Late:
    """A clock that shows another instant."""

    def __init__(self, inner: Clock, later: timedelta) -> None:
        self._inner, self._later = inner, later

    def now(self) -> datetime:
        return self._inner.now() + self._later


class _Takes:
    """A channel that takes everything."""

    batch = 5

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        return [Outcome(item.id) for item in items]


def _sweep(application: Application, number: int, folder: Path) -> object:
    application.clock = _Late(application.clock, timedelta(days=30))
    return str(fire_due(application).set_aside)


def _guard(application: Application, number: int, folder: Path) -> object:
    return str(jumped(application.store, NOW, timedelta(days=31)) is not None)


def _silent(application: Application, folder: Path) -> None:
    with application.store.write() as transaction:
        transaction.daemons.put(Heartbeat("daemon", NOW - timedelta(days=90), "1", False, None))


def _deliver(application: Application, number: int, folder: Path) -> object:
    retry = Retry(minutes=(1,), lease=15)
    return str(deliver(application.store, {"log": _Takes()}, NOW + timedelta(hours=1), retry=retry).incidents)


#: What a daemon does, which is no command and has no request id, and what people do with the same rows.
DAEMON = {
    "sweep": Scenario(_sweep, row("timers"), again=True),
    "advance while swept": Scenario(
        lambda a, n, f: a.advance(CASE, "note", "anna", **sent()), row("timers")
    ),
    "guard of the clock": Scenario(_guard, row("clock"), _silent),
    "confirm the clock": Scenario(lambda a, n, f: incidents.retry(a, by("lena"), "clock"), row("clock"), _silent),
    "deliver": Scenario(_deliver, row("outbox")),
    "retry a message": Scenario(lambda a, n, f: incidents.retry(a, by("lena"), "lost1"), row("outbox")),
}  # fmt: skip

#: Commands whose meetings are tried elsewhere, and where.
ELSEWHERE = {
    "file_minutes": "tests/app/draws/test_interleaving_of_draws.py",
    "import_anchor": "tests/app/draws/test_interleaving_of_draws.py",
    "take_auditor_kit": "tests/app/draws/v2/test_kits.py",
}
