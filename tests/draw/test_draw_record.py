from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from draw_factories import BALLS, RULES, at, commitment_for, object_rows, people_rows, whole_draw

from engine.draw.commitment import Commitment, Custodian, DrawProfile, DrawRules, make_commitment
from engine.draw.drawing import (
    commit,
    draw_objects,
    draw_people,
    note,
    remove_objects,
    replace_person,
    reveal,
    void,
)
from engine.draw.log import append_entry, head, read_log, story_problems
from engine.draw.record import DrawRecord
from engine.draw.refused import DrawRefused
from engine.draw.roster import render_objects, render_people
from engine.draw.selection import Drawn, Removal
from engine.draw.verification import Report, verify
from engine.kernel.canonical_json import canonical_json, read_canonical
from engine.kernel.instants import to_text

OBJECTS, PEOPLE = render_objects(object_rows()), render_people(people_rows())
EXPERTS = render_people(people_rows(4, "X"))
RECORD = whole_draw()


def failed(report: Report) -> set[str]:
    return {check.name for check in report.checks if not check.ok}


def test_canonical_json_is_rfc_8785_without_floats() -> None:
    # Keys by UTF-16 code units: the example of RFC 8785 section 3.2.3, and the controls of section 3.2.2.2.
    keys = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    assert canonical_json(keys) == '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"\U0001f600":5,"\ufb33":3}'
    assert canonical_json('\u000f\n"\\/\u007f') == '"\\u000f\\n\\"\\\\/\u007f"'
    for wrong in (1.0, {1: 2}, {"a": b""}, object()):
        with pytest.raises(TypeError):
            canonical_json(wrong)
    for text in ('{"b":1,"a":2}', '{"a": 1}', '{"a":1,"a":1}', '"\\u0041"', "1.0", "1e3", "NaN", str(2**53)):
        with pytest.raises(ValueError, match=r".+"):
            read_canonical(text)


def test_a_commitment_comes_back_from_its_text() -> None:
    made = RECORD.parsed
    assert Commitment.from_json(made.to_json()) == made
    assert json.loads(made.to_json())["rules"]["ratios"]["C"] == "1/5"


@pytest.mark.parametrize(
    "damage",
    [
        lambda body: body | {"draw_no": "1"},
        lambda body: body | {"draw_no": True},
        lambda body: body | {"extra": 1},
        lambda body: {key: body[key] for key in body if key != "quotas"},
        lambda body: body | {"rules": body["rules"] | {"rotation": 1}},
        lambda body: body | {"rules": body["rules"] | {"ratios": {"A": 5}}},
        lambda body: body | {"rules": body["rules"] | {"unknown": ""}},
        lambda body: body | {"spec": "ssj-draw/2"},
        lambda body: body | {"profile": "SECRET"},
        lambda body: body | {"custodians": [{"name": "x"}]},
        lambda body: [],
    ],
)
def test_other_texts_are_no_commitments(damage: Callable[[Any], Any]) -> None:
    text = canonical_json(damage(json.loads(RECORD.commitment)))
    with pytest.raises(DrawRefused):
        Commitment.from_json(text)
    assert failed(verify(replace(RECORD, commitment=text))) == {"commitment"}


def test_everything_wrong_with_a_commitment_is_told_at_once() -> None:
    rules = replace(
        RULES, strata="size", match="some", slots=(), valid_on="soon", on_removal="?", ratios={"A": "5"}
    )
    with pytest.raises(DrawRefused) as caught:
        make_commitment(
            batch_id="B 1",
            draw_no=0,
            purpose="",
            objects=OBJECTS,
            people=PEOPLE,
            register_counts={},
            rules=rules,
            entropy_rule=" ",
            entropy_sources=(),
            profile=DrawProfile.EMBARGO,
            custodians=[Custodian("甲", "xyz", 1)],
            previous_log_head="",
        )
    text = str(caught.value)
    for part in ("批次号", "次号", "随机串怎样产生", "前一日志头", "随机来源", "strata", "match", "on_removal", "检查人员数为 0",
                 "专家名册", "基准日", "两位代码保管人", "哈希头应为", "至少两环", "A为 5", "没有写它的抽取比例"):  # fmt: skip
        assert part in text, part


