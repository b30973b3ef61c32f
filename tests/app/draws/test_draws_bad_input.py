"""Bad input to a draw, through the command line: a clear sentence each, and nothing half done."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from draws_fixtures import BATCH, CHIEF, DICE, ZONE, Desk, copy_of

GOOD = "91990102MA3UBNF75J"
CLASSES = "ABCD"


def same(ratio: str, classes: str = CLASSES) -> list[dict[str, str]]:
    return [{"class": name, "ratio": ratio} for name in classes]


def counted(desk: Desk) -> int:
    with desk.look() as transaction:
        return transaction.registers.summary()["objects"][0]


@pytest.mark.parametrize(
    ("lines", "sentences"),
    [
        ([f"{GOOD},甲公司", f"{GOOD},乙公司"], ["第 3 行", "重复"]),
        (["91990102MA3UBNF75K,甲公司"], ["校验码"]),
        (["9.11E+17,甲公司"], ["末几位已经丢失"]),
        (["９１９９０１０２MA3UBNF75J,甲公司"], ["全角"]),
        (["9199О102MA3UBNF75J,甲公司"], ["第 2 行"]),
        (["91990102MA3UBNF7\u200b5J,甲公司"], ["看不见"]),
    ],
)
def test_wrong_codes_are_not_imported(
    fresh: Desk, tmp_path: Path, lines: list[str], sentences: list[str]
) -> None:
    before = counted(fresh)
    file = tmp_path / "objects.csv"
    file.write_text("\n".join(["统一社会信用代码,企业名称", *lines]) + "\n", encoding="utf-8")
    said = fresh.ssj("register", "import", "objects", file, "--as", "registrar")
    assert said.code == 1
    for sentence in sentences:
        assert sentence in said.err + said.out
    assert counted(fresh) == before


@pytest.mark.parametrize("ratio", ["0", "0%", "120%", "1.5", "5", "-5%", "abc"])
def test_a_ratio_of_nothing_or_more_than_all_is_not_submitted(fresh: Desk, ratio: str) -> None:
    fresh.done("case", "start", "batch", "--title", "抽查", "--as", "leading")
    said = fresh.step("submit_plan", CHIEF, fresh.plan(ratios=same(ratio)))
    assert said.code == 1
    assert "比例" in said.err
    assert fresh.ssj("draw", "forecast", BATCH).code == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"ratios": same("5%", "ABC")}, "名册中有“D”层 15 户，方案没有写它的抽取比例"),
        ({"labels": ["没有人有的标签"]}, "没有可抽的对象，名额为 0"),
        ({"sections": ["training_section"], "team_size": 10}, "凑不齐检查人员"),
        ({"sections": ["nobody_works_here"]}, "股室"),
        ({"entropy_sources": ["ssx"]}, "不认识的随机来源“ssx”"),
        ({"entropy_sources": ["dice:24", "dice:8"]}, "随机来源重复"),
    ],
)
def test_a_plan_that_cannot_be_drawn_is_not_committed_to(
    fresh: Desk, changed: dict[str, Any], sentence: str
) -> None:
    fresh.done("case", "start", "batch", "--title", "抽查", "--as", "leading")
    early = fresh.step("submit_plan", CHIEF, fresh.plan(**changed))
    if early.code == 1:
        assert sentence in early.err
        return
    foreseen = fresh.ssj("draw", "forecast", BATCH)
    assert sentence in foreseen.err
    fresh.takes("approve_plan", "deputy", {"opinion": "同意"})
    fresh.takes("publish_batch_plan", CHIEF)
    fresh.trained()
    said = fresh.ssj("draw", "commit", BATCH, "--as", "drawer")
    assert said.code == 1
    assert sentence in said.err
    assert fresh.ssj("draw", "show", BATCH).code == 1
    fresh.takes("revise_plan", CHIEF, reason="方案有误")


def test_when_every_inspector_is_recused_the_draw_is_not_committed_to(fresh: Desk) -> None:
    with fresh.look() as transaction:
        people = list(transaction.registers.all("inspectors"))
        target = next(iter(transaction.registers.all("objects")))
    file = fresh.home.parent / "inspectors.csv"
    rows = ["人员编号,姓名,股室,执法证号,执法证有效期至,回避对象"]
    rows += [
        f"{e.id},{e.name},{e.section},{e.data['cert_no']},{e.data['cert_valid_to']},{target.id}"
        for e in people
    ]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    fresh.done("register", "import", "inspectors", file, "--yes", "--as", "registrar")
    fresh.planned()
    said = fresh.ssj("draw", "commit", BATCH, "--as", "drawer")
    assert said.code == 1
    assert target.id in said.err
    assert "须回避" in said.err
    assert fresh.ssj("draw", "show", BATCH).code == 1


def test_a_class_with_nobody_left_is_told_and_draws_nobody(fresh: Desk) -> None:
    with fresh.look() as transaction:
        riskiest = [
            e.id
            for e in transaction.registers.all("objects")
            if any(r["scheme"] == "credit" and r["class"] == "D" for r in e.data["ratings"])
        ]
    rows = [{"object": name, "reason": "under_case", "evidence": "立案审批表"} for name in riskiest]
    fresh.planned(exclude=rows)
    said = fresh.step("commit_draw", "drawer")
    assert said.code == 0
    assert "“D”层在册 15 户，没有可抽的对象，名额为 0" in said.err
    quotas = {q.stratum: q.quota for q in fresh.record().parsed.quotas}
    assert quotas["D"] == 0


@pytest.fixture(scope="module")
def made_with_lottery(fresh_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, datetime]:
    opened = datetime(2026, 3, 2, 9, tzinfo=ZONE)
    with pytest.MonkeyPatch.context() as patched:
        desk = copy_of(fresh_home, tmp_path_factory.mktemp("lottery"), opened, patched)
        desk.planned(entropy_sources=["ssq", "dice:24"]).committed()
    return desk.home, desk.clock.now()


@pytest.fixture
def lottery(
    made_with_lottery: tuple[Path, datetime], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Desk:
    """A batch that is committed to, with a lottery and dice."""
    home, now = made_with_lottery
    return copy_of(home, tmp_path, now, monkeypatch)


@pytest.mark.parametrize(
    ("balls", "sentence"),
    [
        ("2026001:01.05.09.17.22.34+07", "号码 34 超出范围"),
        ("2026001:01.05.09.17.22.30+17", "号码 17 超出范围"),
        ("2026001:1.05.09.17.22.30+07", "不是两位数字"),
        ("2026001:05.01.09.17.22.30+07", "号码次序不对"),
        ("2026001:05.05.09.17.22.30+07", "号码重复"),
        ("2026001:05.09.17.22.30+07", "应有 6 个号，实有 5 个"),
        ("26001:01.05.09.17.22.30+07", "期号应为 7 位数字"),
        ("2026001:０1.05.09.17.22.30+07", "全角"),
    ],
)
def test_a_wrong_lottery_result_draws_nothing(lottery: Desk, balls: str, sentence: str) -> None:
    text = f"ssq:{balls}/{DICE}"
    lottery.takes("type_entropy", "drawer", lottery.entropy(text))
    said = lottery.step("draw_objects", "witness", {"entropy": text, "seen_original": True})
    assert said.code == 1
    assert sentence in said.err
    assert lottery.record().selection is None
    assert lottery.row().status == "committed"
    lottery.takes("retype_entropy", "witness", reason="抄错")
    right = f"ssq:2026001:01.05.09.17.22.30+07/{DICE}"
    lottery.takes("type_entropy", "drawer", lottery.entropy(right))
    lottery.takes("draw_objects", "witness", {"entropy": right, "seen_original": True})
    # Wrong numbers end no ceremony either: they are typed again.
    assert lottery.record().entropy.startswith("ssq:2026001:01.05")


def test_a_ceremony_takes_each_source_by_itself(fresh: Desk) -> None:
    fresh.planned(entropy_sources=["ssq", "dice:24"]).committed()
    digits = DICE.removeprefix("dice:")
    wrong, right = "2026001:01.05.09.17.22.34+07", "2026001:01.05.09.17.22.30+07"
    lines = [wrong, digits, wrong, digits, right, digits, right, digits, "", "开奖公告", "y"]
    said = fresh.ssj(
        *("draw", "run", BATCH, "--ceremony", "--as", "drawer", "--witness", "witness"),
        typed="".join(f"{line}\n" for line in lines),
    )
    assert said.code == 0, said.err
    assert "号码 34 超出范围" in said.err
    assert f"ssq:{right}/{DICE}/batch:{BATCH}" in said.out


def test_rotation_keeps_the_last_visitors_away(fresh: Desk) -> None:
    fresh.planned(ratios=same("2%")).complete()
    first = fresh.record()
    again = "batch-2"
    fresh.done("case", "start", "batch", "--title", "第二期", "--as", "leading")
    fresh.takes("submit_plan", CHIEF, fresh.plan(rotation=True), case=again)
    with fresh.look() as transaction:
        assert transaction.records.draw(again) is None
    told = fresh.ssj("draw", "forecast", again, "--json").json()
    visited = {visit.object_id: set(first.team(visit.object_id)) for visit in first.visits}
    for pair in told["pairs"]:
        assert pair["person"] not in visited.get(pair["object"], ())
