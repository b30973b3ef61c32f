"""The base form of a visit and the form of its item, filled in by one scripted person on every face: one stored record.

Each face works on a copy of one deployment, in which a drawn inspection waits for its visit.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import chromium
import pytest
from acceptance_fixtures import Bureau, copy_of, open_bureau, to_the_visit
from people_at_pages import PersonAtPages
from scripted_person import ZONE, fill_in, of_form, typed_lines

from engine.app.commands.sign_in.web_sessions import make_set_up_link
from engine.app.queries.cases import show_case
from engine.cli.system.serve import workbench_of
from engine.deployment.home import find_home
from engine.deployment.open import open_application
from engine.kernel.refusal import Refusal
from engine.lifecycle.forms.personal import read_back
from engine.lifecycle.model.form import FieldType, Form
from engine.web.forms.filled import typed_of
from tests.made_once import made_once

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium on this machine"),
]
CASE, STEP, ITEM = "inspection-1", "finish_visit", "employment_check"
#: An answer that breaks one rule of the base form or of the item's form, and what is said of it.
BROKEN: tuple[tuple[Mapping[str, Any], str], ...] = (
    ({"visited_on": "2999-01-01"}, "检查日期不能晚于今天"),
    ({"finished_on": "2999-01-01"}, "检查完成日期不能晚于今天"),
    ({"finished_on": "2024-09-17"}, "检查完成日期不能早于检查日期"),
    ({"left_at": "2024-09-18T09:00:00+08:00"}, "结束时刻应晚于开始时刻"),
    ({"signed_on": "2024-09-17"}, "签字日期不能早于检查日期"),
    ({"staff": "-1"}, "职工人数"),
    ({"certificate_numbers": ["一"]}, "出示的证件号"),
    ({"items": {ITEM: {"contracts_signed": "4"}}}, "已签劳动合同人数不能多于应签人数"),
)


def _prepare(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        bureau = open_bureau(folder, patch, "2024-09-09")
        settings = bureau.home / "settings.yaml"
        # Nobody cuts the power of a test; waiting for the disk would be most of its time.
        settings.write_text(settings.read_text("utf-8").replace("FULL", "NORMAL"), encoding="utf-8")
        to_the_visit(bureau)
        bureau.until("2024-09-18", 13)
    (folder / "now").write_text(bureau.clock.now().isoformat(), encoding="utf-8")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "visit-waits", _prepare)


@pytest.fixture
def bureau(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    now = datetime.fromisoformat((prepared / "now").read_text("utf-8"))
    return copy_of(prepared / "bureau", now, tmp_path, monkeypatch)


def forms(bureau: Bureau) -> tuple[Form, tuple[Form, ...], list[str]]:
    """Return the base form of the visit, the forms of its items with the drawn rows, and the team."""
    team = bureau.team(CASE)
    application = bureau.application()
    try:
        view = show_case(application, team[0], CASE, as_person=team[0])
    finally:
        application.store.close()
    assert not isinstance(view, Refusal)
    step = next(one for one in view.steps if one.id == STEP)
    assert step.form is not None
    return step.form, tuple(step.item_forms), team


def answers_to(base: Form, items: tuple[Form, ...], team: list[str]) -> dict[str, Any]:
    # People are ticked in their order by id, whichever of them was drawn first.
    people = sorted(team)
    # The visit was approved for the day the case was dispatched; the form asks why it is on another.
    return {
        **of_form(base, people),
        "day_changed": "九月十七日电话告知改期",
        "items": {item.id: of_form(item, people) for item in items},
    }


def stored(bureau: Bureau) -> Any:
    """Let the colleague sign what is there; return the answers of the step as the history has them.

    Personal answers have ids of chance there: their texts are taken from the row of the case, by these ids.
    """
    bureau.takes(CASE, STEP, bureau.team(CASE)[1])
    body = next(e["body"] for e in reversed(bureau.history(CASE)) if e["kind"] == "advanced")
    assert body["step"] == STEP, body
    application = open_application(find_home(str(bureau.home)))
    try:
        with application.store.read() as transaction:
            case = transaction.cases.get(CASE)
    finally:
        application.store.close()
    assert case is not None
    assert case.personal is not None
    return read_back(body["answers"], case.personal)


@pytest.fixture(scope="module")
def by_a_file(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return what is stored of answers handed in as a file."""
    now = datetime.fromisoformat((prepared / "now").read_text("utf-8"))
    with pytest.MonkeyPatch.context() as patch:
        bureau = copy_of(prepared / "bureau", now, tmp_path_factory.mktemp("file"), patch)
        base, items, team = forms(bureau)
        bureau.takes(CASE, STEP, team[0], answers_to(base, items, team))
        kept = stored(bureau)
    assert len(kept["items"][ITEM]["rows"]) >= 3
    return kept


@contextlib.contextmanager
def at_the_page(bureau: Bureau, browser: Any, person: str, *, scripts: bool) -> Iterator[PersonAtPages]:
    def key() -> str:
        application = bureau.application()
        try:
            return make_set_up_link(application)
        finally:
            application.store.close()

    with (
        contextlib.redirect_stdout(io.StringIO()),
        workbench_of(find_home(str(bureau.home)), 0) as address,
    ):
        found = PersonAtPages(browser, address, person, key, lambda: bureau.today, scripts=scripts)
        found.look(f"/cases/{CASE}/steps/{STEP}")
        yield found
        found.context.close()


