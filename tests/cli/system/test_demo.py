"""``ssj demo``: what ends it before it begins, and how its summary and its stops are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command_fixtures import called

from engine.cli.system import demo as demo_module
from engine.cli.system.demo import demo
from engine.demo.people import DemoStuckError
from engine.demo.run_state import DemoInUseError
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say

COUNTS = [
    "days",
    "objects",
    "covered",
    "drawn",
    "drawn_by_risk",
    "inspected",
    "published",
    "published_on_time",
    "follow_ups",
    "referrals",
    "criminal_referrals",
    "callbacks",
    "replaced_inspectors",
    "reminders",
    "overdue",
    "escalations",
    "notifications",
    "refused",
    "cases",
    "open",
    "events",
]
FOUND: dict[str, Any] = {name: number for number, name in enumerate(COUNTS, 101)} | {
    "targets": {"coverage": "5%"}
}
STUCK = Refusal(None, "", (RefusalReason("x", say("没有可抽的对象")),))


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    said = called(demo, tmp_path)
    assert (said.code, said.out) == (2, "")
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


def test_a_register_that_is_none_is_refused(tmp_path: Path) -> None:
    assert called(demo, tmp_path / "demo", "--objects", tmp_path / "absent.csv").code == 2
    file = tmp_path / "objects.csv"
    file.write_text("甲,乙\n1,2\n", encoding="utf-8")
    said = called(demo, tmp_path / "demo", "--objects", file)
    assert (said.code, said.out) == (1, "")


@pytest.mark.parametrize(
    ("raised", "code", "told"),
    [
        (DemoStuckError("batch-1", STUCK, few=True), 1, "请给 60 户以上的名录"),
        (DemoStuckError("batch-1", STUCK), 1, "演示在“batch-1”停住了：没有可抽的对象\n"),
        (DemoInUseError(Path("there")), 3, "“there”中的演示正由另一个进程走着"),
    ],
)
def test_what_stops_it_is_told(
    raised: Exception, code: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stops(*_: object) -> None:
        raise raised

    monkeypatch.setattr("engine.demo.set_up.run_demo", stops)
    said = called(demo, tmp_path / "demo")
    assert (said.code, told in said.err) == (code, True)


def test_the_summary_is_told_or_printed_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def runs(directory: Path, objects: Path | None, seed: str, tell: Any) -> None:
        assert (directory, objects, seed) == (tmp_path, None, "7")
        tell(FOUND, [say("没有消息。")])

    monkeypatch.setattr("engine.demo.set_up.run_demo", runs)
    said = called(demo, tmp_path, "--seed", "7")
    assert said.err == "没有消息。\n"
    assert all(str(FOUND[name]) in said.out for name in COUNTS if name not in ("covered", "drawn_by_risk"))
    assert "目标 5%" in said.out
    assert "目标 -" in said.out
    assert f"ssj --home {tmp_path} audit verify" in said.out
    assert called(demo, tmp_path, "--seed", "7", "--json").json() == FOUND
    assert str(demo_module.__doc__).startswith("``ssj demo``")
