"""A section's own process in both languages: every face shows what its file says in English, to whoever reads English.

What is kept, sent and printed stays Chinese: stored tasks, histories, messages, papers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from acceptance_fixtures import CHIEF, SECTION, ZONE, Bureau, open_bureau
from workbench_fixtures import Desk, client_of

from engine.deployment.entropy import SystemEntropy
from engine.web.workbench import Workbench

FLOW = """\
workflow: hall
title: 大厅预约
about: none
initial: asked
start: {by: section_chief}
parties: {visitor: 预约人}
states:
  asked: {title: 待安排窗口, for: section_chief, help: 先看当天人数, deadline: {2 working days: suggested}}
  given: {title: 已安排窗口, final: true}
transitions:
  - do: give
    title: 安排窗口
    from: asked
    to: given
    form: hall_window
    require:
      - {that: form.number <= 9, else: 大厅只有九个窗口, basis: 本局内部控制要求}
english:
  大厅预约: Hall appointment
  预约人: Visitor
  待安排窗口: Counter to be given
  先看当天人数: Look at the day's numbers first
  已安排窗口: Counter given
  安排窗口: Give a counter
  大厅只有九个窗口: The hall has nine counters
  本局内部控制要求: Rules of the bureau
"""
FORM = """\
form: hall_window
title: 窗口安排单
fields:
  - number: {title: 窗口号数, type: integer, help: 写在窗口上方的数}
  - kind: {title: 窗口种类, choices: {quick: 快办窗口, plain: 综合窗口}}
english:
  窗口安排单: Slip of a counter
  窗口号数: Number of the counter
  写在窗口上方的数: The number above the counter
  窗口种类: Kind of counter
  快办窗口: Quick counter
  综合窗口: General counter
"""
OWN = re.compile("大厅|窗口|预约人|先看|本局内部")


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bureau, str]]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SSJ_LANG", "zh_CN")
        bureau = open_bureau(tmp_path_factory.mktemp("own"), patched, "2024-03-04")
        (bureau.home / "workflows" / "hall.yaml").write_text(FLOW, encoding="utf-8")
        (bureau.home / "forms" / "hall_window.yaml").write_text(FORM, encoding="utf-8")
        bureau.done("workflow", "publish", "--as", "leading")
        started = bureau.done("case", "start", "hall", "--title", "A-17", "--section", SECTION, "--as", CHIEF)
        yield bureau, started.split("\t")[0]


def test_the_command_line_shows_it_in_the_language_of_the_viewer(
    bureau: tuple[Bureau, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, case = bureau
    monkeypatch.setenv("SSJ_LANG", "en")
    looked = {
        words: desk.done(*words)
        for words in (
            ("task", "list", "--as", CHIEF),
            ("task", "show", case, "--as", CHIEF),
            ("case", "show", case, "--as", CHIEF),
            ("case", "list", "--workflow", "hall", "--as", CHIEF),
            ("case", "history", case, "--as", CHIEF),
            ("workflow", "show", "hall"),
            ("workflow", "list"),
            ("form", "show", "hall_window"),
            ("form", "preview", "hall_window"),
        )
    }
    left = {words: [line for line in said.splitlines() if OWN.search(line)] for words, said in looked.items()}
    assert {words: lines for words, lines in left.items() if lines} == {}
    assert "Counter to be given" in looked["task", "list", "--as", CHIEF]
    assert "Give a counter" in looked["task", "show", case, "--as", CHIEF]
    assert "Quick counter" in looked["form", "preview", "hall_window"]
    refused = desk.advance(case, "give", CHIEF, {"number": 12, "kind": "quick"})
    assert refused.code == 1
    assert "The hall has nine counters" in refused.err
    assert not OWN.search(refused.err)
    monkeypatch.setenv("SSJ_LANG", "zh_CN")
    assert "待安排窗口" in desk.done("task", "list", "--as", CHIEF)
    assert "大厅只有九个窗口" in desk.advance(case, "give", CHIEF, {"number": 12, "kind": "quick"}).err


def test_pages_show_it_in_the_language_of_the_viewer(bureau: tuple[Bureau, str]) -> None:
    desk, case = bureau
    application = desk.application()
    application.entropy = SystemEntropy.take
    try:
        bench = Workbench(application, Path("/nonexistent"), ZONE)
        seated = Desk(_Office(application), bench, client_of(bench))  # type: ignore[arg-type] # a desk asks for its application alone
        seated.sign_in(CHIEF)
        pages = ("/", f"/cases/{case}", f"/cases/{case}/steps/give", "/cases?workflow=hall")
        chinese = {page: seated.get(page).text for page in pages}
        assert "待安排窗口" in chinese["/"]
        seated.get("/?language=en")
        english = {page: seated.get(page).text for page in pages}
        assert {page: OWN.findall(text) for page, text in english.items() if OWN.search(text)} == {}
        assert "Counter to be given" in english["/"]
        assert "Number of the counter" in english[f"/cases/{case}/steps/give"]
    finally:
        application.store.close()


def test_what_is_kept_stays_chinese(bureau: tuple[Bureau, str], monkeypatch: pytest.MonkeyPatch) -> None:
    desk, case = bureau
    monkeypatch.setenv("SSJ_LANG", "en")
    application = desk.application()
    try:
        with application.store.read() as transaction:
            assert {task.title for task in transaction.tasks.of_case(case)} == {"待安排窗口"}
    finally:
        application.store.close()
    assert all("ounter" not in text for text in desk.messages(CHIEF))
    # A refusal is entered as it was said to whoever was refused.
    entered = [event for event in desk.history(case) if event["kind"] != "refused"]
    assert "ounter" not in str(entered)


class _Office:
    """What a desk asks of its bureau."""

    def __init__(self, application: object) -> None:
        self.application = application
