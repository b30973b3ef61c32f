"""``ssj task``: the verbs, bulk work and ``ssj delegation``, as people at a terminal meet them."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from command_fixtures import called, done, ssj

from engine.cli.cases.task_verbs import VerbGroup, command_name, verb_command
from engine.deployment.clocks import SystemClock
from engine.lifecycle.verbs.table import VERBS

FLOW = """\
workflow: notice
title: 通知
about: none
initial: drafting
start: {by: leading_office}
states:
  drafting:
    title: 草拟
    for: leading_office
    deadline: 5 working days
    verbs:
      - claim
      - urge: {by: leading_office, times: 2, receipt: true}
      - extend: {by: leading_office, times: 1, max: 5 working days, approve: bureau_head}
  review:
    title: 审核
    for: leading_office
    verbs: [return, withdraw, void: {by: leading_office, to: void}]
  closed: {title: 办结, final: true}
  void: {title: 已作废, final: true}
transitions:
  - {do: submit, title: 提交, from: drafting, to: review, when: "case.title != '难件'"}
  - {do: sign, title: 签发, from: review, to: closed, sign: {mode: any, by: leading_office}}
"""
AS = ("--as", "leading")


@pytest.fixture(scope="module")
def made_with_notices(made: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = shutil.copytree(made[0], tmp_path_factory.mktemp("notices") / "bureau")
    (home / "workflows" / "notice.yaml").write_text(FLOW, encoding="utf-8")
    done("workflow", "publish", *AS, home=home)
    for title in ("甲件", "难件", "乙件"):
        done("case", "start", "notice", "--title", title, *AS, home=home)
    return home


@pytest.fixture
def application(made_with_notices: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made_with_notices, tmp_path / "bureau")


def test_there_and_back(application: Path) -> None:
    done("task", "advance", "notice-1", "submit", *AS, home=application)
    assert done("task", "withdraw", "notice-1", *AS, home=application).out == "notice-1\tdrafting\t草拟\n"
    done("task", "advance", "notice-1", "submit", *AS, home=application)
    refused = ssj("task", "return", "notice-1", "drafting", *AS, home=application)
    assert (refused.code, "退回须说明理由" in refused.err) == (1, True)
    done("task", "return", "notice-1", "drafting", "--reason", "缺页", *AS, home=application)
    done("task", "advance", "notice-1", "submit", *AS, home=application)
    assert done("task", "void", "notice-1", "--reason", "取消", *AS, home=application).out.startswith(
        "notice-1\tvoid"
    )
    kinds = [e["kind"] for e in done("case", "history", "notice-1", "--json", home=application).json()]
    assert kinds == [
        "started",
        "advanced",
        "withdrawn",
        "advanced",
        "refused",
        "returned",
        "advanced",
        "voided",
    ]
    assert done("audit", "verify", home=application).code == 0


def test_many_at_once_each_by_itself(application: Path) -> None:
    where = ("--where", "workflow=notice,state=drafting")
    dry = ssj("task", "advance", "submit", *where, "--dry-run", *AS, home=application)
    assert (dry.code, "共 3 件：办成 2 件，未办 1 件" in dry.err) == (1, True)
    again = ("--request-id", "r-1", *AS)
    first = ssj("task", "advance", "submit", *where, "--json", *again, home=application)
    assert {item["case"]: item["done"] for item in first.json()} == {
        "notice-1": True,
        "notice-2": False,
        "notice-3": True,
    }
    # Run again, what is done is done; what was refused is tried once more.
    rest = ssj("task", "advance", "submit", *where, *again, home=application)
    assert (rest.code, rest.out) == (1, "notice-2\t未办\t难件\n")
    urged = done("task", "urge", "--where", "state=drafting,title=难", *AS, home=application)
    assert urged.out == "notice-2\t已办\t难件\n"


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("stat=drafting", "没有条件“stat”；可用：workflow"),
        ("state", "“state”应写成 名=值"),
        ("overdue=yes", "overdue 应为 true 或 false，实为“yes”"),
        ("", "批量办理须写明条件"),
    ],
)
def test_a_filter_that_is_none_is_told(application: Path, where: str, said: str) -> None:
    told = ssj("task", "claim", "--where", where, *AS, home=application)
    assert (told.code, said in told.err) == (2, True)


def test_one_case_or_a_filter(application: Path) -> None:
    both = ssj("task", "claim", "notice-1", "--where", "state=drafting", *AS, home=application)
    neither = ssj("task", "claim", *AS, home=application)
    assert (both.code, neither.code) == (2, 2)
    assert "二者取一" in both.err
    assert ssj("task", "extend", "notice-1", "many", *AS, home=application).code == 2


def test_delegations(application: Path) -> None:
    today = SystemClock().now().date()
    days = ("--from", today, "--to", today + timedelta(days=7), "--reason", "年休假")
    made = done("delegation", "add", "leading", "insp-01", *days, *AS, home=application)
    assert made.out.startswith("delegation-1\tleading\tinsp-01\t")
    listed = done("task", "list", "--as", "insp-01", home=application).out
    assert "notice-1" in listed
    done("task", "advance", "notice-1", "submit", "--as", "insp-01", home=application)
    last = done("case", "history", "notice-1", "--json", home=application).json()[-1]
    assert (last["actor"], last["body"]["for"]) == ("insp-01", "leading")
    refused = ssj("delegation", "add", "insp-01", "insp-02", *days, *AS, home=application)
    assert (refused.code, "不得转委托" in refused.err) == (1, True)
    done("delegation", "end", "delegation-1", "--reason", "返岗", *AS, home=application)
    assert done("delegation", "list", "--json", home=application).json() == []
    assert "notice-2" not in done("task", "list", "--as", "insp-01", home=application).out


def test_a_delegation_is_tried_and_made_once(application: Path) -> None:
    today = SystemClock().now().date()
    words = (
        "leading",
        "insp-01",
        "--from",
        today,
        "--to",
        today + timedelta(days=7),
        "--reason",
        "年休假",
        *AS,
    )
    tried = done("delegation", "add", *words, "--dry-run", home=application)
    assert (tried.out.split("\t")[0], tried.err) == ("delegation-1", "仅试算，未保存。\n")
    assert done("delegation", "list", "--json", home=application).json() == []
    for _ in range(2):
        done("delegation", "add", *words, "--request-id", "d-1", home=application)
    assert len(done("delegation", "list", "--json", home=application).json()) == 1


def test_an_urge_is_acknowledged(application: Path) -> None:
    done("task", "urge", "notice-1", *AS, home=application)
    assert done("task", "acknowledge", "notice-1", *AS, home=application).out == "notice-1\tdrafting\t草拟\n"
    again = ssj("task", "acknowledge", "notice-1", *AS, home=application)
    assert (again.code, "已作回执" in again.err) == (1, True)
    assert "已回执：leading" in done("task", "show", "notice-1", home=application).out


def test_every_verb_is_a_command_made_of_its_row(application: Path) -> None:
    group = VerbGroup("task")
    import click

    names = group.list_commands(click.Context(group))
    # What is no verb: the questions one after the other, and drafts.
    assert names == sorted([*(command_name(spec) for spec in VERBS.values()), "do", "draft"])
    assert group.get_command(click.Context(group), "no-such-verb") is None
    claim = verb_command(next(spec for spec in VERBS.values() if spec.word == "claim"))
    said = called(claim, "notice-1", *AS, home=application)
    assert (said.code, said.out.split("\t")[0]) == (0, "notice-1")
    assert called(claim, "notice-7", *AS, home=application).code == 1
    assert called(group, "return", "notice-1", "drafting", "--as", "leading", home=application).code == 1
