"""``ssj paper``: numbers by the series, out of order and void, each shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from command_fixtures import done, ssj

from engine.app.history.journal import add_entry
from engine.app.ports.papers import PaperFact, PaperRecord, PaperState
from engine.deployment.clocks import SystemClock
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store


@pytest.fixture
def approved(home: Path) -> Path:
    """Two circulars that are approved, which the shipped series numbers."""
    for _ in range(2):
        done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    template = home / "forms" / "templates" / "supervision_circular.html"
    template.write_text("<p>{{ number }} {{ dated | day }} {{ internal }}</p>\n", encoding="utf-8")
    now = SystemClock().now() - timedelta(days=1)
    store = open_deployment_store(find_home(str(home)))
    with store.write() as transaction:
        add_entry(transaction, now, "drafted", "leading", {})
        for case in ("batch-1", "batch-2"):
            fact = PaperFact(PaperState.DRAFTED, now.date(), now, "leading")
            transaction.papers.put(
                PaperRecord(
                    id=f"{case}/supervision_circular/1",
                    case=case,
                    kind="supervision_circular",
                    document="",
                    facts=(fact, replace(fact, state=PaperState.APPROVED)),
                )
            )
    store.close()
    return home


def test_a_number_out_of_order_and_a_void_one_are_shown(approved: Path, tmp_path: Path) -> None:
    paper = "batch-1/supervision_circular/1"
    said = done(
        "paper",
        "number",
        paper,
        "--number",
        3,
        "--reason",
        "停电时手工编号",
        "--as",
        "leading",
        home=approved,
    )
    assert said.out.startswith(f"{paper}\t示人社通报〔")
    assert said.out.endswith("〕3号\tnumbered\n")
    number = said.out.split("\t")[1]
    done("paper", "sign", paper, "--note", "盖章", "--as", "leading", home=approved)
    done("paper", "serve", paper, "--as", "leading", home=approved)
    void = ("paper", "void", number, "--reason", "印错", "--as", "leading")
    waits = ssj(*void, home=approved)
    assert (waits.code != 0, "已提请（proposal-1），待deputy、head确认" in waits.err) == (True, True)
    done("proposal", "confirm", "proposal-1", "--as", "deputy", home=approved)
    done(*void, home=approved)
    rows = done("paper", "series", "--json", home=approved).json()
    assert [(row["number"], row["status"], row["out_of_order"], row["reason"]) for row in rows] == [
        (1, "open", False, None),
        (2, "open", False, None),
        (3, "void", True, "印错"),
    ]
    assert [line.split("\t")[1] for line in done("paper", "series", home=approved).out.splitlines()] == [
        "空号",
        "空号",
        "作废",
    ]
    # Besides the list each fault of order is a sentence of its own.
    faults = done("paper", "series", home=approved).err
    assert "空号 2 个：" in faults
    assert f"{number} 不按次序给出；理由：印错" in faults
    shown = done("paper", "show", number, home=approved).out.splitlines()
    assert [line.split("\t")[0] for line in shown[1:]] == [
        "drafted",
        "approved",
        "numbered",
        "signed",
        "served",
        "void",
    ]
    row, notice = done("paper", "list", "batch-1", "--json", home=approved).json()
    assert (row["number"], row["state"]) == (number, "void")
    # It was served: whoever has it is to be told, by a paper that has its own number.
    assert (notice["kind"], notice["state"], notice["number"]) == ("void_notice", "approved", None)
    file = tmp_path / "circular.html"
    done("document", "save", row["document"], file, home=approved)
    assert number in file.read_text("utf-8")
    done("audit", "verify", home=approved)


def test_the_next_number_is_the_open_one_and_a_used_one_is_refused(approved: Path) -> None:
    first, second = (f"batch-{n}/supervision_circular/1" for n in (1, 2))
    words = ("--reason", "手工", "--as", "leading")
    done("paper", "number", first, "--number", 2, *words, home=approved)
    taken = ssj("paper", "number", second, "--number", 2, *words, home=approved)
    assert (taken.code, "已用过" in taken.err) == (1, True)
    done("paper", "number", second, "--number", 1, *words, home=approved)
    rows = done("paper", "series", "--json", home=approved).json()
    assert [(row["number"], row["out_of_order"]) for row in rows] == [(1, False), (2, True)]
    done("paper", "number", second, "--number", 5, *words, home=approved)
    rows = done("paper", "series", "--json", home=approved).json()
    assert [(row["number"], row["status"]) for row in rows] == [
        (1, "void"),
        (2, "given"),
        (3, "open"),
        (4, "open"),
        (5, "given"),
    ]
    done("paper", "sign", second, "--as", "leading", home=approved)
    again = ssj("paper", "number", second, "--number", 6, *words, home=approved)
    assert (again.code, "已经签署，文号不能再换" in again.err) == (1, True)


def test_whoever_may_not_is_refused(approved: Path) -> None:
    paper = "batch-1/supervision_circular/1"
    assert ssj("paper", "void", paper, "--reason", "误", "--as", "insp-01", home=approved).code == 1
    assert ssj("paper", "void", "nothing", "--reason", "误", "--as", "leading", home=approved).code == 1
    assert ssj("paper", "show", "nothing", home=approved).code == 1
    assert ssj("paper", "list", "batch-9", home=approved).code == 1
