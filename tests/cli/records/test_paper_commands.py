"""The commands of ``ssj paper`` one by one, on a deployment that has given no number."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from command_fixtures import called, done

from engine.cli.records.paper import list_papers, number, series, serve, show, sign, void

WHO = ("--as", "leading")


def test_a_case_without_papers_and_series_without_numbers_say_so(home: Path) -> None:
    done("case", "start", "batch", "--title", "示例期", *WHO, home=home)
    said = called(list_papers, "batch-1", home=home)
    assert (said.code, said.out) == (0, "")
    assert "“batch-1”还没有文书" in said.err
    assert called(list_papers, "batch-1", "--json", home=home).json() == []
    assert "还没有给过文号" in called(series, home=home).err
    assert called(series, "--year", 2026, "--json", home=home).json() == []


def test_a_paper_that_is_not_there_is_refused(home: Path) -> None:
    assert called(show, "nothing", home=home).code == 1
    for command, words in (
        (sign, ()),
        (serve, ("--on", "2026-03-02")),
        (void, ("--reason", "误")),
        (number, ("--number", 1, "--reason", "手工")),
    ):
        assert called(command, "nothing", *words, *WHO, home=home).code == 1


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (number, ("--number", 0, "--reason", "手工")),
        (number, ("--number", 1)),
        (void, ()),
        (sign, ("--on", "昨天")),
        (series, ("--year", 0)),
    ],
)
def test_what_is_typed_wrong_is_no_call(command: click.Command, words: tuple[object, ...]) -> None:
    paper = () if command is series else ("a",)
    assert called(command, *paper, *words).code == 2
