"""Checking a draw: each part that differs is found by the check that is about it, with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from draw_factories import at, commitment_for, object_rows, people_rows, whole_draw

from engine.draw.commitment import Commitment
from engine.draw.drawing import commit, note, void
from engine.draw.log import append_entry, head
from engine.draw.matching import Replacement
from engine.draw.record import DrawRecord
from engine.draw.roster import render_objects, render_people
from engine.draw.selection import Removal
from engine.draw.verification import DrawCheck, Report, verify
from engine.kernel.refusal import RefusalReason
from engine.language import say

RECORD = whole_draw()
EMBARGOED = whole_draw(embargo=True)
OBJECTS, PEOPLE = render_objects(object_rows()), render_people(people_rows())
EXPERTS = render_people(people_rows(4, "X"))
COMMITTED = commit(commitment_for(OBJECTS, PEOPLE, EXPERTS), OBJECTS, PEOPLE, EXPERTS, at=at(0), actor="x")
Change = Callable[[DrawRecord], DrawRecord]


def failed(report: Report) -> dict[str, list[str]]:
    return {
        check.name: [str(problem.message) for problem in check.problems]
        for check in report.checks
        if not check.ok
    }


def forged(change: Callable[[Commitment], Commitment]) -> DrawRecord:
    """Return a record opened anew under a changed commitment."""
    return commit(change(COMMITTED.parsed), OBJECTS, PEOPLE, EXPERTS, at=at(0), actor="x")


def test_an_honest_draw_passes_every_check() -> None:
    report = verify(RECORD)
    assert [check.name for check in report.checks] == [
        "commitment", "rosters", "quotas", "objects", "removals", "people", "log", "acts",
    ]  # fmt: skip
    assert report.ok is True
    assert str(report).splitlines()[0] == "√ 承诺书规范"
    assert str(report).endswith("\n核验通过")
    assert [check.name for check in verify(COMMITTED).checks] == [
        "commitment", "rosters", "quotas", "log", "acts",
    ]  # fmt: skip


def test_a_report_is_lines_of_what_was_checked_and_noted() -> None:
    problem = RefusalReason("differs", say("不符"))
    report = Report((DrawCheck("a", say("甲")), DrawCheck("b", say("乙"), (problem,))), (say("附注"),))
    assert [check.ok for check in report.checks] == [True, False]
    assert report.ok is False
    assert str(report) == "√ 甲\n× 乙\n    不符\n· 附注\n核验未通过"


def test_a_commitment_that_cannot_be_read_ends_the_check() -> None:
    report = verify(replace(RECORD, commitment="{}"))
    assert list(failed(report)) == ["commitment"]
    assert len(report.checks) == 1


@pytest.mark.parametrize(
    ("change", "name", "says"),
    [
        (lambda c: replace(c, objects=replace(c.objects, rows=9)), "rosters", "行数与承诺书不符：80 行"),
        (lambda c: replace(c, people=replace(c.people, excluded={"x": 1})), "rosters", "排除原因合计与承诺书不符"),
        (lambda c: replace(c, districts={}), "rosters", "各片区户数与承诺书不符"),
        (lambda c: replace(c, strata={}), "quotas", "各层户数与承诺书不符"),
        (lambda c: replace(c, quotas=c.quotas[1:]), "quotas", "“A”层名额应为"),
        (lambda c: replace(c, quotas=c.quotas[::-1]), "quotas", "承诺书各层的次序不对"),
    ],
)  # fmt: skip
def test_a_commitment_that_does_not_fit_its_rosters(
    change: Callable[[Commitment], Commitment], name: str, says: str
) -> None:
    found = failed(verify(forged(change)))
    assert list(found) == [name]
    assert any(says in text for text in found[name])


def test_a_digest_that_differs_is_told_for_each_function() -> None:
    found = failed(verify(replace(COMMITTED, objects=render_objects(object_rows(79)))))
    assert "检查对象名册的 SHA-256 应为" in found["rosters"][0]
    assert "检查对象名册的 SM3 应为" in found["rosters"][1]
    assert failed(verify(replace(COMMITTED, experts=None)))["rosters"] == ["专家名册与承诺书一边有、一边没有"]
    assert list(failed(verify(replace(COMMITTED, people=b"x")))) == ["rosters"]


def _other_batch(record: DrawRecord) -> DrawRecord:
    assert record.selection is not None
    return replace(record, selection=replace(record.selection, batch_id="B9"))


def _fewer_strata(record: DrawRecord) -> DrawRecord:
    assert record.selection is not None
    return replace(record, selection=replace(record.selection, strata=record.selection.strata[::-1]))


def _one_less(record: DrawRecord) -> DrawRecord:
    assert record.selection is not None
    first = record.selection.strata[0]
    strata = (replace(first, drawn=first.drawn[1:]), *record.selection.strata[1:])
    return replace(record, selection=replace(record.selection, strata=strata))


@pytest.mark.parametrize(
    ("change", "name", "says"),
    [
        (_other_batch, "objects", "抽取结果的批次或次号与承诺书不符"),
        (_fewer_strata, "objects", "抽取结果的层次多余或次序不对"),
        (_one_less, "objects", "“A”层抽取结果不符：少列 E"),
        (lambda r: replace(r, selection=None), "objects", "没有抽取对象，却有人员"),
        (lambda r: replace(r, visits=r.visits[1:]), "removals", "剔除后的检查名单不符：E"),
        (lambda r: replace(r, visits=r.visits[::-1]), "removals", "剔除后的检查名单不符：次序或随机号被改"),
        (lambda r: replace(r, removals=(Removal("E0001", "friend"),)), "removals", "E0001"),
        (lambda r: replace(r, assignments=()), "people", "没有抽取人员，却有更换"),
        (lambda r: replace(r, assignments=r.assignments[:-1]), "people", "检查人员不符：E"),
        (lambda r: replace(r, assignments=r.assignments[::-1]), "people", "检查人员不符：次序被改或多列"),
        (lambda r: replace(r, replacements=(replace(r.replacements[0], joining="P98"),)), "people", "记录为 P98"),
        (lambda r: replace(r, log=r.log[1:]), "log", "日志第 1 行：序号为 2：中间有缺失或次序被改"),
        (lambda r: replace(r, replacements=r.replacements[:1]), "acts", "日志所记与记录不符"),
        (lambda r: replace(r, removals=()), "acts", "日志所记的剔除与记录不符"),
    ],
)  # fmt: skip
def test_each_changed_part_is_found_by_its_check(change: Change, name: str, says: str) -> None:
    found = failed(verify(change(RECORD)))
    assert any(says in text for text in found[name]), found


def test_codes_and_the_head_before_are_compared_with_the_log() -> None:
    other = replace(EMBARGOED, codes=EMBARGOED.codes[::-1])
    assert "日志所记的代码与记录不符" in failed(verify(other))["acts"]
    moved = forged(lambda c: c)
    text = replace(moved.parsed, previous_log_head="1" * 64)
    body = {
        "batch_id": text.batch_id,
        "draw_no": 1,
        "sha256": text.digests().sha256,
        "sm3": text.digests().sm3,
    }
    moved = replace(moved, commitment=text.to_json(), log=append_entry((), "commit", body, at(0), "x"))
    assert failed(verify(moved)) == {"acts": ["承诺书所记的前一日志头与日志不符"]}


def test_a_replacement_without_a_place_is_told() -> None:
    odd = Replacement("E9999", "people", 0, "P01", "P02", "", "病假")
    assert "P01 不在 E9999 的检查组里" in failed(verify(replace(RECORD, replacements=(odd,))))["people"]


def notes(record: DrawRecord, anchors: tuple[str, ...] = ()) -> list[str]:
    return [str(one) for one in verify(record, anchors).notes]


def test_notes_say_what_a_reader_must_know() -> None:
    digests = RECORD.parsed.digests()
    assert notes(RECORD)[0] == (f"请与事先公布的承诺摘要核对：SHA-256 {digests.sha256}，SM3 {digests.sm3}")
    assert "尚未抽取" in notes(COMMITTED)
    assert "这是试抽，不作为抽查依据" in notes(whole_draw("TEST-1"))
    assert "保密抽取：代码须由各保管人在检查期满后公开" in notes(EMBARGOED)
    assert "本次抽取已作废" in notes(void(RECORD, "名册有误", at=at(99), actor="x"))
    assert notes(RECORD, (head(RECORD.log),))[1:] == [
        "规程 ssj-draw/1 不能证明：承诺时各期彩票尚未开奖；单位以外有人事先持有承诺；没有先录入过别的结果；没有别的承诺被搁下不抽"
    ]
    assert notes(RECORD, (head(RECORD.log[:2]),))[-1].startswith(
        "日志共 7 行，其中前 2 行有外部凭据；其余 5 行"
    )


@pytest.mark.parametrize("others", [(), (head(RECORD.log),)], ids=["alone", "beside one that is"])
def test_a_head_that_is_not_in_the_log_fails_the_check(others: tuple[str, ...]) -> None:
    report = verify(RECORD, ("f" * 64, *others))
    assert not report.ok
    assert list(failed(report)) == ["anchors"]
    (said,) = failed(report)["anchors"]
    assert said.startswith(f"日志头“{'f' * 64}”不在日志里")
    assert str(report).endswith("核验未通过")


def test_a_head_may_be_copied_in_capitals_and_with_spaces() -> None:
    report = verify(RECORD, (f" {head(RECORD.log).upper()}\n",))
    assert (report.ok, report.anchored) == (True, 7)


def test_how_many_entries_are_anchored() -> None:
    told = note(RECORD, "publish", {}, at=at(60), actor="x")
    report = verify(told, [head(RECORD.log)])
    assert (report.anchored, report.entries, report.ok) == (7, 8, True)
