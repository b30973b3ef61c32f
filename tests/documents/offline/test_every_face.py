"""The base form and the forms of all items, filled in by one scripted person on every face: one and the same stored data."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import chromium
import click
import pytest
from document_material import definitions, inspection
from kit_material import NOON

from engine.app.queries.papers.offline import OfflineForms, OfflineStep
from engine.app.worklist.form_setting import FormSetting
from engine.cli.cases.answers.form_interview import FormInterview
from engine.documents.offline.kit import kit_page
from engine.documents.offline.record import read_record
from engine.lifecycle.forms.answers import read_answers
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.web.forms.answers import answers_of
from engine.web.forms.filled import typed_of

ZONE = ZoneInfo("Asia/Shanghai")
PEOPLE = {"P01": "检查员甲", "P02": "检查员乙"}
#: What the scripted person answers where the type of a question does not say it.
SAID: Mapping[str, Any] = {
    "visited_on": "2024-09-18",
    "arrived_at": "2024-09-18T09:30:00+08:00",
    "left_at": "2024-09-18T11:00:00+08:00",
    "finished_on": "2024-09-18",
    "signed_on": "2024-09-18",
    "recusal_asked": "false",
    "object_signed": "true",
    "record": "<script>alert(1)</script>\n第二行",
}
SCOPE = {"today": "2026-03-02", "case": {"fields": {}}}


@cache
def forms() -> tuple[Form, tuple[Form, ...]]:
    """Return the shipped base form and the shipped forms of items."""
    known = definitions()[0]["inspection"].forms
    names = ("employment_check", "hr_agency_check", "dispatch_check", "training_school_check")
    return known["onsite_check"], tuple(known[name] for name in names)


def answer(asked: Field) -> Any:
    """Return an answer to a question by its type, as a file states it."""
    if asked.name in SAID:
        return SAID[asked.name]
    match asked.type:
        case FieldType.CHOICES:
            return [next(iter(asked.choices))]
        case FieldType.CHOICE:
            return next(iter(asked.choices))
        case FieldType.PERSONS:
            return ["P01", "P02"]
        case FieldType.LIST:
            return ["甲项", "乙项"]
        case FieldType.BOOLEAN:
            return "true"
        case FieldType.INTEGER:
            return "3"
        case FieldType.DECIMAL | FieldType.MONEY:
            return "1000"
        case FieldType.DATE:
            return "2024-09-18"
        case FieldType.FILES:
            return None
        case _:
            return "示例内容"


def of_form(form: Form) -> dict[str, Any]:
    found = {
        asked.name: value
        for asked in form.fields
        if asked.answered and asked.relevant is None and (value := answer(asked)) is not None
    }
    if form.rows:
        rows = {row.id: {"answer": "pass"} for row in form.rows}
        rows[form.rows[0].id] = {"answer": "fail", "note": "两人没有书面合同"}
        found["rows"] = rows
    return found


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
    lines = _typed_lines(base, items, answers)
    monkeypatch.setattr(click, "prompt", lambda *_, **__: next(lines))
    monkeypatch.setattr(click, "echo", lambda *_, **__: None)
    interview.ask()
    return asked


def _typed_lines(base: Form, items: tuple[Form, ...], answers: Mapping[str, Any]) -> Iterator[str]:
    for form, given in ((base, answers), *((item, answers["items"][item.id]) for item in items)):
        for row in form.rows:
            yield given["rows"][row.id]["answer"]
            if given["rows"][row.id]["answer"] == "fail":
                yield given["rows"][row.id].get("note", "")
        for one in form.fields:
            if not one.answered or (one.relevant is not None and one.name not in given):
                continue
            value = given.get(one.name, "")
            yield "、".join(value) if isinstance(value, list) else str(value)


def by_the_page(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a page without a script hands in: names and texts."""
    base, items = forms()
    return answers_of(base, items, typed_of(base, items, answers, ZONE), ZONE)


def test_terminal_page_and_file_are_stored_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = stored(in_a_file())
    assert len(kept["items"]) == 4
    assert kept["problem_count"] == 4
    assert stored(by_the_page(in_a_file())) == kept
    assert stored(on_the_terminal(in_a_file(), monkeypatch)) == kept


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


def fill_in(page: Any, form: Form, given: Mapping[str, Any]) -> None:
    """Tap and type the answers of one form."""
    for row in form.rows:
        word = {"pass": "符合", "fail": "不符合"}[given["rows"][row.id]["answer"]]
        box = page.locator(f"[data-name='{form.id}.rows.{row.id}']")
        box.locator(".options label").get_by_text(word, exact=True).click()
        if note := given["rows"][row.id].get("note"):
            box.locator("input:not([type=radio]):not([type=checkbox]), textarea").first.fill(note)
    for asked in form.fields:
        value = given.get(asked.name)
        if value is None:
            continue
        box = page.locator(f"[data-name='{form.id}.{asked.name}']")
        match asked.type:
            case FieldType.BOOLEAN:
                word = "是" if value == "true" else "否"
                box.locator(".options label").get_by_text(word, exact=True).click()
            case FieldType.CHOICES | FieldType.CHOICE | FieldType.PERSONS:
                names = {**PEOPLE, **asked.choices}
                for code in value if isinstance(value, list) else [value]:
                    box.locator(".options label").get_by_text(names[code], exact=True).click()
            case FieldType.DATETIME:
                box.locator("input").first.fill(value[:16])
            case FieldType.LIST:
                box.locator("textarea").first.fill("\n".join(value))
            case _:
                box.locator("input, textarea").first.fill(value)


@pytest.mark.browser
@pytest.mark.skipif(chromium.find() is None, reason="no Chromium on this machine")
def test_the_offline_kit_stores_the_same(tmp_path: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    file = tmp_path / "kit.html"
    file.write_bytes(kit())
    base, items = forms()
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=["--no-sandbox"] if root else []
        )
        page = browser.new_context(viewport={"width": 360, "height": 740}, accept_downloads=True).new_page()
        page.goto(file.as_uri())
        answers = in_a_file()
        for form, given in ((base, answers), *((item, answers["items"][item.id]) for item in items)):
            fill_in(page, form, given)
        with page.expect_download() as download:
            page.click("#save")
        record = read_record(Path(download.value.path()).read_bytes())
        # Each rule says the same sentence on the phone.
        for broken, said in BROKEN[:2]:
            ((name, value),) = broken.items()
            page.locator(f"[data-name='onsite_check.{name}'] input").first.fill(value)
            assert said in page.inner_text(f"[data-name='onsite_check.{name}']")
        browser.close()
    assert stored(record.answers) == stored(answers)
