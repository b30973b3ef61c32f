"""What the options of an import confirm, and how it is said."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from engine.app.commands.registers import Confirmation
from engine.cli.exits import CommandError
from engine.cli.registers.confirming import MAX_SHOWN, confirm_value, confirmations_from, how_to_confirm
from engine.language import say
from engine.register.import_result import ImportResult
from engine.register.problem import RowProblem


def test_a_value_is_named_by_its_entry_and_its_column() -> None:
    assert confirmations_from(("9/名称=甲=乙", "8/电话=1/2"), "见执照", None) == (
        Confirmation("9", "名称", "甲=乙", "见执照"),
        Confirmation("8", "电话", "1/2", "见执照"),
    )
    assert confirmations_from((), None, None) == ()


@pytest.mark.parametrize("values", ["9/名称", "9=甲", "/名称=甲", "9/=甲", "9/名称="])
def test_what_names_no_value_is_wrong_usage(values: str) -> None:
    with pytest.raises(click.UsageError, match="编号/列=值"):
        confirmations_from((values,), "见执照", None)


@pytest.mark.parametrize(
    ("values", "reason"), [(("9/名称=甲",), None), (("9/名称=甲",), "  "), ((), "见执照")]
)
def test_a_reason_and_a_value_go_together(values: tuple[str, ...], reason: str | None) -> None:
    with pytest.raises(click.UsageError, match="同用"):
        confirmations_from(values, reason, None)


def test_a_list_is_added_to_what_the_options_say(tmp_path: Path) -> None:
    file = tmp_path / "confirmed.csv"
    file.write_text("编号,列,值,理由\n9,名称,甲,见执照\n", encoding="utf-8")
    assert confirmations_from((), None, file) == (Confirmation("9", "名称", "甲", "见执照"),)
    file.write_text("甲,乙\n", encoding="utf-8")
    with pytest.raises(CommandError):
        confirmations_from((), None, file)


def test_only_unusual_values_are_offered() -> None:
    plain = RowProblem(2, "名称", "", say("不能为空"), None)
    assert confirm_value(plain) == ""
    assert how_to_confirm(ImportResult(kind="objects", problems=(plain,))) == []
    assert MAX_SHOWN == 20
