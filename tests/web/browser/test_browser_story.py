"""One batch and one of its inspections through the pages alone: from the plan to the archive, a draw made void and repeated."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import chromium
import pytest
from card_steps import cards, walk
from draws_fixtures import CHIEF, SECTION, Desk
from people_at_pages import REST, PeopleAtPages
from public_fixtures import PublicDesk
from served_workbench import OPENED

from engine.app.commands.sign_in.web_sessions import make_set_up_link
from engine.app.people.directory import Directory
from engine.app.ports.records import CaseFilter
from engine.app.queries.draws import CODE_LENGTH
from engine.cli.system.serve import workbench_of
from engine.deployment.home import find_home

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium on this machine"),
]
PDF = {"name": "送达回证.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}


@pytest.fixture(scope="module")
def bureau(
    tmp_path_factory: pytest.TempPathFactory, browser: Any
) -> Iterator[tuple[PublicDesk, PeopleAtPages]]:
    """Serve a deployment with made-up registers and nothing else."""
    home = tmp_path_factory.mktemp("story") / "bureau"
    with pytest.MonkeyPatch.context() as patched:
        desk = PublicDesk(home, OPENED, patched)
        desk.done("init", home, "--sample")
        settings = home / "settings.yaml"
        settings.write_text(settings.read_text("utf-8").replace("FULL", "NORMAL"), encoding="utf-8")
        with (
            contextlib.redirect_stdout(io.StringIO()),
            workbench_of(find_home(str(home)), 0) as address,
        ):
            found = PeopleAtPages(browser, address, partial(_key, desk), lambda: desk.clock.now().date())
            yield desk, found
            found.close()


def _key(desk: Desk) -> str:
    with desk.application() as application:
        return make_set_up_link(application)


def test_from_the_plan_to_the_archive_with_a_draw_made_void_and_repeated(
    bureau: tuple[PublicDesk, PeopleAtPages],
) -> None:
    desk, people = bureau
    leading, chief, drawer, witness = (people[name] for name in ("leading", CHIEF, "drawer", "witness"))
    leading.look("/start/batch")
    leading.page.fill("#title", "劳动用工抽查")
    leading.click("button.main")
    assert "回执号 batch-1-1" in leading.words
    plan = desk.plan()
    chief.take("submit_plan", {name: value for name, value in plan.items() if name != "embargo"})
    people["deputy"].take("approve_plan", {"opinion": "同意"})
    chief.take("publish_batch_plan")
    today = desk.clock.now().date().isoformat()
    both = ["insp-01", "insp-02"]
    arranged = {"held_on": today, "place": "二楼会议室", "topics": ["工作规范"], "invited": both}
    chief.take("arrange", arranged, case="training-1")
    everybody = [f"insp-{number:02}" for number in range(1, 25)]
    trained = {"held_on": today, "attended": everybody, "norms_trained": True, "platform_trained": True}
    chief.take("record_attendance", trained, case="training-1")

    drawer.take("commit_draw")
    assert "承诺" in drawer.look("/draws/batch-1/1/ceremony")
    # A second device, which nobody has signed in on, follows the code of the screen.
    code = desk.draw(1).name[:CODE_LENGTH]
    assert drawer.page.locator(f"text={code[:8]}").count()
    device = drawer.context.browser.new_context(java_script_enabled=False).new_page()
    device.goto(f"{drawer.address}/check/batch-1/1/{code}")
    assert "请与会场屏幕上的逐字核对" in device.inner_text("main")
    drawer.take("ask_void", {"facts": "设备故障", "evidence": "值班记录"})
    people["deputy"].take("void_draw", reason="证据属实")
    assert "作废" in drawer.look("/draws/batch-1/1/ceremony")
    drawer.take("commit_draw")
    desk.to_the_day()
    drawer.take("type_entropy", {"entropy": desk.results(), "source": "开奖公告"})
    witness.take("draw_objects", {"entropy": desk.results(), "seen_original": True})
    again = desk.draw(2).name[:CODE_LENGTH]
    assert again != code
    device.goto(f"{drawer.address}/check/batch-1/2/{again}")
    assert "取核验包" in device.inner_text("main")
    device.context.close()
    chief.take("confirm_list", {"checked": True})
    drawer.take("draw_inspectors")
    witness.take("pass_recusal_check", {"declared_excluded": True, "all_trained": True})
    chief.take("dispatch")

    with desk.look() as transaction:
        case = transaction.cases.find(CaseFilter(workflow="inspection"), limit=1)[0]
    one, two = case.parties["inspectors"][:2]
    _inspected(desk, people, case.id, one, two)
    with desk.look() as transaction:
        done = transaction.cases.get(case.id)
    assert done is not None
    assert (done.state, done.open) == ("archived", False)
    # Six people at least, and the chain of the case holds.
    assert len(people.names) >= 6
    archivist = people["archivist"]
    archivist.look(f"/cases/{case.id}")
    archivist.click(f"form[action='/cases/{case.id}/verify'] button")
    assert "与写入时一致" in archivist.words


def _holder(desk: Desk, role: str, but: list[str]) -> str:
    """Return somebody who holds a role in the section of the batch, and is none of `but`."""
    with desk.look() as transaction:
        found = Directory(transaction).holders(role, SECTION)
    return next(person for person in found if person not in but)


@pytest.mark.parametrize("role", ["检查人员", "负责人", "办公室", "管部署的人"])
def test_the_card_of_a_role_is_walked(role: str, bureau: tuple[PublicDesk, PeopleAtPages]) -> None:
    """Follow the story: there are cases to look at by then."""
    _, people = bureau
    person = people[{"检查人员": "head", "负责人": "deputy"}.get(role, "leading")]
    person.look("/")

    def fill_form() -> None:
        today = bureau[0].clock.now().date().isoformat()
        if person.page.locator("[name='q.methods']").count():
            person.fill("q.methods", ["written"])
        person.page.evaluate(REST, today)

    assert walk(person.page, person.address, cards()[role], {}, fill_form) <= 8


def _inspected(desk: Desk, people: PeopleAtPages, case: str, one: str, two: str) -> None:
    """Take one inspection from its approval to the archive."""
    day = desk.clock.now().date().isoformat()
    people["head"].take("approve", {"planned_on": day, "methods": ["onsite"]}, case=case)
    both = [one, two]
    people[one].take("declare", {"no_conflict": True, "signed_by": both}, case=case)
    # Each signs for himself.
    people[two].take("declare", case=case)
    people[one].take("notify_enterprise", {"rights_told": True, "sent_on": day, "proof": PDF}, case=case)
    assert "送达回证.pdf" in people[one].look(f"/cases/{case}/evidence")
    visit = {
        "visited_on": day,
        "finished_on": day,
        "arrived_at": f"{day}T09:00",
        "left_at": f"{day}T11:00",
        "badge_shown": True,
        "certificates_shown": True,
        "certificate_numbers": ["C-1", "C-2"],
        "rights_told": True,
        "recusal_asked": False,
        "object_signed": True,
        "signed_by": both,
        "signed_on": day,
    }
    desk.clock.advance(timedelta(hours=1))
    people[one].take("finish_visit", visit, case=case)
    people[two].take("finish_visit", case=case)
    people[two].take("enter_result", {"result_codes": ["no_problem"], "measures": ["none"]}, case=case)
    people[_holder(desk, "reviewer", both)].take(
        "pass_review", {"checked": True, "opinion": "同意"}, case=case
    )
    people[one].take("publish_result", {"channels": ["site"]}, case=case)
    people["archivist"].take("file_away", case=case)