def type_all(person: PersonAtPages, base: Form, items: tuple[Form, ...], answers: Mapping[str, Any]) -> None:
    """Answer what is in `answers` in the controls of the page."""
    ticked = {
        asked.name
        for form in (base, *items)
        for asked in form.fields
        if asked.type in (FieldType.CHOICES, FieldType.CHOICE, FieldType.BOOLEAN)
    }
    for name, texts in typed_of(base, items, answers, ZONE).texts.items():
        many = name.rsplit(".", 1)[-1] in ticked
        person.fill(name, list(texts) if many else texts[0])


@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])
def test_the_page_refuses_each_with_its_own_sentence_and_stores_what_a_file_stores(
    scripts: bool, bureau: Bureau, browser: Any, by_a_file: Any
) -> None:
    base, items, team = forms(bureau)
    answers = answers_to(base, items, team)
    with at_the_page(bureau, browser, team[0], scripts=scripts) as person:
        type_all(person, base, items, answers)
        for broken, said in BROKEN:
            type_all(person, base, items, broken)
            person.click(".foot button.main")
            assert said in person.page.locator("#errors").first.inner_text(), said
            right = {name: answers[name] for name in broken if name != "items"}
            if "items" in broken:
                right["items"] = {
                    item: {name: answers["items"][item][name] for name in given}
                    for item, given in broken["items"].items()
                }
            type_all(person, base, items, right)
        person.click(".foot button.main")
        person.click("button[value=confirm]")
        assert "回执号" in person.words, person.refusal
    assert stored(bureau) == by_a_file


def test_the_terminal_stores_what_a_file_stores(bureau: Bureau, by_a_file: Any) -> None:
    from command_fixtures import called

    from engine.cli.cases.task_do import do

    base, items, team = forms(bureau)
    lines = [line.replace("\n", " ") for line in typed_lines(base, items, answers_to(base, items, team))]
    said = called(
        do, CASE, STEP, "--as", team[0], home=bureau.home, typed="\n".join([*lines, "y", ""]).encode()
    )
    assert said.code == 0, said.err
    kept = {**stored(bureau), "record": by_a_file["record"]}
    assert kept == by_a_file


def test_the_offline_file_stores_what_a_file_stores(
    bureau: Bureau, browser: Any, by_a_file: Any, tmp_path: Path
) -> None:
    base, items, team = forms(bureau)
    answers = answers_to(base, items, team)
    page_file, saved = tmp_path / "visit.html", tmp_path / "saved.json"
    with at_the_page(bureau, browser, team[0], scripts=False) as person:
        person.look(f"/cases/{CASE}")
        person.click("a[href$='/offline']")
        with person.page.expect_download() as form:
            person.click("a[href$='/offline/form.html']")
        page_file.write_bytes(Path(form.value.path()).read_bytes())
    page = browser.new_context(viewport={"width": 360, "height": 740}, accept_downloads=True).new_page()
    page.goto(page_file.as_uri())
    page.select_option("#steps select", STEP)
    named = page.evaluate("() => JSON.parse(document.getElementById('data').textContent).people[''].list")
    for form, given in ((base, answers), *((item, answers["items"][item.id]) for item in items)):
        fill_in(page, form, given, dict(named))
    with page.expect_download() as download:
        page.click("#save")
    saved.write_bytes(Path(download.value.path()).read_bytes())
    page.context.close()
    with at_the_page(bureau, browser, team[0], scripts=False) as person:
        person.look(f"/cases/{CASE}/offline")
        person.page.set_input_files("#file", str(saved))
        person.click("button[value=take]")
        assert "回执号" in person.words, person.refusal
    assert stored(bureau) == by_a_file


def _crash(page: Any) -> None:
    """End the process of a page, as a lack of memory does."""
    with contextlib.suppress(Exception):
        page.goto("chrome://crash", timeout=5_000)


def test_a_draft_survives_a_crash_of_the_browser_and_of_the_workbench(
    bureau: Bureau, browser: Any, by_a_file: Any
) -> None:
    base, items, team = forms(bureau)
    answers = answers_to(base, items, team)
    half = {name: value for name, value in answers.items() if name != "items"}
    with at_the_page(bureau, browser, team[0], scripts=True) as person:
        type_all(person, base, items, half)
        person.page.locator("#saving", has_text="草稿已保存").wait_for()
        _crash(person.page)
    # Another workbench on the same deployment, another browser context; the colleague is offered nothing of it.
    with at_the_page(bureau, browser, team[1], scripts=False) as other:
        assert other.page.input_value("[name='q.business_address']") == ""
        assert "草稿" not in other.page.locator("#step").inner_text().replace("存草稿", "").replace(
            "保存草稿", ""
        )
    with at_the_page(bureau, browser, team[0], scripts=True) as person:
        assert person.page.input_value("[name='q.business_address']") == answers["business_address"]
        type_all(person, base, items, {"items": answers["items"]})
        person.click(".foot button.main")
        person.click("button[value=confirm]")
        assert "回执号" in person.words, person.refusal
    assert stored(bureau) == by_a_file
