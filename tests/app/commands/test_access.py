"""Access is asked before files are read; a refused attempt is kept, a dry run keeps nothing."""

from __future__ import annotations

from register_fixtures import CLERK, KEEPER, OTHER, by, kept_refusals, reasons, small_application

from engine.app.commands.access import ask_case, ask_first
from engine.app.commands.application import CommandResult, NewCase
from engine.app.queries.cases import show_case


def test_what_the_table_does_not_let_is_kept_as_an_attempt() -> None:
    application = small_application()
    assert ask_first(application, by(KEEPER), "register.change/objects", "objects") is None
    assert kept_refusals(application) == []
    refused = ask_first(application, by(CLERK), "register.change/objects", "objects")
    assert reasons(refused) == [f"“{CLERK}”不能改动这个名录；可由名录库管理员（{KEEPER}）办理"]
    assert kept_refusals(application) == [(CLERK, "register.change/objects")]
    assert ask_first(application, by(CLERK, dry_run=True), "register.change/objects") is not None
    assert len(kept_refusals(application)) == 1


def test_what_is_ones_own_is_let() -> None:
    application = small_application()
    assert ask_first(application, by(CLERK), "credential.change", about=CLERK) is None
    assert ask_first(application, by(CLERK), "credential.change", about=OTHER) is not None
    with application.store.read() as transaction:
        last = transaction.events.last("office")
    assert last is not None
    assert (last.body["verb"], last.body["about"]) == ("credential.change", OTHER)


def test_a_case_somebody_does_not_see_is_refused_as_it_is_to_a_viewer() -> None:
    application = small_application()
    started = application.start("errand", CLERK, NewCase(title="示例"))
    assert isinstance(started, CommandResult)
    assert ask_case(application, by(CLERK), started.case, "抽取") is None
    asked = ask_case(application, by(OTHER), started.case, "抽取")
    assert reasons(asked) == reasons(show_case(application, OTHER, started.case))
    assert reasons(asked) == [f"没有案件“{started.case}”，或它属于其他股室"]
    assert reasons(ask_case(application, by(CLERK, dry_run=True), "errand-9", "抽取")) == [
        "没有案件“errand-9”，或它属于其他股室"
    ]
    assert kept_refusals(application) == [(OTHER, "case.act"), (OTHER, "case.read")]
