"""The control-flow patterns that once could not be said, each played; and the page that lists all forty-three."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from bureau_factories import Bureau

from engine.definition.keywords import KEYS
from engine.definition.library import load_files
from engine.yamltext.problem import Severity

HERE = Path(__file__).parent
PATTERNS = HERE / "patterns"
DOCS = HERE.parents[1] / "docs" / "explanation"
#: The patterns the language had no words for.
ONCE_IMPOSSIBLE = {11, 18, 25, 26, 27, 29, 32, 35, 38, 39, 43}


def works(wanted: int, *parts: str) -> tuple[Bureau, str, dict[str, str]]:
    """Return a bureau in which works have begun: the case, and each job by its part."""
    names = ("works_order", "job", "works")
    bureau = Bureau(*((PATTERNS / f"{name}.yaml").read_text("utf-8") for name in names))
    case = bureau.start("works", section="north")
    bureau.take(case, "begin", "anna", {"wanted": wanted, "parts": [{"part": part} for part in parts]})
    return bureau, case, {str(job.fields["part"]): job.id for job in bureau.cases("job")}


def states(bureau: Bureau, jobs: dict[str, str]) -> dict[str, str]:
    return {part: bureau.state(job) for part, job in jobs.items()}


def test_the_definitions_are_sound() -> None:
    loaded = load_files({path.name: path.read_text("utf-8") for path in PATTERNS.glob("*.yaml")})
    assert [str(one) for one in loaded.problems if one.severity is Severity.ERROR] == []


def test_pattern_11_implicit_termination() -> None:
    bureau, case, jobs = works(0, "a", "b")
    bureau.take(jobs["a"], "finish")
    assert bureau.state(case) == "running"
    bureau.take(jobs["b"], "finish")
    assert (bureau.state(case), bureau.case(case).open) == ("done", False)


def test_pattern_18_milestone() -> None:
    bureau, case, jobs = works(-1, "a", "b")
    bureau.take(jobs["a"], "add")
    bureau.take(jobs["b"], "wait")
    assert bureau.state(jobs["b"]) == "waiting"
    bureau.take(case, "close_entries")
    assert bureau.no(jobs["a"], "add") == ["上级件已截止补报"]
    # A child that waits for the milestone to be over goes on at once.
    assert bureau.state(jobs["b"]) == "done"


def test_pattern_25_cancel_region() -> None:
    bureau, case, jobs = works(-1, "a", "b", "c")
    bureau.take(case, "cancel_region")
    assert states(bureau, jobs) == {"a": "doing", "b": "stopped", "c": "doing"}
    assert bureau.state(case) == "running"


def test_pattern_26_cancel_multiple_instance_activity() -> None:
    bureau, case, jobs = works(-1, "a", "b", "c")
    bureau.take(jobs["a"], "finish")
    bureau.take(case, "cancel_rest")
    assert states(bureau, jobs) == {"a": "done", "b": "stopped", "c": "stopped"}
    assert bureau.state(case) == "weighing"


def test_pattern_27_complete_multiple_instance_activity() -> None:
    bureau, case, jobs = works(-1, "a", "b")
    bureau.take(jobs["a"], "check")
    bureau.take(case, "complete_rest")
    assert states(bureau, jobs) == {"a": "done", "b": "done"}
    bureau.take(case, "close")
    assert bureau.state(case) == "done"


def joined(wanted: int) -> tuple[Bureau, str, dict[str, str]]:
    """Return works of which so many were wanted, when so many are done."""
    bureau, case, jobs = works(wanted, "a", "b", "c", "d")
    for part in ("c", "a", "d")[:wanted]:
        assert bureau.state(case) == "running"
        bureau.take(jobs[part], "finish")
    return bureau, case, jobs


def test_pattern_29_cancelling_discriminator() -> None:
    bureau, case, jobs = joined(1)
    assert states(bureau, jobs) == {"a": "stopped", "b": "stopped", "c": "done", "d": "stopped"}
    assert bureau.state(case) == "weighing"


def test_pattern_32_cancelling_partial_join() -> None:
    bureau, case, jobs = joined(2)
    assert states(bureau, jobs) == {"a": "done", "b": "stopped", "c": "done", "d": "stopped"}
    assert bureau.state(case) == "weighing"


def test_pattern_35_cancelling_partial_join_for_multiple_instances() -> None:
    bureau, case, jobs = works(3, "a", "b", "c")
    # One more is started while they run; three of the four are enough.
    more = bureau.start("job", parent=case, section="north")
    for one in (more, jobs["b"], jobs["a"]):
        assert bureau.state(case) == "running"
        bureau.take(one, "finish")
    assert (bureau.state(case), bureau.state(jobs["c"])) == ("weighing", "stopped")


def test_pattern_38_general_synchronising_merge() -> None:
    bureau, case, jobs = works(-1, "a", "b")
    bureau.take(jobs["a"], "check")
    bureau.take(jobs["b"], "finish")
    # One goes back in a loop: it can still come, so it is waited for.
    bureau.take(jobs["a"], "rework")
    bureau.take(jobs["a"], "check")
    assert bureau.state(case) == "running"
    bureau.take(jobs["a"], "finish")
    assert bureau.state(case) == "weighing"


def test_pattern_39_critical_section() -> None:
    bureau, _, jobs = works(-1, "a", "b")
    bureau.take(jobs["a"], "use")
    (sentence,) = bureau.no(jobs["b"], "use")
    assert "“设备”同时只办一件" in sentence
    bureau.take(jobs["a"], "release")
    bureau.take(jobs["b"], "use")


def test_pattern_43_explicit_termination() -> None:
    bureau, case, jobs = works(-1, "a", "b", "c")
    bureau.take(jobs["c"], "finish")
    bureau.take(case, "stop")
    assert states(bureau, jobs) == {"a": "stopped", "b": "stopped", "c": "done"}
    assert bureau.state(case) == "stopped"
    assert bureau.findings() == []


#: ``| 11 | name | direct | keys and words | process |``
ROW = re.compile(
    r"^\| (\d+) \| ([^|]+) \| (direct|dangerous|直接|危险) \| ([^|]+) \| (?:`(\w+)`|—) \|$", re.MULTILINE
)


@pytest.mark.parametrize("page", ["patterns.md", "patterns.zh-CN.md"])
def test_the_page_has_each_pattern_once_with_keys_that_exist(page: str) -> None:
    rows = ROW.findall((DOCS / page).read_text("utf-8"))
    assert [int(number) for number, *_ in rows] == list(range(1, 44))
    direct = [row for row in rows if row[2] in ("direct", "直接")]
    assert len(direct) >= 33
    # A key of the language first; a name of one's own is written in capitals, a word of expressions has a point.
    words = {word for *_, how, _ in direct for word in re.findall(r"`([a-z_]+)`", how)}
    assert words <= {*KEYS, "direct"}, words - KEYS.keys()
    assert all(re.search(r"`[a-z_]+", how) for *_, how, _ in direct)
    assert {int(number) for number, *_ in direct} >= ONCE_IMPOSSIBLE
    # Each that is direct is played, in the process the page names; one that is dangerous has no process.
    assert {int(number) for number, *_ in direct} == played("test_patterns.py") | played(
        "test_usual_patterns.py"
    )
    processes = {path.stem for path in PATTERNS.glob("*.yaml")}
    assert all((process in processes) == (row in direct) for row in rows for process in row[4:])


def played(file: str) -> set[int]:
    """Return the numbers of the patterns the tests of a file play."""
    tree = ast.parse((HERE / file).read_text("utf-8"))
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {int(found[1]) for name in names if (found := re.match(r"test_pattern_(\d+)_", name))}


def test_each_that_was_impossible_is_played_here() -> None:
    assert played("test_patterns.py") == ONCE_IMPOSSIBLE