def test_counts_that_differ_from_the_register_are_warned_of() -> None:
    _, warnings = make_commitment(
        batch_id="B1", draw_no=1, purpose="", objects=OBJECTS, people=PEOPLE,
        register_counts={"A": 20, "B": 21, "C": 20, "E": 3}, rules=replace(RULES, experts=0),
        entropy_rule="x", entropy_sources=("dice:24",),
    )  # fmt: skip
    told = [str(warning) for warning in warnings]
    assert len(told) == 3
    assert "“B”层：来源登记有 21 户，名册有 20 户" in told[0]


def test_nothing_to_draw_is_refused() -> None:
    rows = [replace(row, eligible=False, exclude_reason="已注销") for row in object_rows()]
    with pytest.raises(DrawRefused, match="名额为 0"):
        commitment_for(render_objects(rows), PEOPLE, rules=DrawRules(ratios=dict.fromkeys("ABCD", "5%")))


def test_a_whole_draw_verifies_and_comes_back_from_json() -> None:
    for record in (RECORD, whole_draw(embargo=True), whole_draw("TEST-1")):
        report = verify(record)
        assert report.ok, str(report)
        assert DrawRecord.from_json(json.loads(json.dumps(record.to_json()))) == record
    assert "试抽" in str(verify(whole_draw("TEST-1")))
    body = RECORD.to_json()
    for wrong in (
        {},
        body | {"visits": 3},
        body | {"removals": [{}]},
        body | {"removals": [{"object_id": 1, "reason": "", "evidence": ""}]},
        body | {"entropy": 5},
        body | {"objects": 5},
    ):
        with pytest.raises(DrawRefused, match="抽取记录读不出"):
            DrawRecord.from_json(wrong)


def test_anchored_and_unanchored_entries_are_told_apart() -> None:
    report = verify(RECORD)
    assert (report.anchored, report.entries) == (0, 7)
    report = verify(RECORD, [head(RECORD.log[:3])])
    assert (report.anchored, report.entries) == (3, 7)
    assert "前 3 行有外部凭据；其余 4 行" in str(report)
    assert "不在日志里：日志可能被整体换过" in str(verify(RECORD, ["ab" * 32]))
    assert verify(RECORD, [head(RECORD.log)]).anchored == 7


def swapped(record: DrawRecord) -> DrawRecord:
    """Put an undrawn object in a drawn one's place."""
    assert record.selection
    first = record.selection.strata[0]
    other = Drawn("E0076", first.stratum, 1, first.drawn[0].ticket)
    strata = (replace(first, drawn=(other, *first.drawn[1:])), *record.selection.strata[1:])
    return replace(record, selection=replace(record.selection, strata=strata))


@pytest.mark.parametrize(
    ("change", "finds"),
    [
        (lambda r: replace(r, objects=r.objects.replace(b"E0001", b"E0001x")), "rosters"),
        (lambda r: replace(r, objects=b"\xff"), "rosters"),
        (lambda r: replace(r, people=PEOPLE[:-1]), "rosters"),
        (lambda r: replace(r, experts=None), "rosters"),
        (lambda r: replace(r, experts=PEOPLE), "rosters"),
        (lambda r: replace(r, entropy=r.entropy.replace("012345", "012346")), "objects"),
        (lambda r: replace(r, entropy="nonsense"), "objects"),
        (lambda r: replace(r, codes=("00",)), "objects"),
        (swapped, "objects"),
        (lambda r: replace(r, visits=r.visits[1:]), "removals"),
        (lambda r: replace(r, removals=()), "removals"),
        (lambda r: replace(r, removals=(Removal("E0001", "friend"),)), "removals"),
        (lambda r: replace(r, assignments=r.assignments[::-1]), "people"),
        (lambda r: replace(r, assignments=()), "people"),
        (lambda r: replace(r, replacements=r.replacements[::-1]), "acts"),
        (lambda r: replace(r, replacements=(replace(r.replacements[0], joining="P98"),)), "people"),
        (lambda r: replace(r, replacements=()), "acts"),
        (lambda r: replace(r, log=r.log[:-1]), "acts"),
        (lambda r: replace(r, log=(r.log[0], *r.log[2:])), "log"),
        (lambda r: replace(r, log=(r.log[0].replace("leading", "leadinG"), *r.log[1:])), "log"),
        (lambda r: replace(r, log=("{}", *r.log[1:])), "log"),
        (lambda r: replace(r, selection=None), "objects"),
    ],
)  # fmt: skip
def test_every_change_of_the_record_is_found(change: Callable[[DrawRecord], DrawRecord], finds: str) -> None:
    assert finds in failed(verify(change(RECORD)))


