"""A draw whose list stays inside until the visits are done: two custodians, a reveal, and void without it."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from draws_fixtures import BATCH, CHIEF, CODES, CUSTODIANS, DICE, OLDER, OTHER, ZONE, Desk

from engine.app.ports.records import Publication
from engine.draw.entropy import make_chain
from engine.draw.verification import verify

SEEN = {"entropy": DICE, "seen_original": True}
VOID = {"applicant": "drawer", "reason_code": "code_withheld", "facts": "未交代码", "evidence": "会议记录"}


def typed(desk: Desk, codes: list[str], digits: str = DICE) -> None:
    desk.takes("type_entropy", "drawer", {**desk.entropy(digits), "codes": codes})


def publications(desk: Desk) -> list[Publication]:
    with desk.look() as transaction:
        return [p for p in transaction.records.publications(case_id=BATCH) if p.kind == "draw"]


def dispatched(desk: Desk) -> Desk:
    typed(desk, CODES)
    desk.takes("draw_objects", "witness", SEEN)
    desk.takes("confirm_list", CHIEF, {"checked": True})
    desk.takes("draw_inspectors", "drawer")
    passed = {"declared": 0, "declared_excluded": True, "all_trained": True}
    desk.takes("pass_recusal_check", "witness", passed)
    desk.takes("dispatch", CHIEF)
    return desk


def test_the_commitment_names_the_custodians(kept: Desk) -> None:
    commitment = kept.record().parsed
    assert commitment.profile.value == "EMBARGO"
    assert [c.head for c in commitment.custodians] == [c["head"] for c in CUSTODIANS]


def test_the_list_stays_inside_until_it_is_revealed(kept: Desk) -> None:
    dispatched(kept)
    record = kept.record()
    drawn = {visit.object_id for visit in record.visits}
    assert len(drawn) > 3
    for publication in publications(kept):
        told = json.dumps(publication.body, ensure_ascii=False)
        assert not any(one in told for one in (*drawn, *CODES))
    said = kept.ssj("draw", "kit", BATCH, kept.home.parent / "kit")
    assert "尚未公开" in said.err
    early = kept.ssj("draw", "reveal", BATCH, "--as", "drawer")
    assert "检查日期尚未届满" in early.err
    assert "检查日期尚未届满" in "".join(kept.attempts()[-1].reasons)
    kept.clock.set(datetime(2026, 4, 20, 9, tzinfo=ZONE))
    kept.done("draw", "reveal", BATCH, "--as", "drawer")
    last = publications(kept)[-1].body["draw"]
    assert {one["id"] for one in last["selected"]} == drawn
    assert last["codes"] == CODES
    kept.done("draw", "kit", BATCH, kept.home.parent / "kit")
    kept.done("draw", "verify", kept.home.parent / "kit")
    assert kept.ssj("draw", "reveal", BATCH, "--as", "drawer").code == 1


@pytest.mark.parametrize(
    ("codes", "sentence"),
    [
        ([CODES[0]], "应有 2 位保管人的代码，实有 1 个"),
        ([], "应有 2 位保管人的代码，实有 0 个"),
        ([CODES[0], OLDER[1]], "公证处交出的代码与其事先公布的哈希头不符"),
        ([CODES[1], CODES[0]], "本局交出的代码与其事先公布的哈希头不符"),
        ([CODES[0], "xyz"], "一次性代码应为偶数个十六进制数字"),
    ],
)
def test_without_every_code_nothing_is_drawn(kept: Desk, codes: list[str], sentence: str) -> None:
    typed(kept, codes)
    said = kept.step("draw_objects", "witness", SEEN)
    assert said.code == 1
    assert sentence in said.err
    assert sentence in "".join(kept.attempts()[-1].reasons)
    assert kept.record().selection is None


def test_a_code_not_given_voids_the_draw_and_the_next_one_needs_other_custodians(kept: Desk) -> None:
    kept.takes("void_draw", "deputy", VOID, reason="公证处不交出代码")
    third = make_chain(bytes([3]) * 32, 4)
    others = [CUSTODIANS[0], {"name": "司法局", "head": third[-1].hex(), "length": 4}]
    kept.takes("change_custodians", "drawer", {"custodians": others})
    kept.committed()
    assert [c.name for c in kept.record().parsed.custodians] == ["本局", "司法局"]
    typed(kept, [CODES[0], third[-2].hex()])
    kept.takes("draw_objects", "witness", SEEN)
    assert verify(kept.record()).ok


def test_a_code_opens_one_draw_only(kept: Desk) -> None:
    typed(kept, CODES)
    kept.takes("draw_objects", "witness", SEEN)
    first = {visit.object_id for visit in kept.record().visits}
    kept.takes("void_draw", "deputy", {**VOID, "reason_code": "roster_error"}, reason="名册有误")
    kept.committed()
    again = kept.record().parsed.custodians
    assert [(c.head, c.length) for c in again] == [(code, 4) for code in CODES]
    typed(kept, CODES, OTHER)
    said = kept.step("draw_objects", "witness", {"entropy": OTHER, "seen_original": True})
    assert "本局交出的代码与其事先公布的哈希头不符" in said.err
    kept.takes("retype_entropy", "witness", reason="代码已用过")
    typed(kept, OLDER, OTHER)
    kept.takes("draw_objects", "witness", {"entropy": OTHER, "seen_original": True})
    assert {visit.object_id for visit in kept.record().visits} != first
    assert verify(kept.record()).ok


def test_an_open_draw_has_nothing_to_reveal(desk: Desk) -> None:
    desk.complete()
    assert desk.ssj("draw", "reveal", BATCH, "--as", "drawer").code == 1
    assert not {"profile", "revealed", "codes"} & set(publications(desk)[-1].body["draw"])


def test_one_custodian_is_not_enough(fresh: Desk) -> None:
    fresh.done("case", "start", "batch", "--title", "抽查", "--as", "leading")
    plan = fresh.plan(profile="embargo", custodians=CUSTODIANS[:1])
    assert fresh.step("submit_plan", CHIEF, plan).code == 1
    plan = fresh.plan(profile="embargo")
    assert "代码保管人" in fresh.step("submit_plan", CHIEF, plan).err


def test_a_custodian_makes_a_chain_offline(desk: Desk) -> None:
    made = dict(line.split("\t") for line in desk.done("draw", "chain", "--length", 5).splitlines())
    secret, head, code, length = made.values()
    links = make_chain(bytes.fromhex(secret), 5)
    assert (head, code, length) == (links[-1].hex(), links[-2].hex(), "5")
    used = desk.done("draw", "chain", "--length", 5, "--secret", secret, "--used", 1).splitlines()
    assert [line.split("\t")[1] for line in used[1:]] == [links[-2].hex(), links[-3].hex(), "4"]
    assert desk.ssj("draw", "chain", "--length", 5, "--secret", secret, "--used", 4).code == 2
    assert desk.ssj("draw", "chain", "--secret", "ab").code == 2


def test_a_ceremony_under_embargo_asks_for_codes_and_tells_no_names(kept: Desk) -> None:
    digits = DICE.removeprefix("dice:")
    held = ("draw", "run", BATCH, "--ceremony", "--as", "drawer", "--witness", "witness")
    lines = [digits, digits, "", "当众掷骰", *CODES, "y"]
    swapped = [digits, digits, "", "当众掷骰", *reversed(CODES), "y"]
    said = kept.ssj(*held, typed="".join(f"{line}\n" for line in swapped))
    assert "本局交出的代码与其事先公布的哈希头不符" in said.err
    assert kept.row().status == "committed"
    said = kept.ssj(*held, typed="".join(f"{line}\n" for line in lines))
    assert said.code == 0, said.err
    told = said.out + said.err
    assert "保密抽取：名单和随机号在代码公开以前不写入笔录" in told
    record = kept.record()
    assert len(record.visits) > 3
    for visit in record.visits:
        assert visit.object_id not in told
        assert visit.ticket not in told
    assert not any(code in told for code in CODES)
