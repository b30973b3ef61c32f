"""The cases of a period, tried by another text: which are looked at, what is counted, and nothing is kept."""

from __future__ import annotations

from datetime import date

from bureau_factories import Bureau

from engine.app.definitions.case_replay import TriedCase, TriedCases
from engine.app.queries.definitions import try_on_cases
from engine.definition.library import Loaded, load_files
from engine.kernel.refusal import Refusal
from engine.lifecycle.migration.rename_map import RenameMap

VISIT = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
states:
  open: {title: 待检查, for: clerk, deadline: 20 working days}
  closed: {title: 已办结, final: true}
transitions:
  - {do: finish, title: 办结, from: open, to: closed}
"""


def office() -> Bureau:
    """Return a bureau with three visits of September; the first was closed after a week, the second in October."""
    found = Bureau(VISIT)
    for _ in range(3):
        found.start("visit")
    found.at("2024-09-09")
    found.take("visit-1", "finish")
    found.at("2024-10-10")
    found.take("visit-2", "finish")
    return found


def shorter(bureau: Bureau, text: str = VISIT.replace("20 working", "3 working")) -> Loaded:
    return load_files({**bureau.texts, "workflow.visit.yaml": text.lstrip()})


def tried(bureau: Bureau, loaded: Loaded, first: date, last: date, limit: int = 20) -> TriedCases:
    found = try_on_cases(bureau.application, "dora", loaded, "visit", first, last, limit=limit)
    assert isinstance(found, TriedCases), found
    return found


def test_the_cases_that_were_open_in_the_period_are_tried_and_counted() -> None:
    bureau = office()
    year = (date(2024, 1, 1), date(2024, 12, 31))
    found = tried(bureau, shorter(bureau), *year)
    assert (found.looked, found.otherwise, found.compared, found.unknown) == (3, 3, 2, 0)
    # The second was late by the rules of then as well.
    assert dict(found.kinds) == {"deadline": 3, "late": 1}
    assert [(one.case, one.open) for one in found.cases] == [
        ("visit-1", False),
        ("visit-2", False),
        ("visit-3", True),
    ]
    assert isinstance(found.cases[0], TriedCase)
    assert found.cases[0].as_json()["otherwise"][1] == {
        "kind": "late",
        "on": "2024-09-09",
        "step": "办结",
        "sentence": "时限“待检查”到 2024-09-05 为止，办理时已逾期",
    }
    # Closed before it, opened after it.
    assert tried(bureau, shorter(bureau), date(2024, 9, 10), date(2024, 12, 31)).looked == 2
    assert tried(bureau, shorter(bureau), date(2024, 1, 1), date(2024, 9, 1)).looked == 0
    few = tried(bureau, shorter(bureau), *year, limit=1)
    assert (few.otherwise, len(few.cases)) == (3, 1)


def test_the_text_of_then_decides_the_same_and_nothing_is_kept() -> None:
    bureau = office()
    before = {name: bureau.events(name) for name in ("visit-1", "visit-2", "visit-3")}
    found = tried(bureau, shorter(bureau, VISIT), date(2024, 1, 1), date(2024, 12, 31))
    assert (found.looked, found.otherwise, found.compared, found.unknown) == (3, 0, 2, 0)
    tried(bureau, shorter(bureau), date(2024, 1, 1), date(2024, 12, 31))
    assert {name: bureau.events(name) for name in before} == before


def test_what_cannot_be_tried_is_refused() -> None:
    bureau = office()
    loaded = shorter(bureau)
    year = (date(2024, 1, 1), date(2024, 12, 31))

    def no(*asked: object, **how: RenameMap) -> list[str]:
        found = try_on_cases(bureau.application, *asked, **how)  # type: ignore[arg-type]
        assert isinstance(found, Refusal)
        return [one.code for one in found.reasons]

    assert no("dora", loaded, "vist", *year) == ["workflow"]
    assert no("dora", load_files({"bureau.yaml": bureau.texts["bureau.yaml"]}), "visit", *year) == [
        "workflow"
    ]
    assert no("dora", loaded, "visit", *reversed(year)) == ["period"]
    assert no("dora", loaded, "visit", *year, renames=RenameMap(states={"opne": "open"})) == ["rename"]
    assert no("nobody", loaded, "visit", *year) != []


def test_only_the_cases_the_viewer_sees_are_tried() -> None:
    bureau = office()
    found = try_on_cases(
        bureau.application, "bela", shorter(bureau), "visit", date(2024, 1, 1), date(2024, 12, 31)
    )
    assert isinstance(found, TriedCases)
    assert found.looked == 0