def test_a_better_quota_for_a_friend_is_found_even_in_a_fresh_commitment() -> None:
    made = RECORD.parsed
    quota = replace(made.quotas[0], quota=made.quotas[0].quota - 1)
    forged = replace(made, quotas=(quota, *made.quotas[1:]))
    record = commit(forged, OBJECTS, PEOPLE, EXPERTS, at=at(0), actor="x")
    assert failed(verify(record)) == {"quotas"}


def test_one_commitment_is_drawn_once_and_voided_in_public(monkeypatch: pytest.MonkeyPatch) -> None:
    again = f"{BALLS}/dice:000001/batch:B2026-01"
    with pytest.raises(DrawRefused, match="只能抽一次"):
        draw_objects(RECORD, again, at=at(60), actor="x")
    with pytest.raises(DrawRefused, match="作废须写明理由"):
        void(RECORD, " ", at=at(60), actor="x")
    voided = void(RECORD, "名册漏导一个片区", at=at(60), actor="x")
    assert voided.void
    assert "已作废" in str(verify(voided))
    with pytest.raises(DrawRefused, match="已作废"):
        draw_people(voided, at=at(61), actor="x")
    second = commitment_for(OBJECTS, PEOPLE, EXPERTS, draw_no=2, previous_log_head=head(voided.log))
    record = commit(second, OBJECTS, PEOPLE, EXPERTS, log=voided.log, at=at(61), actor="x")
    assert verify(record).ok
    with pytest.raises(DrawRefused, match="已用于第 1 次抽取"):
        draw_objects(record, RECORD.entropy, at=at(90), actor="x")
    assert verify(draw_objects(record, again, at=at(90), actor="x")).ok
    with monkeypatch.context() as forged:
        forged.setattr("engine.draw.drawing._used_before", lambda *given: ())
        reused = draw_objects(record, RECORD.entropy, at=at(90), actor="x")
    assert failed(verify(reused)) == {"log"}
    silent = commitment_for(OBJECTS, PEOPLE, EXPERTS, draw_no=2, previous_log_head=head(RECORD.log))
    record = commit(silent, OBJECTS, PEOPLE, EXPERTS, log=RECORD.log, at=at(61), actor="x")
    assert "没有作废" in str(verify(record))


def test_what_was_committed_to_cannot_be_changed_before_the_draw() -> None:
    made = commitment_for(OBJECTS, PEOPLE, EXPERTS)
    record = commit(made, OBJECTS, PEOPLE, EXPERTS, at=at(0), actor="x")
    entropy = f"{BALLS}/dice:000001/batch:B2026-01"
    smaller = b"".join(line for line in OBJECTS.splitlines(keepends=True) if not line.startswith(b"E0005"))
    other = commitment_for(OBJECTS, PEOPLE, EXPERTS, purpose="另一目的").to_json()
    broken = (record.log[0].replace("commit", "publish"),)
    for changed, sentence in (
        ({"objects": smaller}, "检查对象名册在承诺之后被改动"),
        ({"people": EXPERTS}, "检查人员名册在承诺之后被改动"),
        ({"experts": None}, "专家名册在承诺之后被改动"),
        ({"commitment": other.replace("B2026-01", "B2026-02")}, "承诺书在公布之后被改动"),
        ({"log": broken}, "该行写入后被改动"),
    ):
        with pytest.raises(DrawRefused, match=sentence):
            draw_objects(replace(record, **changed), entropy, at=at(30), actor="x")
    drawn = draw_objects(record, entropy, at=at(30), actor="x")
    with pytest.raises(DrawRefused, match="检查人员名册在承诺之后被改动"):
        draw_people(replace(drawn, people=EXPERTS), at=at(31), actor="x")


