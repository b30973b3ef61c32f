"""What runs out, from the columns marked so, earliest first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.register.columns import CellType, ListRow, RegisterColumn
from engine.register.expiry import Expiry, expiring
from engine.register.profile import built_in
from engine.register.sheet.checked_entries import CheckedEntry

EXPERTS = built_in("experts")
TODAY = date(2026, 6, 30)
LICENCES = replace(
    EXPERTS,
    columns={
        "lic_to": RegisterColumn(id="lic_to", title="许可证到期", type=CellType.DATE, expires=True),
        "lic_from": RegisterColumn(id="lic_from", title="许可证起始", type=CellType.DATE),
    },
    lists={
        "licence": ListRow(
            into="licences", parts={"from": "lic_from", "to": "lic_to"}, fixed={"kind": "派遣"}
        )
    },
)


def expert(name: str, until: str | None, **more: object) -> CheckedEntry:
    return CheckedEntry("experts", name, f"专家{name}", "s1", {"appointed_to": until, **more})


def test_earliest_first_and_up_to_the_last_day_asked_about() -> None:
    entries = [
        expert("b", "2026-07-10"),
        expert("a", "2026-07-10"),
        expert("c", "2026-06-29"),
        expert("d", "2026-07-11"),
        expert("e", None),
    ]
    found = expiring(EXPERTS, entries, TODAY, within_days=10)
    assert [(one.id, one.days_left) for one in found] == [("c", -1), ("a", 10), ("b", 10)]
    assert found[0] == Expiry("c", "专家c", "s1", "聘期至", date(2026, 6, 29), -1)
    assert [one.id for one in expiring(EXPERTS, entries, TODAY)] == ["c"]


def test_only_entries_in_force_are_looked_at() -> None:
    entries = [
        expert("a", "2026-01-01", status="active"),
        expert("b", "2026-01-01", status="inactive"),
        expert("c", "2026-01-01"),
    ]
    assert [one.id for one in expiring(EXPERTS, entries, TODAY)] == ["a", "c"]
    # A register without a status has everything in force.
    columns = {name: column for name, column in EXPERTS.columns.items() if name != "status"}
    assert len(expiring(replace(EXPERTS, columns=columns), entries, TODAY)) == 3


def test_dates_inside_the_rows_of_a_list() -> None:
    rows = [
        {"kind": "派遣", "from": "2020-01-01", "to": "2026-01-01"},
        {"kind": "派遣", "from": "2026-01-01", "to": "2030-01-01"},
        {"kind": "派遣", "from": "2026-01-01"},
        {"kind": "其他", "from": "2020-01-01", "to": "2020-12-31"},
    ]
    (one,) = expiring(LICENCES, [CheckedEntry("experts", "a", "甲", None, {"licences": rows})], TODAY)
    assert (one.title, one.valid_to, one.section) == ("许可证到期", date(2026, 1, 1), None)


@given(st.lists(st.integers(-400, 400), max_size=8), st.integers(0, 300))
@settings(max_examples=25)
def test_nothing_that_ends_in_time_is_left_out(days: list[int], within: int) -> None:
    entries = [expert(str(at), (TODAY + timedelta(left)).isoformat()) for at, left in enumerate(days)]
    found = expiring(EXPERTS, entries, TODAY, within)
    assert [one.days_left for one in found] == sorted(left for left in days if left <= within)
