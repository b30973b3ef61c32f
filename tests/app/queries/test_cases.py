"""Cases as they are read: whose sections, whole histories, trees."""

from __future__ import annotations

import pytest
from bureau_of_sections import Opened, open_sections

from engine.app.commands.application import CommandResult, NewCase
from engine.app.queries.cases import (
    case_history,
    case_tree,
    form_setting,
    list_cases,
    register_subject,
    search_cases,
    show_case,
    step_forms,
)
from engine.app.worklist.case_view import TaskView
from engine.kernel.refusal import Refusal


@pytest.fixture
def opened() -> Opened:
    found = open_sections()
    other = found.services.start("errand", "bela", NewCase(title="南片示例"))
    assert isinstance(other, CommandResult)
    return found


def ids(found: object) -> list[str]:
    assert isinstance(found, list)
    return [case.id for case in found]


def test_a_section_sees_its_own_and_the_bureau_all(opened: Opened) -> None:
    own, every = list_cases(opened.services, "anna"), list_cases(opened.services, "lena")
    assert ids(own) == [opened.case]
    assert ids(every) == [opened.case, "errand-2"]
    assert ids(list_cases(opened.services, "bela")) == ["errand-2"]
    assert isinstance(list_cases(opened.services, "nobody"), Refusal)


def test_what_is_asked_for_cuts_the_list(opened: Opened) -> None:
    for viewer in ("anna", "lena"):
        assert ids(list_cases(opened.services, viewer, workflow="errand", limit=1)) == [opened.case]
        assert ids(list_cases(opened.services, viewer, state="done")) == []
        assert ids(list_cases(opened.services, viewer, open=False)) == []
        assert ids(list_cases(opened.services, viewer, parent=opened.case)) == []
        assert ids(list_cases(opened.services, viewer, section="north", open=True)) == [opened.case]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"workflow": "errands"}, "没有已发布的流程“errands” 是否想写“errand”？"),
        ({"state": "nowhere"}, "已发布的流程里没有环节“nowhere”"),
        ({"section": "west"}, "没有股室“west”；可用：north、south"),
        ({"parent": "errand-9"}, "没有案件“errand-9”，或它属于其他股室"),
    ],
)
def test_what_nothing_could_fit_is_refused(opened: Opened, wanted: dict[str, str], said: str) -> None:
    for viewer in ("anna", "lena"):
        found = list_cases(opened.services, viewer, **wanted)  # type: ignore[arg-type] # words of filters
        assert isinstance(found, Refusal)
        assert str(found) == said
    hidden = list_cases(opened.services, "bela", parent=opened.case)
    assert hidden == show_case(opened.services, "bela", opened.case)


def test_a_case_of_another_section_is_not_shown(opened: Opened) -> None:
    found = show_case(opened.services, "anna", opened.case, as_person="anna")
    assert isinstance(found, TaskView)
    assert found.case.id == opened.case
    for reads in (show_case, case_history, case_tree):
        hidden, absent = (
            reads(opened.services, "anna", "errand-2"),
            reads(opened.services, "anna", "errand-7"),
        )
        assert isinstance(hidden, Refusal)
        assert isinstance(absent, Refusal)
        assert str(hidden) == "没有案件“errand-2”，或它属于其他股室"
        assert str(absent) == "没有案件“errand-7”，或它属于其他股室"


def test_a_history_is_whole_and_a_tree_begins_with_the_case(opened: Opened) -> None:
    done = opened.services.advance(opened.case, "close", "anna")
    assert isinstance(done, CommandResult)
    events = case_history(opened.services, "anna", opened.case)
    assert isinstance(events, list)
    assert [(event.seq, event.kind) for event in events] == [(1, "started"), (2, "advanced")]
    tree = case_tree(opened.services, "anna", opened.case)
    assert isinstance(tree, list)
    assert [(depth, case.id, case.open) for depth, case in tree] == [(0, opened.case, False)]


def test_an_entry_of_a_register_as_a_case_begins_with_it(opened: Opened) -> None:
    assert register_subject(opened.services, "lena", "people", "anna") == {
        "id": "anna",
        "name": "Anna",
        "section": "north",
        "roles": ["clerk"],
    }
    assert register_subject(opened.services, "lena", "people", "nobody") is None


def test_cases_are_found_by_number_title_and_subject(opened: Opened) -> None:
    def found(text: str, viewer: str = "lena", limit: int = 50) -> list[str]:
        return [case.id for case in search_cases(opened.services, viewer, text, limit=limit)]  # type: ignore[union-attr]

    about = NewCase(title="检查", subject={"id": "E-7", "name": "甲厂"})
    assert isinstance(opened.services.start("errand", "anna", about), CommandResult)
    assert found("errand-2") == ["errand-2"]
    assert found(" 示例 ") == [opened.case, "errand-2"]
    assert found("示例", limit=1) == [opened.case]
    assert found("示例", "anna") == [opened.case]
    assert (found("甲厂"), found("e-7"), found("没有"), found(" ")) == (["errand-3"], ["errand-3"], [], [])


def test_a_step_without_a_form_is_set_in_nothing_and_unseen_cases_are_refused(opened: Opened) -> None:
    for reads in (form_setting, step_forms):
        assert reads(opened.services, "anna", opened.case, "nothing") is None
        assert isinstance(reads(opened.services, "bela", opened.case, "close"), Refusal)
    forms = step_forms(opened.services, "anna", opened.case, "close")
    assert not isinstance(forms, Refusal)
    assert forms is not None
    assert forms.form is None
