"""One listing in four formats."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping

import click
import pytest
from command_fixtures import called
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cli.output import FORMATS, Column, listing, print_json, print_listing
from engine.language import say

ROWS = [{"id": "a", "name": "示例甲"}, {"id": "bb", "name": "=1+1"}]
COLUMNS: list[Column[Mapping[str, str]]] = [
    Column(say("编号"), lambda row: row["id"]),
    Column(say("名称"), lambda row: row["name"]),
]


@click.command()
@listing
@click.option("--none", is_flag=True)
def shown(output: str | None, none: bool) -> None:
    print_listing([] if none else ROWS, COLUMNS, output, as_json=dict, empty=say("没有消息。"))


def test_lines_are_columns_with_tabs() -> None:
    assert called(shown).out == "a\t示例甲\nbb\t=1+1\n"
    assert called(shown, "--format", "lines").out == called(shown).out


def test_a_table_lines_up_by_what_is_seen() -> None:
    assert called(shown, "--format", "table").out.splitlines() == [
        "编号  名称",
        "────  ──────",
        "a     示例甲",
        "bb    =1+1",
    ]


def test_json_is_the_rows() -> None:
    assert called(shown, "--json").json() == ROWS
    assert called(shown, "--format", "json").json() == ROWS
    assert called(shown, "--json", "--none").out == "[]\n"


def test_a_spreadsheet_runs_no_cell_as_a_formula() -> None:
    assert called(shown, "--format", "csv").out == "编号,名称\r\na,示例甲\r\nbb,'=1+1\r\n"


@pytest.mark.parametrize("output", [one for one in FORMATS if one != "json"])
def test_nothing_is_said_on_stderr(output: str) -> None:
    said = called(shown, "--none", "--format", output)
    assert said.err == "没有消息。\n"


def test_another_format_is_wrong_usage() -> None:
    assert called(shown, "--format", "xml").code == 2


def test_a_row_may_have_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    rows = ROWS[:1]
    print_listing(rows, COLUMNS, None, as_json=dict, empty=say("没有消息。"), line=lambda row: row["id"] * 3)
    assert capsys.readouterr().out == "aaa\n"


def test_json_keeps_chinese_and_writes_what_it_does_not_know_as_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_json({"名": click.INT.name, "at": say("编号")})
    assert capsys.readouterr().out == '{\n  "名": "integer",\n  "at": "编号"\n}\n'


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), min_size=1), min_size=1))
def test_csv_read_again_is_what_was_listed_but_for_the_apostrophe(cells: list[str]) -> None:
    columns: list[Column[str]] = [Column(say("编号"), lambda cell: cell)]

    @click.command()
    def command() -> None:
        print_listing(cells, columns, "csv", as_json=str, empty=say("没有消息。"))

    read = [row[0] for row in csv.reader(io.StringIO(called(command).out, newline=""))][1:]
    for cell, got in zip(cells, read, strict=True):
        assert got in (cell, f"'{cell}")
        assert not got.startswith(("=", "+", "@", "\t")), json.dumps(got)
