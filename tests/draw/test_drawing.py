"""The acts of a draw, one after the other: what each changes in the record, and when it is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from draw_factories import BALLS, at, commitment_for, object_rows, people_rows, whole_draw

from engine.draw.commitment import NO_HEAD
from engine.draw.drawing import (
    Rosters,
    commit,
    draw_objects,
    draw_people,
    matching_of,
    note,
    remove_objects,
    replace_person,
    reveal,
    revealed,
    void,
)
from engine.draw.log import head, read_log
from engine.draw.record import DrawRecord
from engine.draw.refused import DrawRefused
from engine.draw.roster import render_objects, render_people
from engine.draw.selection import Removal

OBJECTS, PEOPLE = render_objects(object_rows()), render_people(people_rows())
EXPERTS = render_people(people_rows(4, "X"))
MADE = commitment_for(OBJECTS, PEOPLE, EXPERTS)
ENTROPY = f"{BALLS}/dice:000001/batch:B2026-01"
COMMITTED = commit(MADE, OBJECTS, PEOPLE, EXPERTS, at=at(0), actor="leader")
DRAWN = draw_objects(COMMITTED, ENTROPY, at=at(24), actor="drawer")
STAFFED = draw_people(DRAWN, at=at(25), actor="drawer")
EMBARGOED = whole_draw(embargo=True)


def last(record: DrawRecord) -> tuple[str, Any]:
    value = json.loads(record.log[-1])
    return value["kind"], value["body"]


def refused(act: Callable[[], object]) -> list[str]:
    with pytest.raises(DrawRefused) as caught:
        act()
    return [str(reason.message) for reason in caught.value.reasons]


def test_rosters_are_read_once() -> None:
    rosters = Rosters.of(COMMITTED)
    assert [row.object_id for row in rosters.objects] == [row.object_id for row in object_rows()]
    assert len(rosters.people) == 10
    assert rosters.experts is not None
    assert len(rosters.experts) == 4
    assert Rosters.of(replace(COMMITTED, experts=None)).experts is None
    with pytest.raises(DrawRefused):
        Rosters.of(replace(COMMITTED, people=b"x"))


def test_committing_opens_the_record() -> None:
    digests = MADE.digests()
    assert last(COMMITTED) == (
        "commit",
        {"batch_id": "B2026-01", "draw_no": 1, "sha256": digests.sha256, "sm3": digests.sm3},
    )
    assert json.loads(COMMITTED.log[0])["previous"] == NO_HEAD
    assert (COMMITTED.selection, COMMITTED.visits, COMMITTED.entropy) == (None, (), "")


def test_committing_asks_for_the_rosters_and_the_log_of_the_commitment() -> None:
    def committing(
        objects: bytes = OBJECTS, experts: bytes | None = EXPERTS, log: tuple[str, ...] = ()
    ) -> list[str]:
        return refused(lambda: commit(MADE, objects, PEOPLE, experts, log=log, at=at(1), actor="x"))

    assert committing(objects=OBJECTS[:-1]) == ["objects 名册与承诺书的摘要不符"]
    assert committing(experts=None) == ["承诺书与所给的 experts 名册不一致：一边有、一边没有"]
    assert committing(log=COMMITTED.log) == ["承诺书所记的前一日志头不是日志的最后一行"]
    assert len(committing(b"", None, COMMITTED.log)) == 3


def test_drawing_writes_entropy_and_result() -> None:
    assert DRAWN.selection is not None
    assert DRAWN.visits == DRAWN.selection.drawn
    assert (DRAWN.entropy, DRAWN.codes) == (ENTROPY, ())
    assert [entry.kind for entry in read_log(DRAWN.log)[0]] == ["commit", "entropy", "draw"]
    assert draw_objects(COMMITTED, ENTROPY, at=at(30), actor="y").selection == DRAWN.selection
    assert refused(lambda: draw_objects(DRAWN, ENTROPY, at=at(26), actor="x")) == [
        "批次 B2026-01 已经抽取，一次承诺只能抽一次"
    ]


def test_drawing_refuses_what_was_changed_since() -> None:
    for changed, says in (
        ({"objects": OBJECTS[:-1]}, "检查对象名册在承诺之后被改动"),
        ({"people": EXPERTS}, "检查人员名册在承诺之后被改动"),
        ({"experts": None}, "专家名册在承诺之后被改动"),
        ({"commitment": replace(MADE, purpose="另").to_json()}, "承诺书在公布之后被改动"),
        ({"log": (COMMITTED.log[0].replace("leader", "reader"),)}, "内容与哈希不符"),
    ):
        broken = replace(COMMITTED, **changed)  # one field each
        assert any(
            says in text
            for text in refused(lambda broken=broken: draw_objects(broken, ENTROPY, at=at(24), actor="x"))  # type: ignore[misc]  # bound here
        )


def test_a_second_draw_needs_fresh_entropy() -> None:
    voided = void(DRAWN, "名册有误", at=at(30), actor="x")
    second = commitment_for(OBJECTS, PEOPLE, EXPERTS, draw_no=2, previous_log_head=head(voided.log))
    record = commit(second, OBJECTS, PEOPLE, EXPERTS, log=voided.log, at=at(31), actor="x")
    assert refused(lambda: draw_objects(record, ENTROPY, at=at(60), actor="x")) == [
        "该随机串已用于第 1 次抽取：结果早已可知"
    ]
    again = draw_objects(record, ENTROPY.replace("000001", "000002"), at=at(60), actor="x")
    assert again.parsed.draw_no == 2


def test_removing_gives_the_place_to_the_next_ticket() -> None:
    struck = Removal(DRAWN.visits[0].object_id, "moved", "迁出证明")
    record = remove_objects(DRAWN, [struck], at=at(26), actor="x")
    assert record.removals == (struck,)
    assert struck.object_id not in {drawn.object_id for drawn in record.visits}
    assert len(record.visits) == len(DRAWN.visits)
    assert last(record)[1]["removals"] == [
        {"object_id": struck.object_id, "reason": "moved", "evidence": "迁出证明"}
    ]
    assert refused(lambda: remove_objects(COMMITTED, [], at=at(1), actor="x")) == ["还没有抽取对象"]
    assert refused(lambda: remove_objects(STAFFED, [], at=at(30), actor="x")) == [
        "检查人员已经抽取，不能再剔除对象"
    ]


def test_people_are_drawn_for_every_visit_once() -> None:
    assert [item.object_id for item in STAFFED.assignments] == [item.object_id for item in DRAWN.visits]
    assert all(len(item.members) == 2 and len(item.experts) == 1 for item in STAFFED.assignments)
    assert last(STAFFED)[1]["stage"] == "people"
    assert refused(lambda: draw_people(COMMITTED, at=at(1), actor="x")) == ["还没有抽取对象"]
    assert refused(lambda: draw_people(STAFFED, at=at(30), actor="x")) == ["检查人员已经抽取"]
    assert "检查人员名册在承诺之后被改动" in str(
        refused(lambda: draw_people(replace(DRAWN, people=EXPERTS), at=at(30), actor="x"))
    )


def test_a_replacement_is_the_next_of_the_order_and_stays_in_the_log() -> None:
    name = STAFFED.visits[0].object_id
    leaving = STAFFED.team(name)[0]
    record = replace_person(STAFFED, name, leaving, "病假", "请假条", at=at(30), actor="x")
    (step,) = record.replacements
    assert (step.object_id, step.leaving, step.reason, step.evidence) == (name, leaving, "病假", "请假条")
    assert record.team(name)[0] == step.joining != leaving
    assert last(record)[1]["step"]["joining"] == step.joining
    assert matching_of(STAFFED).pair(name, step.joining).hex() == step.ticket


def test_codes_are_revealed_once_and_only_where_there_are_any() -> None:
    hidden = replace(EMBARGOED, log=EMBARGOED.log[:-1])
    assert (revealed(hidden), revealed(EMBARGOED), revealed(DRAWN)) == (False, True, True)
    assert last(reveal(hidden, at=at(99), actor="x"))[1]["codes"] == list(EMBARGOED.codes)
    assert refused(lambda: reveal(EMBARGOED, at=at(100), actor="x")) == ["代码已经公开"]
    assert refused(lambda: reveal(DRAWN, at=at(100), actor="x")) == ["本次抽取没有待公开的代码"]


def test_a_voided_draw_takes_no_more_acts() -> None:
    assert refused(lambda: void(DRAWN, "  ", at=at(30), actor="x")) == ["作废须写明理由"]
    voided = void(DRAWN, "名册有误", at=at(30), actor="x")
    assert (voided.void, voided.selection) == (True, DRAWN.selection)
    acts: tuple[Callable[[], DrawRecord], ...] = (
        lambda: draw_objects(voided, ENTROPY, at=at(31), actor="x"),
        lambda: remove_objects(voided, [], at=at(31), actor="x"),
        lambda: draw_people(voided, at=at(31), actor="x"),
        lambda: reveal(voided, at=at(31), actor="x"),
        lambda: void(voided, "再次", at=at(31), actor="x"),
    )
    for act in acts:
        assert refused(act) == ["批次 B2026-01 第 1 次抽取已作废"]


def test_a_note_is_of_its_draw_and_never_an_act() -> None:
    record = note(DRAWN, "publish", {"url": "u", "draw_no": 9}, at=at(30), actor="x")
    assert last(record) == ("publish", {"url": "u", "batch_id": "B2026-01", "draw_no": 1})
    with pytest.raises(ValueError, match="void has an act of its own"):
        note(DRAWN, "void", {}, at=at(30), actor="x")
