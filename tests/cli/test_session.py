"""What commands share: the deployment, answers from files, how an outcome is told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from command_fixtures import called

from engine.app.commands import Caller
from engine.app.history.requests import CommandResult
from engine.cli.exits import CommandError
from engine.cli.output import print_json
from engine.cli.session import (
    answered,
    application_of,
    caller,
    close_source,
    confirm,
    home_of,
    local_second,
    read_answers_file,
    report_answer,
    source_of,
    zone_of,
)
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say
from engine.store.sql.store import SqlStore

REFUSAL = Refusal(None, "", (RefusalReason("x", say("不行"), next=NextAction("list_cases")),))
RESULT = CommandResult(case="c-1", state="open", rev=1, title="待办", closed=False, warnings=(), started=0)


@click.command()
@click.pass_context
def opened(ctx: click.Context) -> None:
    home = home_of(ctx)
    assert home_of(ctx) is home
    source = source_of(ctx)
    assert source_of(ctx) is source
    close_source(ctx)
    close_source(ctx)
    assert source_of(ctx) is not source
    with application_of(ctx).store.read() as transaction:
        people = len(transaction.registers.all("people"))
    click.echo(f"{home.path.name} {people > 0}")


def test_a_deployment_is_found_once(home: Path, tmp_path: Path) -> None:
    assert called(opened, home=home).out == "bureau True\n"
    nowhere = called(opened, home=tmp_path / "nowhere")
    assert (nowhere.code, nowhere.out) == (3, "")


def test_what_a_command_has_opened_is_closed_when_it_ends(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[SqlStore] = []
    closed: list[SqlStore] = []

    @click.command()
    @click.pass_context
    def leaving(ctx: click.Context) -> None:
        for store in (source_of(ctx).store, application_of(ctx).store):
            assert isinstance(store, SqlStore)
            found.append(store)
        assert closed == []
        raise CommandError(say("不行"), 1)

    def keep(store: SqlStore) -> None:
        closed.append(store)

    monkeypatch.setattr(SqlStore, "close", keep)
    assert called(leaving, home=home).code == 1
    monkeypatch.undo()
    for store in closed:
        store.close()
    assert len(found) == 2
    assert set(found) == set(closed)


def test_instants_are_read_in_the_zone_of_the_bureau() -> None:
    assert local_second(datetime(2026, 3, 2, 16, 0, 1, tzinfo=UTC)) == "2026-03-03 00:00:01"
    assert str(zone_of()) == "Asia/Shanghai"


def test_an_answer_is_passed_on_and_a_refusal_ends_the_command() -> None:
    assert answered(7) == 7
    assert answered(None) is None
    with pytest.raises(CommandError) as refused:
        answered(REFUSAL)
    assert (refused.value.code, refused.value.message) == (1, "不行；用 ssj case list 查看")


def test_who_calls() -> None:
    assert caller("a") == Caller("a", None, False)
    assert caller("a", request_id="r", dry_run=True) == Caller("a", "r", True)


def test_where_nobody_can_be_asked_nothing_is_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    confirm("继续？", yes=True)

    @click.command()
    def asks() -> None:
        confirm("继续？", yes=False)

    said = called(asks)
    assert (said.code, said.err) == (2, "继续？无人可问；确认后请加 --yes\n")


def test_answers_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text("found: 有\ncount: 3\n", encoding="utf-8")
    assert read_answers_file(str(file)) == {"found": "有", "count": 3}
    assert read_answers_file(None) is None
    for text, code in (("- 1\n", 1), ("a: [\n", 1), (None, 2)):
        other = tmp_path / "other.yaml"
        other.unlink(missing_ok=True)
        if text is not None:
            other.write_text(text, encoding="utf-8")
        with pytest.raises(CommandError) as wrong:
            read_answers_file(str(other))
        assert (wrong.value.code, "other.yaml" in wrong.value.message) == (code, True)


def test_answers_are_read_from_standard_input() -> None:
    @click.command()
    def reads() -> None:
        print_json(read_answers_file("-"))

    assert called(reads, typed=b'{"count": 3}').json() == {"count": 3}


def test_an_outcome_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    report_answer(RESULT)
    assert capsys.readouterr() == ("c-1\topen\t待办\n", "")
    more = CommandResult(
        case="c-1",
        state="open",
        rev=1,
        title="待办",
        closed=False,
        warnings=("小心",),
        started=2,
        repeated=True,
    )
    report_answer(more, dry_run=True)
    out, err = capsys.readouterr()
    assert out == "c-1\topen\t待办\n"
    assert err.splitlines() == [
        "提示：小心",
        "该请求此前已办理，未重复办理。",
        "仅试算，未保存。",
        "并启动 2 件子案件",
    ]
    with pytest.raises(CommandError) as refused:
        report_answer(REFUSAL)
    assert refused.value.code == 1
