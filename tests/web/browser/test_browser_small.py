"""The small bureau in a real Chromium: the studio from a fault to taking back, two on one draft, an ended session, upload, figures, a firm."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import chromium
import pytest
import workbench_fixtures
from card_steps import cards, walk
from people_at_pages import PeopleAtPages
from rectification_fixtures import FIRM_CODE, PERSON, rectification_desk
from small_bureau import SHANGHAI, SmallBureau, small_bureau
from walked_pages import AXE, RULES

from engine.app.commands import Caller
from engine.app.commands.credentials import NewPassword, set_password
from engine.app.commands.proposals.administrators import set_administrators
from engine.app.commands.sign_in.web_sessions import end_sessions, make_set_up_link
from engine.app.queries.cases import list_cases
from engine.deployment.entropy import SystemEntropy
from engine.kernel.refusal import Refusal
from engine.store.sql import open_store
from engine.web.serving import bound_socket, make_server, served
from engine.web.workbench import Workbench

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium on this machine"),
    pytest.mark.usefixtures("quick_hashing"),
]
RIGHT = "correct horse battery"
STORY = """\
test: visit
stories:
  - story: 上报
    given: {on: 2024-09-20}
    when:
      - {do: report, answers: {found: 漏签, count: 3}, then: {state: checking}}
