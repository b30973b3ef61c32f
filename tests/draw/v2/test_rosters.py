"""Rosters: what they can hold, and what their public form shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from v2_factories import formerly, object_rows, people_rows

from engine.draw.refused import DrawRefused
from engine.draw.v2 import rosters
from engine.draw.v2.sealing import opening_of, part_of
from engine.kernel.sm3 import sm3_hex

KEY = b"k" * 32


def test_rows_come_back_in_the_order_of_their_lots() -> None:
    objects = rosters.parse_objects(rosters.render_objects(object_rows(), KEY))
    assert [row.lot for row in objects] == sorted(row.lot for row in objects)
    by_id = {row.object_id: replace(row, lot="", salt="") for row in objects}
    assert by_id == {row.object_id: row for row in object_rows()}
    people = rosters.parse_people(rosters.render_people(people_rows(), KEY))
    assert {row.person_id: replace(row, lot="", salt="") for row in people} == {
        row.person_id: row for row in people_rows()
    }


def test_some_rows_are_those_of_the_whole_and_the_others_are_passed_over() -> None:
    data = rosters.render_objects(object_rows(), KEY)
    rows = rosters.parse_objects(data)
    assert rosters.some_objects(data, "lot", [rows[2].lot, rows[0].lot]) == (rows[0], rows[2])
    assert rosters.some_objects(data, "object_id", [rows[1].object_id]) == (rows[1],)
    # Neither what begins or ends like it nor what stands in another column.
    for column, other in (("lot", rows[0].lot[:-1]), ("object_id", rows[0].lot), ("object_id", rows[0].name)):
        assert rosters.some_objects(data, column, [other]) == ()
    assert rosters.some_objects(data, "lot", []) == ()
    broken = data.replace(rows[1].lot.encode(), b"no lot")
    assert rosters.some_objects(broken, "lot", [rows[0].lot]) == (rows[0],)
    with pytest.raises(DrawRefused):
        rosters.some_objects(broken, "object_id", [rows[1].object_id])


def test_the_public_form_shows_lot_and_stratum_and_nothing_else() -> None:
    data = rosters.render_objects(object_rows(), KEY)
    public = rosters.public_form(data)
    text = public.decode()
    for row in object_rows():
        assert row.object_id not in text
        assert row.name not in text
    assert "片区" not in text
    assert "已注销" not in text
    rows = rosters.parse_public_objects(public)
    # Neither who takes part nor how many do: only the row's own opening shows it.
    given = rosters.parse_objects(data)
    assert len({row.part for row in rows}) == len(rows)
    assert [row.part for row in rows] == [
        part_of(opening_of(row.salt), takes_part=row.eligible) for row in given
    ]
    assert rosters.count_strata(rows) == {name: {"listed": 10} for name in "ABCD"}
    assert rosters.count_strata(rows) == rosters.count_strata(rosters.parse_objects(data))
    staff = rosters.public_form(rosters.render_people(people_rows(), KEY)).decode()
    assert [line.count("\t") for line in staff.splitlines()] == [1] * (len(people_rows()) + 1)


def test_two_draws_of_one_firm_have_nothing_in_common() -> None:
    first, second = (
        rosters.public_form(rosters.render_objects(object_rows(), key)) for key in (KEY, b"q" * 32)
    )
    words = [
        {cell for line in form.decode().splitlines()[1:] for cell in line.split("\t")}
        for form in (first, second)
    ]
    assert words[0] & words[1] == {"A", "B", "C", "D"}


def test_a_table_digest_is_of_the_public_form() -> None:
    public = rosters.public_form(rosters.render_objects(object_rows(7), KEY))
    digest = rosters.digest_of_table(public)
    assert (digest["rows"], digest["sm3"]) == (7, sm3_hex(public))


def test_the_stratum_follows_from_the_columns_named() -> None:
    row = object_rows(2)[1]
    assert rosters.stratum_of(row, []) == rosters.WHOLE
    assert rosters.stratum_of(row, ["section", "credit_class"]) == "wages/B"


@pytest.mark.parametrize(
    "change",
    [
        {"object_id": "a b"},
        {"object_id": ""},
        {"stratum": ""},
        {"class_date": "2026-02-30"},
        {"exclude_reason": "原因"},
        {"eligible": False},
        {"name": "a\tb"},
        {"name": " a"},
        {"items": ("a", "a")},
    ],
)
def test_what_a_roster_of_objects_cannot_hold(change: dict[str, object]) -> None:
    with pytest.raises(DrawRefused):
        rosters.render_objects([replace(object_rows(2)[1], **change)], KEY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change", [{"load": -1}, {"cert_valid_to": "soon"}, {"person_id": "某"}, {"labels": ("b", "")}]
)
def test_what_a_roster_of_people_cannot_hold(change: dict[str, object]) -> None:
    with pytest.raises(DrawRefused):
        rosters.render_people([replace(people_rows(1)[0], **change)], KEY)  # type: ignore[arg-type]


def test_a_public_form_of_another_shape_is_refused() -> None:
    public = rosters.public_form(rosters.render_objects(object_rows(3), KEY))
    lot, stratum, part, seal = public.decode().splitlines()[1].split("\t")
    for old, new in ((part, "1"), (seal, "1"), (lot, "1"), (f"\t{stratum}\t", "\t")):
        with pytest.raises(DrawRefused):
            rosters.parse_public_objects(public.replace(old.encode(), new.encode()))


def test_a_roster_from_before_is_read_and_shown_as_it_was() -> None:
    data = rosters.render_objects(object_rows(), KEY)
    before = formerly(data)
    assert (rosters.is_before(data), rosters.is_before(before)) == (False, True)
    assert rosters.parse_objects(before) == rosters.parse_objects(data)
    public = rosters.public_form(before)
    assert public.startswith(b"lot\tstratum\teligible\tseal\n")
    rows = rosters.parse_public_objects(public)
    assert [row.eligible for row in rows] == [row.eligible for row in rosters.parse_objects(data)]
    assert rosters.count_strata(rows, before=True)["A"] == {
        "listed": 10, "eligible": sum(row.eligible for row in object_rows()[::4])
    }  # fmt: skip
    for old, new in ((b"\t1\t", b"\t2\t"), (b"\tC\t", b"\t")):
        with pytest.raises(DrawRefused):
            rosters.parse_public_objects(public.replace(old, new))


def test_who_is_out_of_scope_counts_in_no_stratum_and_who_rests_counts_in_his() -> None:
    rows = [replace(row, stratum="") if row.exclude_reason else row for row in object_rows()]
    data = rosters.render_objects(rows, KEY)
    assert rosters.count_strata(rosters.parse_objects(data))["A"] == {
        "listed": sum(row.eligible for row in object_rows()[::4])
    }
    for wrong in ({"eligible": False}, {"exclude_reason": "已注销"}, {"stratum": ""}):
        with pytest.raises(DrawRefused):
            rosters.render_objects([replace(object_rows()[1], **wrong)], KEY)
