"""The year in English: what the command line says of the demonstration's cases holds no Chinese title, step or answer to choose."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from acceptance_fixtures import run

from engine.language.catalogue import SHIPPED_PO, read
from tests.demonstration import demonstration

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = {text for text, english in read(SHIPPED_PO).items() if english != text and len(text) > 1}
#: Of what is in the middle of other words only what is this long is taken for a text of a definition.
LONG = 5
#: What the people of the demonstration have typed, a row they have put at the end of a form, what cases, people and firms
#: are called, and the numbers of papers.
TYPED = re.compile(
    r"（演示）|示例|第[一二三四]期|最低工资标准告知劳动者|最低工资标准发布后|最低工资规定|2024年度|（2024年）|检查人员\d|证据\d|材料\d|依据\d|示人社|执法人员\d|法定代表人\d"
)
#: What the register calls the items of inspections: it is entered by the bureau, and some of it has words of a definition in it.
ITEMS = [
    item["name"]
    for item in yaml.safe_load((ROOT / "engine/synthetic/samples/items.yaml").read_text("utf-8"))["items"]
]
SPLIT = re.compile(r"\t|: | \(|\)|, |; ")
CHIEF = ("--as", "chief-labour_inspection")
CASES = (
    "annual_plan-1",
    "batch-1",
    "callback-1",
    "criminal_referral-1",
    "follow_up-5",
    "inspection-1",
    "library_section-1",
    "library_year-1",
    "referral-1",
    "section_opinion-1",
    "supervision-1",
    "training-1",
)
COMMANDS = [
    *(("case", "show", case, *CHIEF) for case in CASES),
    *(("case", "history", case, *CHIEF) for case in CASES),
    ("form", "list"),
    ("form", "show", "employment_check"),
    ("form", "preview", "onsite_check"),
    *(("workflow", "show", name) for name in ("inspection", "penalty", "batch")),
    ("report", "kpi", "--year", "2024"),
    ("report", "supervision", "--year", "2024"),
    ("report", "progress", "--year", "2024"),
    ("archive", "check", "inspection-1"),
    ("register", "show", "objects", "91990102MA6TF66004"),
    ("register", "expiring", "inspectors"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demonstration(tmp_path_factory) / "demo"


def without_items(line: str) -> str:
    """Return a line without what the register calls items."""
    for title in ITEMS:
        line = line.replace(title, "")
    return line


def left_in_chinese(said: str) -> list[str]:
    """Return the lines that are, or hold, a text of the shipped definitions in Chinese."""
    return [
        line
        for line in said.splitlines()
        if any(
            part in SHIPPED or any(len(one) >= LONG and one in part for one in SHIPPED)
            for part in SPLIT.split(without_items(line))
            if not TYPED.search(part)
        )
    ]


def test_the_commands_of_a_year_speak_english(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSJ_LANG", "en")
    left = {}
    for words in COMMANDS:
        said = run("--home", str(home), *words)
        assert said.code == 0, said.err
        if lines := left_in_chinese(said.out):
            left[" ".join(words)] = lines
    assert left == {}


def test_in_chinese_they_are_what_they_were(home: Path) -> None:
    """The same lines in Chinese hold those texts, so that the look above is a look."""
    assert len(left_in_chinese(run("--home", str(home), "case", "show", "inspection-1", *CHIEF).out)) > 20