"""


@contextmanager
def at_pages(bureau: SmallBureau, browser: Any) -> Iterator[PeopleAtPages]:
    """Serve a bureau in memory to a browser."""
    bench = Workbench(bureau.application, Path("/nonexistent"), SHANGHAI)
    listening = bound_socket("127.0.0.1", 0)
    with served(make_server(bench), listening):
        found = PeopleAtPages(
            browser,
            f"http://127.0.0.1:{listening.getsockname()[1]}",
            lambda: make_set_up_link(bureau.application),
            lambda: bureau.clock.now().date(),
        )
        yield found
        found.close()
    assert threading.active_count() < 50


def test_a_process_is_edited_refused_tested_published_by_two_migrated_and_taken_back(browser: Any) -> None:
    bureau = workbench_fixtures.desk().bureau
    case = bureau.start()
    named = set_administrators(bureau.application, Caller("head-1"), ["head-1", "chief-1"])
    assert not isinstance(named, Refusal), named
    with at_pages(bureau, browser) as people:
        head, chief = people["head-1"], people["chief-1"]
        _edit(head, "to: checking", "to: chekcing", "check")
        assert "还不能发布" in head.words
        assert "第" in head.page.locator("#errors li").first.inner_text()
        _edit(head, "title: 待走访", "title: 等待走访", "test", STORY)
        assert "照所写的办完" in head.words, head.words[:600]
        _edit(head, "title: 待走访", "title: 等待走访", "publish", from_checked=True)
        assert "提请" in head.words, head.words[:400]
        chief.look("/proposals")
        chief.click("button[value=confirm]")
        _edit(head, "title: 待走访", "title: 等待走访", "publish", from_checked=True)
        assert "新版本：visit 2" in head.words, head.words[:400]
        head.look("/studio/visit/versions")
        head.click("button[aria-label='试换到第 2 版']")
        assert "可以换" in head.words
        assert _versions(bureau) == {case: 1}
        _migrated_by_two(head, chief, bureau, 2, {case: 1})
        assert _versions(bureau) == {case: 2}
        assert "等待走访" in people["clerk-1"].look(f"/cases/{case}")
        # Taken back: the earlier text again, by two, and the case with it.
        head.look("/studio/visit/versions")
        head.click("a[href*='version=1']")
        assert "第 1 版的文字" in head.words
        head.click("button[value=check]")
        head.click("button[value=publish]")
        chief.look("/proposals")
        chief.click("button[value=confirm]")
        head.look("/studio/visit/edit?version=1")
        head.click("button[value=check]")
        head.click("button[value=publish]")
        assert "新版本：visit 3" in head.words, head.words[:400]
        head.look("/studio/visit/versions")
        head.click("button[aria-label='试换到第 3 版']")
        _migrated_by_two(head, chief, bureau, 3, {case: 2})
        assert _versions(bureau) == {case: 3}
        assert "环节" in head.look("/studio/visit/impact?name=checking")


def _migrated_by_two(head: Any, chief: Any, bureau: Any, version: int, before: dict[str, int]) -> None:
    """What was tried is proposed by one, confirmed by the other, then done by the first."""
    head.click("button[value=migrate]")
    assert "提请" in head.words, head.words[:400]
    assert _versions(bureau) == before
    chief.look("/proposals")
    chief.click("button[value=confirm]")
    head.look("/studio/visit/versions")
    head.click(f"button[aria-label='试换到第 {version} 版']")
    head.click("button[value=migrate]")


def _edit(
    person: Any, before: str, after: str, do: str, story: str = "", *, from_checked: bool = False
) -> None:
    person.look("/studio/visit")
    if person.page.locator("button[value=drop]").count():
        # What was typed last is kept until it is discarded or published.
        assert "没有发布的改动" in person.words
        person.click("button[value=drop]")
    person.look("/studio/visit/edit")
    text = person.page.input_value("#text")
    assert before in text
    person.page.fill("#text", text.replace(before, after))
    if story:
        person.click("details:has(#stories) > summary")
        person.page.fill("#stories", story)
    if from_checked:
        person.click("button[value=check]")
    person.click(f"button[value={do}]")


def _versions(bureau: SmallBureau) -> dict[str, int]:
    found = list_cases(bureau.application, "head-1", workflow="visit", open=True)
    assert not isinstance(found, Refusal)
    return {one.id: one.version for one in found}


def test_two_windows_on_one_draft_lose_neither_and_a_session_that_ends_loses_nothing(browser: Any) -> None:
    bureau = workbench_fixtures.desk().bureau
    case = bureau.start()
    application = bureau.application
    path = f"/cases/{case}/steps/report"
    with at_pages(bureau, browser) as people:
        clerk = people["clerk-1"]
        clerk.look(path)
        other = clerk.context.new_page()
        other.goto(clerk.address + path)
        clerk.page.fill("[name='q.found']", "甲窗口写的")
        clerk.click("button[value=save]")
        assert "草稿已保存" in clerk.words
        bureau.clock.advance(timedelta(minutes=1))
        other.fill("[name='q.found']", "乙窗口写的")
        other.locator("button[value=save]").first.click()
        both = other.inner_text("main")
        assert "甲窗口写的" in both
        assert "乙窗口写的" in other.input_value("[name='q.found']") + both
        other.close()
        # A colleague has a draft of their own and sees none of it.
        assert "甲窗口写的" not in people["clerk-2"].look(path)
        assert set_password(application, Caller("clerk-1"), "clerk-1", NewPassword(RIGHT)) == []
        clerk.page.goto(clerk.address + "/sign-in")
        clerk.page.fill("#person", "clerk-1")
        clerk.page.fill("#password", RIGHT)
        clerk.click(".narrow button.main")
        clerk.page.goto(clerk.address + path)
        clerk.page.fill("[name='q.found']", "到期以前写的")
        clerk.page.fill("[name='q.count']", "4")
        end_sessions(application, Caller("clerk-1"), "clerk-1")
        clerk.click(".foot button.main")
        assert "登录已经到期" in clerk.words
        clerk.page.fill("#person", "clerk-1")
        clerk.page.fill("#password", RIGHT)
        clerk.click(".narrow button.main")
        clerk.click("button[value=edit]")
        assert clerk.page.input_value("[name='q.found']") == "到期以前写的"
        assert clerk.page.input_value("[name='q.count']") == "4"
        clerk.click(".foot button.main")
        clerk.click("button[value=confirm]")
        assert "回执号" in clerk.words


def test_a_firm_goes_its_way_on_a_phone_without_scripts_and_axe_finds_nothing(browser: Any) -> None:
    desk = rectification_desk()
    issued = desk.issued(desk.paper)
    with at_pages(desk, browser) as people:
        context = browser.new_context(
            viewport={"width": 360, "height": 800}, reduced_motion="reduce", java_script_enabled=True
        )
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{people.address}/firm")
        page.fill("#firm", FIRM_CODE)
        page.fill("#code", issued.code.lower())
        page.locator(".narrow button.main").click()
        assert "未签劳动合同三份" in page.inner_text("main")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("rules => axe.run(document, rules)", RULES)
        assert [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.fill("#text-1", "已补签三份")
        page.set_input_files(
            "#files-1",
            [{"name": "合同.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}],
        )
        page.locator("#problem-1 button[value=feedback]").click()
        assert "反馈已送达本局" in page.inner_text("main")
        page.locator("input[name=agreed]").check()
        page.locator("button[value=receipt]").click()
        assert "确认收到" in page.inner_text("main")
        context.close()
        clerk = people[PERSON]
        assert "已补签三份" in clerk.look(f"/cases/{desk.case}/firm")
        clerk.click("button[value=feedback-good]")
        assert "1 / 2 个问题已认可" in clerk.words
        assert said == []


def test_a_figure_of_the_head_is_drilled_to_its_cases_and_equal_to_sql(
    browser: Any, empty_database: Path, tmp_path: Path
) -> None:
    file = tmp_path / "ssj.db"
    shutil.copyfile(empty_database, file)
    bureau = small_bureau(open_store(str(file), synchronous="NORMAL"))
    bureau.application.entropy = SystemEntropy.take
    for _ in range(5):
        bureau.start()
    bureau.take("visit-2", "report", "clerk-1", {"found": "漏签", "count": 3})
    bureau.clock.advance(timedelta(days=60))
    with at_pages(bureau, browser) as people:
        head = people["head-1"]
        head.look("/figures")
        head.page.locator("a.row[href^='/figures/late']").click()
        shown = head.page.locator("tbody a.row").all_inner_texts()
        said = head.words
        head.page.locator("tbody a.row").first.click()
        assert "visit-" in head.words
    now = bureau.clock.now().astimezone(UTC).isoformat(sep=" ").partition("+")[0]
    with closing(sqlite3.connect(file)) as database:
        counted = database.execute(
            "select case_id from task where due_at is not null and due_at <= ? group by case_id order by 1",
            (now,),
        ).fetchall()
    bureau.application.store.close()
    assert [case for (case,) in counted] == sorted(shown) == ["visit-1", "visit-3", "visit-4", "visit-5"]
    assert f"共 {len(counted)} 件" in said


def test_a_register_is_imported_by_mistake_and_undone(browser: Any) -> None:
    bureau = small_bureau()
    bureau.application.entropy = SystemEntropy.take

    def names() -> dict[str, str]:
        with bureau.application.store.read() as transaction:
            return {entry.id: entry.name for entry in transaction.registers.all("people")}

    before = names()
    # A file in which one person is called otherwise, one is new, and the others are missing.
    table = "编号,姓名,股室,角色\nclerk-1,别人,one,clerk\nclerk-7,经办人07,one,clerk\n"
    with at_pages(bureau, browser) as people:
        head = people["head-1"]
        head.look("/registers/people")
        head.click("a[href='/registers/people/import']")
        file = {"name": "误.csv", "mimeType": "text/csv", "buffer": table.encode()}
        head.page.set_input_files("#file", file)
        head.click("button[value=preview]")
        assert "新增 1 条，变动 1 条" in head.words
        # Looking at it has changed nothing; columns are called by their titles.
        assert names() == before
        assert "姓名" in head.words
        head.click("button[value=import]")
        assert "已导入" in head.words
        assert names() == {**before, "clerk-1": "别人", "clerk-7": "经办人07"}
        head.click("a[href='/registers/people/undo']")
        assert "导入“误.csv”" in head.words
        assert "移出 1 条，恢复 1 条" in head.words
        head.click("button.main")
        assert names() == before
        assert "clerk-7" not in head.look("/registers/people")
        # What was done and taken back stays in the history, by name.
        said = head.look("/registers/people/clerk-1")
        assert "撤销" in said
        assert "别人" in said


def test_the_card_of_a_firm_is_walked(browser: Any) -> None:
    desk = rectification_desk()
    code = desk.issued(desk.paper).code
    given = {"凭条上的信用代码": FIRM_CODE, "凭条上的办理码": code}
    with at_pages(desk, browser) as people:
        page = browser.new_context(java_script_enabled=False).new_page()
        assert walk(page, people.address, cards()["企业"], given, lambda: None) <= 8
        page.context.close()
