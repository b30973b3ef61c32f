"""``ssj case``: started, found, read."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from command_fixtures import called, ssj

from engine.cli.cases.case import group

AS = ("--as", "leading")


@pytest.fixture
def started(home: Path) -> Path:
    assert called(group, "start", "batch", "--title", "示例期", *AS, home=home).out.startswith("batch-1\t")
    return home


def test_starting_is_tried_done_once_and_refused(home: Path) -> None:
    words = ("start", "batch", "--title", "示例期")
    assert called(group, *words, *AS, "--dry-run", home=home).out.startswith("batch-1\t")
    assert called(group, "list", home=home).err == "没有符合条件的案件。\n"
    first = called(group, *words, *AS, "--request-id", "r", home=home)
    again = called(group, *words, *AS, "--request-id", "r", home=home)
    assert (again.out, again.err) == (first.out, "该请求此前已办理，未重复办理。\n")
    assert called(group, *words, "--as", "nobody", home=home).code == 1
    assert called(group, "start", "no_such", "--title", "x", *AS, home=home).code == 1
    about = called(group, *words, "--about", "objects:nothing", *AS, home=home)
    assert (about.code, about.err) == (2, "名录“objects”中没有“nothing”\n")
    assert called(group, *words, "--form", "absent.yaml", *AS, home=home).code == 2


def test_cases_are_found_by_what_they_are(started: Path) -> None:
    (row,) = called(group, "list", "--workflow", "batch", "--open", "--json", home=started).json()
    assert (row["id"], row["workflow"], row["title"], row["closed_at"]) == (
        "batch-1",
        "batch",
        "示例期",
        None,
    )
    assert called(group, "list", home=started).out == f"batch-1\t{row['state']}\t示例期\n"
    assert called(group, "list", "--state", row["state"], home=started).out != ""
    for words in (["--closed"], ["--parent", "batch-1"], ["--section", "market"]):
        assert called(group, "list", *words, "--json", home=started).json() == []
    for words in (["--parent", "x"], ["--section", "x"], ["--state", "x"], ["--workflow", "x"]):
        unknown = ssj("case", "list", *words, "--json", home=started)
        assert (unknown.code, unknown.out) == (1, "")
        assert "“x”" in unknown.err


def test_a_case_is_shown_with_its_history_and_tree(started: Path) -> None:
    shown = called(group, "show", "batch-1", "--json", home=started).json()
    assert (shown["case"], shown["fields"]) == ("batch-1", {})
    assert "batch-1" in called(group, "show", "batch-1", home=started).out
    (event,) = called(group, "history", "batch-1", "--json", home=started).json()
    assert (event["seq"], event["actor"], event["kind"]) == (1, "leading", "started")
    line = called(group, "history", "batch-1", home=started).out.rstrip("\n").split("\t")
    assert (line[0], line[2], line[3], line[6]) == ("1", "leading", "started", event["hash"][:12])
    state = called(group, "list", "--json", home=started).json()[0]["state"]
    assert called(group, "tree", "batch-1", home=started).out == f"batch-1\t{state}\t示例期\n"
    assert called(group, "tree", "batch-1", "--json", home=started).json() == [
        {"depth": 0, **called(group, "list", "--json", home=started).json()[0]}
    ]
    headings = {"history": "序号,时间,谁,种类,事项,环节,摘要", "tree": "层,案件,环节,名称"}
    for word, heading in headings.items():
        rows = list(
            csv.reader(called(group, word, "batch-1", "--format", "csv", home=started).out.splitlines())
        )
        assert rows[0] == heading.split(",")
        assert len(rows) == 2
        assert "batch-1" in rows[1] or event["hash"][:12] in rows[1]
        table = called(group, word, "batch-1", "--format", "table", home=started).out
        assert all(cell in table for cell in rows[1])
    for word in ("show", "history", "tree"):
        absent = called(group, word, "batch-7", home=started)
        assert (absent.code, absent.out) == (1, "")
