from __future__ import annotations

from typing import Any

from migration_factories import FLOW, FORM, case, process

from engine.lifecycle.migration.carried_answers import AnswerMove
from engine.lifecycle.migration.carried_case import CarriedCase, carried_case
from engine.lifecycle.migration.rename_map import RenameMap

OLD = process()
ANSWERS = {"level": "low", "count": 3, "contact": "甲", "problem_count": 0}


def carried(flow: str, form: str, renames: RenameMap | None = None, **other: Any) -> CarriedCase:
    one = case(OLD, **{"forms": {"visit": ANSWERS}, **other})
    return carried_case(OLD.workflow, process(flow, form, 2).workflow, one, renames or RenameMap())


def moves(found: CarriedCase) -> list[tuple[str, str, Any, Any]]:
    return [(move.name, move.what.value, move.before, move.after) for move in found.moves]


def test_the_same_form_changes_nothing() -> None:
    assert carried(FLOW, FORM) == CarriedCase()


def test_names_types_and_questions_that_change_are_said() -> None:
    form = FORM.replace(
        "contact: {title: 联系人, optional: true}", "phone: {title: 联系电话, optional: true}"
    )
    form = form.replace("count: {title: 次数, type: integer}", "count: {title: 次数, type: decimal}")
    form += "  - reply: {title: 答复}\n"
    found = carried(FLOW, form, RenameMap(fields={"visit.contact": "phone"}))
    assert found.forms == {"visit": {"level": "low", "count": "3", "phone": "甲", "problem_count": 0}}
    assert moves(found) == [
        ("visit.count", "converted", 3, "3"),
        ("visit.phone", "renamed", "甲", "甲"),
        ("visit.reply", "unanswered", None, None),
    ]
    otherwise = carried(FLOW, FORM.replace("low: 低", "low: 一般"))
    assert moves(otherwise) == [("visit.level", "asked-otherwise", "low", "low")]
    assert moves(carried(FLOW, FORM.replace("  - contact: {title: 联系人, optional: true}\n", ""))) == [
        ("visit.contact", "removed", "甲", None)
    ]


def test_an_answer_that_does_not_fit_is_a_problem_unless_it_is_mapped() -> None:
    form = FORM.replace("low: 低", "small: 小")
    assert "应为下列之一" in str(carried(FLOW, form).reasons[0])
    found = carried(FLOW, form, RenameMap(values={"visit.level": {"low": "small"}}))
    assert found.reasons == []
    assert found.forms["visit"] is not None
    assert found.forms["visit"]["level"] == "small"


def test_a_form_that_is_gone_or_called_otherwise() -> None:
    other = FLOW.replace("form: visit", "form: look")
    renamed = FORM.replace("form: visit", "form: look")
    found = carried(other, renamed, RenameMap(forms={"visit": "look"}))
    assert found.forms == {"visit": None, "look": ANSWERS}
    gone = carried(other, renamed)
    assert gone.forms == {"visit": None}
    assert [move.what.value for move in gone.moves] == ["removed"]


def test_facts_are_kept_under_their_new_name() -> None:
    flow = FLOW.replace("place: {title: 地点}", "site: {title: 现场}")
    found = carried(flow, FORM, RenameMap(fields={"case.place": "site"}), fields={"place": "一号"})
    assert (found.facts, found.without) == ({"site": "一号"}, ["place"])
    assert (
        found.moves[0].as_json()
        == AnswerMove("case.site", "现场", found.moves[0].what, "一号", "一号").as_json()
    )
    wrong = carried(flow, FORM, RenameMap(fields={"case.place": "nowhere"}), fields={"place": "一号"})
    assert [str(problem) for problem in wrong.reasons] == ["新版没有字段“nowhere”"]


def test_cells_that_were_not_asked_for_stay_empty_and_new_columns_are_named() -> None:
    rows = (
        FORM
        + "  - found:\n      title: 问题\n      type: list\n      columns:\n        - what: {title: 事项}\n"
        + "        - sum: {title: 数额, type: integer}\n        - why: {title: 缘由, when: it.sum > 100}\n"
    )
    old = process(FLOW, rows)
    given = {**ANSWERS, "found": [{"what": "晚发", "sum": 10}, {"what": "少发", "sum": 200, "why": "忘"}]}
    one = case(old, forms={"visit": given})

    def into(form: str) -> CarriedCase:
        return carried_case(old.workflow, process(FLOW, form, 2).workflow, one, RenameMap())

    assert into(rows) == CarriedCase()
    more = into(rows + "        - who: {title: 何人}\n        - note: {title: 备注, optional: true}\n")
    assert (more.reasons, more.forms) == ([], {})
    assert moves(more) == [("visit.found.who", "unanswered", None, None)]
    # What is there has to fit all the same.
    assert into(rows.replace("what: {title: 事项}", "what: {title: 事项, choices: {late: 晚}}")).reasons
