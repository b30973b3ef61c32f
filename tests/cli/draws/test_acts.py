"""``ssj draw commit | reveal | void | replace``: the step that does the effect, by whatever name."""

from __future__ import annotations

import click
import pytest
from command_fixtures import called
from draws_fixtures import BATCH, Desk

from engine.cli.draws.acts import act, take


def test_the_step_is_found_by_its_effect(planned: Desk) -> None:
    commit = act("commit", "冻结名录，公布抽取承诺。")
    assert (commit.name, commit.help) == ("commit", "冻结名录，公布抽取承诺。")
    assert called(commit, BATCH, "--as", "insp-01", home=planned.home).code == 1
    dry = called(commit, BATCH, "--as", "drawer", "--dry-run", home=planned.home)
    made = called(commit, BATCH, "--as", "drawer", "--request-id", "r", home=planned.home)
    again = called(commit, BATCH, "--as", "drawer", "--request-id", "r", home=planned.home)
    assert made.out == dry.out == again.out != ""
    assert (dry.err, again.err) == ("仅试算，未保存。\n", "该请求此前已办理，未重复办理。\n")
    assert planned.row().status == "committed"


@pytest.mark.parametrize("word", ["reveal", "replace", "void"])
def test_what_cannot_be_done_now_is_refused(word: str, planned: Desk) -> None:
    said = called(act(word, "x"), BATCH, "--as", "drawer", home=planned.home)
    assert (said.code, said.out) == (1, "")


def test_a_case_that_is_not_there(planned: Desk) -> None:
    @click.command()
    @click.pass_context
    def run(ctx: click.Context) -> None:
        take(ctx, "run", "batch-9", None, None, "drawer", None, False)

    said = called(run, home=planned.home)
    assert (said.code, "没有案件“batch-9”" in said.err) == (1, True)
