"""The base form and the forms of all items, filled in by one scripted person on every face: one and the same stored data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import chromium
import click
import pytest
from document_factories import definitions, inspection
from kit_factories import NOON
from scripted_person import PEOPLE, ZONE, fill_in, of_form, typed_lines
from terminal_person import END, ENTER, TAKES_KEYS, Terminal

from engine.app.queries.papers.offline import OfflineForms, OfflineStep
from engine.app.worklist.form_setting import FormSetting
from engine.cli.cases.answers.form_interview import FormInterview
from engine.documents.offline.kit import kit_page
from engine.documents.offline.record import read_record
from engine.lifecycle.expressions.expression import ZONE as ZONE_OF_BUREAU
from engine.lifecycle.forms.answers import read_answers
from engine.lifecycle.model.form import Form
from engine.web.forms.answers import answers_of
from engine.web.forms.filled import typed_of

SCOPE = {"today": "2026-03-02", "case": {"fields": {}}, ZONE_OF_BUREAU: ZONE}


@cache
def forms() -> tuple[Form, tuple[Form, ...]]:
    """Return the shipped base form and the shipped forms of items."""
    known = definitions()[0]["inspection"].forms
    names = ("employment_check", "hr_agency_check", "dispatch_check", "training_school_check")
    return known["onsite_check"], tuple(known[name] for name in names)


@cache
def in_a_file() -> dict[str, Any]:
    """Return the answers as ``--form`` takes them."""
    base, items = forms()
    return {**of_form(base), "items": {item.id: of_form(item) for item in items}}


def stored(answers: Mapping[str, Any]) -> dict[str, Any]:
    base, items = forms()
    kept, problems = read_answers(base, items, answers, SCOPE)
    assert [str(problem) for problem in problems] == []
    return kept


def on_the_terminal(answers: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Type the answers question by question; return what is handed in."""
    base, items = forms()
    asked: dict[str, Any] = {}
    interview = FormInterview(base, items, SCOPE, {}, frozenset(), asked, lambda _: None)
    lines = typed_lines(base, items, answers)
    monkeypatch.setattr(click, "prompt", lambda *_, **__: next(lines))
    monkeypatch.setattr(click, "echo", lambda *_, **__: None)
    interview.ask()
    return asked


#: Asks the same on a terminal, in a process of its own, and prints what would be handed in.
ASKING = """
import json
from test_every_face import SCOPE, forms
from engine.cli.cases.answers.form_interview import FormInterview
from engine.cli.console import consoles
base, items = forms()
with consoles():
    interview = FormInterview(base, items, SCOPE, {}, frozenset(), {}, lambda _: None)
    interview.ask()
    print(json.dumps(interview.answers))
"""


def at_a_terminal(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Press the keys of the answers question by question at a terminal; return what is handed in."""
    base, items = forms()
    with Terminal(["-W", "error", "-c", ASKING]) as terminal:
        for line in typed_lines(base, items, answers):
            terminal.waits(TAKES_KEYS)
            several = "写完按 Ctrl+D" in terminal.waits(":")
            terminal.press(line.replace("\n", ENTER) + (END if several and line else ENTER))
        code, out, shown = terminal.ended()
    assert code == 0, shown
    found: dict[str, Any] = json.loads(out)
    return found


def by_the_page(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a page without a script hands in: names and texts."""
    base, items = forms()
    return answers_of(base, items, typed_of(base, items, answers, ZONE))


def test_terminal_page_and_file_are_stored_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = stored(in_a_file())
    assert len(kept["items"]) == 4
    assert kept["problem_count"] == 4
    assert stored(by_the_page(in_a_file())) == kept
    assert stored(on_the_terminal(in_a_file(), monkeypatch)) == kept


def test_a_text_of_several_lines_and_longer_than_a_terminal_hands_over_is_stored_whole() -> None:
    answers = {**in_a_file(), "record": "上午九时到达。\n\n不符合\ny\n" + "字" * 6_000}
    assert stored(at_a_terminal(answers)) == stored(answers)


#: An answer that breaks one rule, and what is said of it.
BROKEN = (
    ({"visited_on": "2999-01-01"}, "检查日期不能晚于今天"),
    ({"finished_on": "2999-01-01"}, "检查完成日期不能晚于今天"),
    ({"finished_on": "2024-09-17"}, "检查完成日期不能早于检查日期"),
    ({"left_at": "2024-09-18T09:00:00+08:00"}, "结束时刻应晚于开始时刻"),
    ({"signed_on": "2024-09-17"}, "签字日期不能早于检查日期"),
    ({"staff": "-1"}, "职工人数"),
    ({"staff": "三"}, "应为整数"),
    ({"certificate_numbers": ["一"]}, "出示的证件号"),
)


@pytest.mark.parametrize(("broken", "said"), BROKEN)
def test_each_rule_refuses_with_its_own_sentence_on_every_face(
    broken: Mapping[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, items = forms()
    answers = {**in_a_file(), **broken}
    faces = (answers, by_the_page(answers), on_the_terminal(answers, monkeypatch))
    told = [[str(one.message) for one in read_answers(base, items, face, SCOPE)[1]] for face in faces]
    assert any(said in sentence for sentence in told[0])
    assert told[1] == told[0]
    assert told[2] == told[0]


def kit() -> bytes:
    base, items = forms()
    step = OfflineStep("finish_visit", "完成检查", base, list(items), FormSetting({}, {}, frozenset()))
    return kit_page(OfflineForms(replace(inspection()), [step], PEOPLE, "P01", NOON, "+08:00"))


@pytest.mark.browser
@pytest.mark.skipif(chromium.find() is None, reason="no Chromium on this machine")
def test_the_offline_kit_stores_the_same(tmp_path: Path) -> None:
    file = tmp_path / "kit.html"
    file.write_bytes(kit())
    base, items = forms()
    with chromium.opened() as browser:
        page = browser.new_context(viewport={"width": 360, "height": 740}, accept_downloads=True).new_page()
        page.goto(file.as_uri())
        answers = in_a_file()
        for form, given in ((base, answers), *((item, answers["items"][item.id]) for item in items)):
            fill_in(page, form, given)
        with page.expect_download() as download:
            page.click("#save")
        record = read_record(Path(download.value.path()).read_bytes())
        # Each rule says the same sentence on the phone.
        for broken, said in BROKEN:
            fill_in(page, base, broken)
            assert said in page.inner_text("body"), said
            fill_in(page, base, {name: answers[name] for name in broken})
            assert page.locator(".wrong:visible").count() == 0
    assert stored(record.answers) == stored(answers)
