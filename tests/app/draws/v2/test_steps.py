"""The acts of a public draw as steps of its case: what each enters into the log, and what is refused."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import pytest
from draws_fixtures import BATCH, CHIEF, ZONE
from public_fixtures import PublicDesk, public_copy

from engine.app.draws.v2 import stored
from engine.app.draws.v2.steps import KNOWN_ON, HeldDraw
from engine.draw.v2.visits import visits_of


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        (["ssq:2026001", "dlt"], "随机来源须在承诺之后的日子产生"),
        (["dice:24"], "随机来源的结果太少"),
    ],
)
def test_sources_that_are_known_or_chosen_are_refused(
    sources: list[str], told: str, shipped_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = public_copy(shipped_home, tmp_path, datetime(2026, 3, 2, 9, tzinfo=ZONE), monkeypatch)
    desk.planned(sources=sources)
    said = desk.step("commit_draw", "drawer")
    assert (said.code, told in said.err) == (1, True), said.err
    assert desk.log().lines == ()


def test_the_issues_are_those_of_the_calendar_and_nobody_picks_them(public: PublicDesk) -> None:
    public.committed()
    shown = public.shown()
    assert shown["sources"] == ["ssq:2026023", "dlt:2026022"]
    assert [one["day"] for one in shown["commitment"]["sources"]] == ["2026-03-03", "2026-03-04"]
    assert (shown["known_on"], public.case().fields[KNOWN_ON]) == ("2026-03-04", "2026-03-04")


def test_nothing_is_typed_before_its_day(public: PublicDesk) -> None:
    public.committed()
    said = public.type_results()
    assert (said.code, "开奖日之前就录入了结果" in said.err) == (1, True), said.err


def test_one_person_does_not_type_for_two(public: PublicDesk) -> None:
    public.committed()
    public.to_the_day()
    assert public.type_results().code == 0
    assert public.confirm_results(person="drawer").code == 1
    assert public.draw().strata == ()


def test_nobody_voids_or_removes_alone(drawn: PublicDesk) -> None:
    assert "还没有人申请作废" in drawn.step("void_draw", "deputy", reason="不满意").err
    assert (
        drawn.step("ask_void", "deputy", {"reason_code": "procedure", "facts": "-", "evidence": "-"}).code
        == 1
    )
    lots = [visit.row.object_id for visit in visits_of(drawn.draw())]
    listed = {
        "checked": True,
        "removals": [{"object": lots[0], "reason": "cancelled", "evidence": "登记信息"}],
    }
    assert drawn.takes("confirm_list", CHIEF, listed) == "agreeing_removals"
    assert drawn.step("agree_removals", CHIEF).code == 1
    assert drawn.draw().removals == ()
    assert drawn.takes("agree_removals", "witness") == "to_draw_inspectors"
    (removal,) = drawn.draw().removals
    with drawn.look() as transaction:
        salt, _, words = (transaction.records.evidence(removal["evidence"]) or b"").partition(b"\n")
    assert (len(bytes.fromhex(salt.decode())), words.decode()) == (16, "登记信息")
    # Words can be guessed, and the digest is in the public log beside the lot.
    assert removal["evidence"] != hashlib.sha256("登记信息".encode()).hexdigest()
    assert lots[0] not in [visit.row.object_id for visit in visits_of(drawn.draw())]
    assert len(list(visits_of(drawn.draw()))) == len(lots)


def test_the_log_calls_people_by_pseudonyms_of_the_key_of_their_draw(drawn: PublicDesk) -> None:
    with drawn.look() as transaction:
        row = transaction.records.draw(BATCH)
        assert row is not None
        held = HeldDraw.take(transaction, row)
        key = stored.key_of(transaction, row)
    assert (held.draw, held.log, held.key) == (drawn.draw(), drawn.log(), key)
    typed, entropy = (held.log.of(held.draw.name, kind)[0].by for kind in ("typed", "entropy"))
    assert (typed, entropy) == (held.called("drawer"), held.called("witness"))
    assert held.called("drawer") == stored.pseudonym(key, "drawer") != "drawer"
    assert row.status == "objects_drawn"
    steps = [event.body for event in drawn.events() if event.body.get("step") == "draw_objects"]
    assert steps[-1]["effects"]["drawn"] == {
        "number": 1,
        "objects": len(held.draw.visits),
        "log_lines": len(held.log.lines),
    }


def test_a_draw_that_was_asked_to_be_void_is_void_by_another_person(drawn: PublicDesk) -> None:
    name = drawn.draw().name
    asked = {"reason_code": "procedure", "facts": "未公告", "evidence": "记录"}
    assert drawn.step("ask_void", "drawer", asked).code == 0
    assert drawn.step("void_draw", "drawer", reason="程序不合").code == 1
    assert drawn.row().status == "objects_drawn"
    assert drawn.takes("void_draw", "deputy", reason="程序不合") == "to_commit"
    assert (drawn.row().status, drawn.log().of(name)[-1].kind) == ("void", "void")