def test_acts_out_of_order_are_refused() -> None:
    made = commitment_for(OBJECTS, PEOPLE, EXPERTS)
    record = commit(made, OBJECTS, PEOPLE, EXPERTS, at=at(0), actor="x")
    assert verify(record).ok
    with pytest.raises(DrawRefused, match="还没有抽取对象"):
        draw_people(record, at=at(1), actor="x")
    with pytest.raises(DrawRefused, match="还没有抽取对象"):
        remove_objects(record, [], at=at(1), actor="x")
    with pytest.raises(DrawRefused, match="已经抽取"):
        remove_objects(RECORD, [], at=at(60), actor="x")
    with pytest.raises(DrawRefused, match="已经抽取"):
        draw_people(RECORD, at=at(60), actor="x")
    with pytest.raises(DrawRefused, match="没有待公开的代码"):
        reveal(RECORD, at=at(60), actor="x")
    with pytest.raises(DrawRefused, match="不在"):
        replace_person(RECORD, RECORD.visits[1].object_id, "P99", "病假", at=at(60), actor="x")
    with pytest.raises(DrawRefused, match="名册与承诺书的摘要不符"):
        commit(made, OBJECTS, EXPERTS, EXPERTS, at=at(0), actor="x")
    with pytest.raises(DrawRefused, match="最后一行"):
        commit(made, OBJECTS, PEOPLE, EXPERTS, log=RECORD.log, at=at(0), actor="x")
    with pytest.raises(DrawRefused, match="一边有、一边没有"):
        commit(made, OBJECTS, PEOPLE, at=at(0), actor="x")


def test_notes_and_bad_instants() -> None:
    told = note(RECORD, "refused", {"attempt": "second draw"}, at=at(60), actor="x")
    assert verify(told).ok
    with pytest.raises(ValueError, match="act of its own"):
        note(RECORD, "draw", {}, at=at(60), actor="x")
    with pytest.raises(ValueError, match="naive"):
        note(RECORD, "publish", {}, at=at(60).replace(tzinfo=None), actor="x")
    with pytest.raises(ValueError, match="unknown kind"):
        append_entry((), "preview", {}, at(0), "x")
    # A clock set back: the line is of the instant of the one before it, and the log stays in order.
    early = note(RECORD, "publish", {}, at=at(1), actor="x")
    assert verify(early).ok
    instants = [str(read_canonical(line)["at"]) for line in early.log[-2:]]
    assert instants[0] == instants[1] > to_text(at(1))


def test_every_way_a_log_can_be_tampered_with() -> None:
    lines = RECORD.log
    for index in range(len(lines)):
        entry = json.loads(lines[index])
        for key, value in (
            ("actor", "y"),
            ("seq", 9),
            ("previous", "1" * 64),
            ("kind", "void"),
            ("at", "2026"),
        ):
            bad = (*lines[:index], canonical_json(entry | {key: value}), *lines[index + 1 :])
            assert read_log(bad)[1], (index, key)
    assert read_log(lines[1:])[1]
    assert read_log((lines[1], lines[0], *lines[2:]))[1]
    odd = append_entry((), "remove", {"batch_id": [], "draw_no": [], "removals": 5}, at(0), "x")
    assert failed(verify(replace(RECORD, log=odd))) == {"log", "acts"}
    odd = append_entry(
        RECORD.log, "remove", {"batch_id": "B2026-01", "draw_no": 1, "removals": 5}, at(99), "x"
    )
    assert failed(verify(replace(RECORD, log=odd))) == {"acts"}
    place: dict[str, object] = {"batch_id": "B1", "draw_no": 1}
    early = append_entry((), "entropy", place, at(0), "x")
    assert "承诺之前" in str(story_problems(read_log(early)[0])[0])
    twice = append_entry(append_entry((), "commit", place, at(0), "x"), "commit", place, at(0), "x")
    assert "承诺了两次" in str(story_problems(read_log(twice)[0])[0])
    after = append_entry(append_entry(twice[:1], "void", place, at(1), "x"), "draw", place, at(2), "x")
    assert len(story_problems(read_log(after)[0])) == 2


def test_a_draw_of_closed_cases_uses_the_same_machine() -> None:
    from engine.draw.roster import ObjectRow, PersonRow

    cases = render_objects([ObjectRow(f"inspection-{i}", f"检查件{i}", items=()) for i in range(30)])
    supervisors = render_people([PersonRow(f"S{i}", recusals=(f"inspection-{i}",)) for i in range(3)])
    rules = DrawRules(ratios={"全部": "10%"}, strata="whole", slots=("",))
    made = commitment_for(cases, supervisors, rules=rules, batch="CALL-1")
    record = commit(made, cases, supervisors, at=at(0), actor="x")
    record = draw_objects(record, f"{BALLS}/dice:555555/batch:CALL-1", at=at(30), actor="x")
    record = draw_people(record, at=at(31), actor="x")
    assert len(record.visits) == 3
    assert all(len(record.team(item.object_id)) == 1 for item in record.visits)
    assert verify(record).ok
