"""One case or many: what is done with each, and how it is told."""

from __future__ import annotations

import click
import pytest
from command_fixtures import called
from small_bureau import SmallBureau, small_bureau

from engine.app.history.requests import CommandResult
from engine.cli.cases.bulk import many, one_or_many
from engine.kernel.refusal import Refusal


@pytest.fixture
def bureau() -> SmallBureau:
    made = small_bureau()
    for _ in range(2):
        made.start()
    return made


def command(bureau: SmallBureau, *, dry_run: bool = False) -> click.Command:
    """Return a command that reports `visit-1` and leaves a hole in what it says of others."""

    def act(case: str, request_id: str | None) -> CommandResult | Refusal:
        answers = {"found": "有", "count": 3 if case == "visit-1" else 1}
        return bureau.application.advance(
            case, "report", "clerk-1", answers, request_id=request_id, dry_run=dry_run
        )

    @click.command()
    @click.argument("case", required=False)
    @many
    def run(case: str | None, where: str | None, json_output: bool) -> None:
        one_or_many(
            bureau.application, "clerk-1", case, where, act, json_output, request_id="r", dry_run=dry_run
        )

    return run


def test_one_case_is_told_as_any(bureau: SmallBureau) -> None:
    assert called(command(bureau), "visit-1").out == "visit-1\tchecking\t待审核\n"
    assert called(command(bureau), "visit-2").code == 1


def test_either_a_case_or_a_filter(bureau: SmallBureau) -> None:
    for words in ([], ["visit-1", "--where", "state=there"]):
        said = called(command(bureau), *words)
        assert (said.code, "二者取一" in said.err) == (2, True)
    wrong = called(command(bureau), "--where", "colour=red")
    assert (wrong.code, "没有条件“colour”" in wrong.err) == (2, True)


def test_many_are_told_one_by_one_and_the_rest_is_still_done(bureau: SmallBureau) -> None:
    said = called(command(bureau), "--where", "state=there")
    assert said.code == 1
    assert said.out == "visit-1\t已办\t示例企业\nvisit-2\t未办\t示例企业\n"
    assert "数量不足两件" in said.err
    assert "共 2 件：办成 1 件，未办 1 件" in said.err
    left = called(command(bureau), "--where", "state=there", "--json")
    assert [(one["case"], one["done"]) for one in left.json()] == [("visit-2", False)]


def test_a_trial_of_many_changes_nothing(bureau: SmallBureau) -> None:
    said = called(command(bureau, dry_run=True), "--where", "case=visit-1")
    assert (said.code, "仅试算，未保存。" in said.err) == (0, True)
    with bureau.application.store.read() as transaction:
        case = transaction.cases.get("visit-1")
    assert case is not None
    assert case.state == "there"
