"""The guided ceremony, its minutes, and trials that count for nothing; everything typed comes from standard input."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from draws_fixtures import BATCH, CHIEF, DICE, Desk, Said

from engine.draw.kit import read_kit
from engine.draw.verification import verify

DIGITS = DICE.removeprefix("dice:")


def held(desk: Desk, *typed: str, witness: str = "witness", words: tuple[object, ...] = ()) -> Said:
    return desk.ssj(
        *("draw", "run", BATCH, "--ceremony", "--as", "drawer", "--witness", witness, *words),
        typed="".join(f"{line}\n" for line in typed),
    )


def test_the_ceremony_draws_and_writes_minutes(desk: Desk) -> None:
    desk.committed()
    out = desk.home.parent / "minutes"
    said = held(desk, DIGITS, DIGITS, "", "当众掷骰", "y", words=("--out", out))
    assert said.code == 0, said.err
    record = desk.record()
    assert verify(record).ok
    digests = record.parsed.digests()
    groups = re.findall(r"[0-9a-f]{8}", digests.sha256)
    assert f"  {' '.join(groups[:4])}\n  {' '.join(groups[4:])}" in said.out
    assert f"{DICE}/batch:{BATCH}" in said.out
    assert record.selection is not None
    drawn = record.selection.drawn
    assert drawn[0].ticket in said.out
    assert drawn[-1].ticket in said.out
    for stratum in record.selection.strata:
        assert stratum.cutoff in said.out
    made = sorted(path.name for path in out.iterdir())
    assert [name.partition("-")[2] for name in made] == ["draw_minutes.html", "draw_minutes.txt"]
    page = next(out.glob("*.html")).read_text("utf-8")
    assert digests.sm3[:8] in page
    assert drawn[-1].ticket in page
    assert page.count('class="line"') == 6
    filed = json.loads(desk.done("document", "list", BATCH, "--json"))
    assert [one["kind"] for one in filed] == ["draw_minutes", "draw_minutes"]
    with desk.look() as transaction:
        case = transaction.cases.get(BATCH)
    assert case is not None
    assert (case.state, case.fields["entropy_by"]) == ("confirming", "drawer")
    assert case.forms["entropy_confirmation"]["seen_original"] is True


def test_different_typings_are_shown_and_typed_again(desk: Desk) -> None:
    desk.committed()
    wrong = DIGITS[:5] + "999" + DIGITS[8:]
    said = held(desk, DIGITS, wrong, DIGITS, DIGITS, "", "掷骰", "y")
    assert said.code == 0
    assert "两人录入不一致：第 6 个字符" in said.err
    assert desk.record().entropy.startswith(DICE)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ([DIGITS, DIGITS[:-1]] * 3, "录入 3 次仍不一致"),
        ([DIGITS[:-1]] * 6, "骰子应有 24 位，实有 23 位"),
        ([DIGITS, DIGITS, "", "掷骰", "n"], "未确认，没有抽取"),
        ([DIGITS], "输入到此为止"),
        ([DIGITS, DIGITS, "昨天", "掷骰", "y"], "取得时刻读不出"),
        ([DIGITS, DIGITS, "2026-03-01 08:00", "掷骰", "y"], "早于承诺公布"),
    ],
)
def test_a_ceremony_that_goes_wrong_leaves_nothing_behind(
    desk: Desk, typed: list[str], sentence: str
) -> None:
    desk.committed()
    said = held(desk, *typed)
    assert said.code == 1
    assert sentence in said.err
    assert desk.row().status == "committed"
    assert desk.record().entropy == ""
    with desk.look() as transaction:
        case = transaction.cases.get(BATCH)
    assert case is not None
    assert case.state == "committed"
    assert "draw_entropy" not in case.forms
    assert held(desk, DIGITS, DIGITS, "", "掷骰", "y").code == 0


def test_a_witness_without_the_office_is_refused_and_noted(desk: Desk) -> None:
    desk.committed()
    said = held(desk, DIGITS, DIGITS, "", "掷骰", "y", witness=CHIEF)
    assert said.code == 1
    assert "监督见证人" in said.err
    assert (desk.attempts()[-1].step, desk.attempts()[-1].actor) == ("draw_objects", CHIEF)
    assert desk.row().status == "committed"


def test_who_types_may_not_witness(desk: Desk) -> None:
    desk.committed()
    said = held(desk, witness="drawer")
    assert "复录的见证人不能是录入人本人" in said.err
    assert "名录中没有“nobody”" in held(desk, witness="nobody").err


def test_a_ceremony_needs_a_commitment_and_is_held_once(desk: Desk) -> None:
    early = held(desk)
    assert early.code == 1
    assert "还没有公布承诺" in early.err
    desk.drawn()
    late = held(desk)
    assert "已经抽过" in late.err
    assert desk.ssj("draw", "run", BATCH, "--ceremony", "--as", "drawer").code == 2
    assert desk.ssj("draw", "run", BATCH, "--as", "drawer", "--witness", "witness").code == 2


def test_minutes_can_be_printed_again_and_tell_of_refusals(desk: Desk) -> None:
    assert "没有抽取记录" in desk.ssj("draw", "minutes", BATCH, "--as", "drawer").err
    desk.drawn()
    desk.step("commit_draw", "drawer")
    said = desk.done("draw", "minutes", BATCH, "--as", "drawer")
    assert "被拒绝的操作 1 次" in said
    assert "录入 drawer，复录 witness" in said


def test_a_trial_is_watermarked_and_leaves_nothing(desk: Desk) -> None:
    folder = desk.home.parent / "trial"
    said = desk.done("draw", "trial", BATCH, "--digits", DIGITS, "--kit", folder)
    assert said.count("试抽，不作为抽查依据") >= 6
    assert f"TEST-{DICE}/batch:TEST-{BATCH}" in said
    assert desk.ssj("draw", "show", BATCH).code == 1
    record, damage = read_kit({path.name: path.read_bytes() for path in folder.iterdir()})
    assert not damage
    assert verify(record).ok
    assert json.loads((folder / "result.json").read_text("utf-8"))["watermark"] == "试抽，不作为抽查依据"
    desk.drawn()
    assert {v.ticket for v in desk.record().visits}.isdisjoint(v.ticket for v in record.visits)


def test_a_trial_draws_anew_each_time_and_refuses_wrong_digits(desk: Desk) -> None:
    assert desk.done("draw", "trial", BATCH) != desk.done("draw", "trial", BATCH)
    said = desk.ssj("draw", "trial", BATCH, "--digits", "123")
    assert said.code == 1
    assert "骰子应有 24 位" in said.err
    assert desk.ssj("draw", "trial", "batch-9").code == 1


def test_a_trials_entropy_cannot_be_used_for_the_draw(desk: Desk) -> None:
    desk.committed().typed(f"TEST-{DICE}")
    said = desk.step("draw_objects", "witness", {"entropy": f"TEST-{DICE}", "seen_original": True})
    assert said.code == 1
    assert "带 TEST- 的随机串只能用于试抽" in said.err


def test_the_commitment_fits_one_page_with_its_digests(desk: Desk, tmp_path: Path) -> None:
    desk.committed()
    desk.done("document", "render", BATCH, "commitment", tmp_path / "c.html")
    page = (tmp_path / "c.html").read_text("utf-8")
    digests = desk.record().parsed.digests()
    for digest in (digests.sha256, digests.sm3):
        assert all(f"<span>{digest[at : at + 8]}</span>" in page for at in range(0, 64, 8))
    assert f"SSJ-DRAW1|{BATCH}|1|{digests.sha256}" in page
    assert "<svg" in page


def test_where_people_sign_in_both_do(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.committed()
    for person, number in (("drawer", "one"), ("witness", "two")):
        secret = desk.home.parent / person
        secret.write_text(f"{number} keeps a long phrase 7", "utf-8")
        secret.chmod(0o600)
        desk.done("user", "password", person, "--file", secret, "--as", person)
    with desk.application() as application, application.store.write() as transaction:
        transaction.settings.put("sign_in", "required")
    monkeypatch.setenv("SSJ_PASSWORD_FILE", str(desk.home.parent / "drawer"))
    wrong = held(desk, "one keeps a long phrase 7", DIGITS, DIGITS, "", "掷骰", "y")
    assert wrong.code == 1
    assert desk.row().status == "committed"
    right = held(desk, "two keeps a long phrase 7", DIGITS, DIGITS, "", "掷骰", "y")
    assert right.code == 0, right.err
    assert "keeps a long phrase" not in right.out + right.err
