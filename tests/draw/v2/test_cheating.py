"""The catalogue of ways to cheat of docs/explanation/draw.md, each tried: a refusal, or a verifier that says no.

The attacker has the database, the program, every role and the key of the draw. What he has not: the outside party's secret
key, and the lottery. `PINNED` is the party's key as a reader knows it from the party; `official` what the lottery published.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from v2_factories import (
    BUREAU,
    CALENDAR,
    EVIDENCE,
    NONE,
    NOTARY,
    RULES,
    SIGNED,
    SOURCES,
    START,
    anchored,
    committed,
    dice,
    drand,
    drawn,
    issue_on,
    lottery,
    object_rows,
    people_rows,
    value_of,
    whole,
)
from verifiers import bare, python_says, resealed

from engine.draw.refused import DrawRefused
from engine.draw.v2 import acts
from engine.draw.v2.anchors import add_anchor
from engine.draw.v2.commitment import make_commitment
from engine.draw.v2.kit import auditor_kit, public_kit, slip
from engine.draw.v2.log import PublicLog
from engine.draw.v2.randomness import custodians
from engine.draw.v2.randomness.calendars import CALENDAR_SPEC, make_year
from engine.draw.v2.randomness.sources import entropy_text, typed_digest
from engine.draw.v2.rosters import parse_objects, render_objects
from engine.draw.v2.sealing import root_of
from engine.draw.v2.selection import openings, select, visits_after
from engine.draw.v2.shapes import canonical_bytes
from engine.draw.v2.story import MAX_OPEN, progress_of
from engine.kernel import ed25519
from engine.kernel.canonical_json import canonical_json
from engine.kernel.instants import to_text

PINNED = ("--party", NOTARY["key"])
TRIES = 257
#: After the draw days, when the results are known to everybody.
AFTER = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)


def official(
    folder: Path, values: tuple[str, ...], sources: list[dict[str, Any]] = SOURCES
) -> tuple[str, str]:
    """Write what the lotteries published, as a reader has it, and return the option."""
    path = folder / "official.txt"
    path.write_text(
        "".join(
            f"{source['kind']} {source['issue']} {source['day']} {value}\n"
            for source, value in zip(sources, values, strict=True)
        )
    )
    return "--official", str(path)


def refused(act: Callable[[], object], words: str) -> None:
    with pytest.raises(DrawRefused, match=words):
        act()


def says_no(folder: Path, kit: dict[str, bytes], words: str, *options: str) -> None:
    code, said = python_says(folder / "kit", bare(kit), *options)
    assert code == 1
    assert words in said


def spares(draw: acts.Draw, friends: tuple[str, ...], foe: str) -> bool:
    """Whether a draw spares three friends and takes a disliked firm."""
    lots = {row.object_id: row.lot for row in parse_objects(draw.objects)}
    visited = {visit["lot"] for visit in draw.visits}
    return lots[foe] in visited and not visited & {lots[friend] for friend in friends}


def forced(
    draw: acts.Draw, log: PublicLog, values: tuple[str, ...], now: datetime = AFTER
) -> tuple[acts.Draw, PublicLog]:
    """Draw as the attacker does, with a program that asks for no anchor: the plain arithmetic and the plain lines."""
    found = replace(draw, values=values)
    rows = parse_objects(draw.objects)
    strata = select(draw.commitment["quotas"], rows, found.tickets_of())
    visits = visits_after(draw.commitment["object_rules"], strata, rows, found.tickets_of(), ())
    log = log.append("typed", {"commitment": draw.name, "sha256": typed_digest(values)}, now, "drawer")
    log = log.append("entropy", {"commitment": draw.name, "values": list(values)}, now, "witness")
    digest = hashlib.sha256(canonical_bytes(strata)).hexdigest()
    log = log.append("objects", {"commitment": draw.name, "sha256": digest}, now, "witness")
    return replace(found, strata=tuple(strata), visits=tuple(visits)), log


def ground(values: tuple[str, ...]) -> tuple[acts.Draw, PublicLog]:
    """Make commitments with the results in hand, up to 257, until one suits; the clock of the machine is set back."""
    objects = render_objects(object_rows(), b"k" * 32)
    friends, foe = ("E0003", "E0007", "E0011"), "E0004"
    for number in range(TRIES):
        made = make_commitment(
            log=PublicLog(BUREAU), batch_id="B2026-01", draw_no=1, purpose=f"守法情况抽查 {number}", items=[],
            objects=objects, people=None, registered=0, people_rules=None, sources=SOURCES,
            sources_reason="", calendar=CALENDAR, draw_by="2026-03-31", custodians=None, anchor=SIGNED, software={},
            object_rules=RULES,
        )  # fmt: skip
        draw = acts.Draw(made, CALENDAR, objects, None)
        _, log = acts.commit(draw, PublicLog(BUREAU), now=START, by="office")
        tried, _ = forced(draw, log, values)
        if spares(tried, friends, foe):
            return draw, log
    raise AssertionError("no commitment suits: try other friends")


@pytest.fixture(scope="module")
def bent() -> tuple[acts.Draw, PublicLog, tuple[str, ...]]:
    """A commitment that spares three friends and takes a disliked firm, found after the results were known."""
    chance = random.Random(8)  # noqa: S311
    values = tuple(value_of(source, chance) for source in SOURCES)
    return *ground(values), values


def test_a_bent_commitment_is_found_within_257_tries_and_draws_nothing(
    bent: tuple[acts.Draw, PublicLog, tuple[str, ...]], tmp_path: Path
) -> None:
    draw, log, values = bent
    refused(lambda: acts.type_first(draw, log, values, now=AFTER, by="drawer"), "还没有外部凭据")
    forged, lines = forced(draw, log, values)
    says_no(tmp_path, public_kit(forged, lines, visits_done=False), "没有所列签名方对承诺的签名")


def test_a_signature_got_after_the_draw_day_does_not_count(
    bent: tuple[acts.Draw, PublicLog, tuple[str, ...]], tmp_path: Path
) -> None:
    """The party signs the time it signs at: a backdated log gets today's signature."""
    draw, log, values = bent
    late = anchored(log, AFTER)
    refused(lambda: acts.type_first(draw, late, values, now=AFTER, by="drawer"), "还没有外部凭据")
    forged, lines = forced(draw, late, values)
    says_no(tmp_path, public_kit(forged, lines, visits_done=False), "没有所列签名方对承诺的签名")


def test_a_party_of_ones_own_is_not_the_party_the_reader_knows(tmp_path: Path) -> None:
    own = {"name": NOTARY["name"], "key": ed25519.public_key(b"x" * 32).hex(), "sample": False}
    draw, log = committed(anchor=SIGNED | {"parties": [own]})
    text = log.head_text(own["name"], 1, to_text(START))
    signature = ed25519.sign(b"x" * 32, text.encode()).hex()
    log = add_anchor(log, 1, own["name"], own["key"], START, signature, now=START, by="office")
    made = drawn(draw, log, random.Random(1))  # noqa: S311
    kit = public_kit(made.draw, made.log, visits_done=False)
    code, said = python_says(tmp_path / "kit", bare(kit))
    assert (code, own["key"] in said) == (0, True)
    says_no(tmp_path, kit, "没有所列签名方对承诺的签名", *PINNED)


def test_a_forged_signature_is_refused_and_found(tmp_path: Path) -> None:
    draw, log = committed()
    signature = ed25519.sign(b"x" * 32, log.head_text(NOTARY["name"], 1, to_text(START)).encode()).hex()
    refused(
        lambda: add_anchor(log, 1, NOTARY["name"], NOTARY["key"], START, signature, now=START, by="office"),
        "签名核验不过",
    )
    body = {
        "size": 1,
        "root": log.root(),
        "party": NOTARY["name"],
        "key": NOTARY["key"],
        "at": to_text(START),
        "signature": signature,
    }
    forged, lines = forced(
        draw, log.append("anchor", body, START, "office"), ("01.05.09.17.22.30+07", "01.02.03.04.05+01.02")
    )
    says_no(tmp_path, public_kit(forged, lines, visits_done=False), "日志第 2 行")


def test_a_draw_without_an_anchor_says_so_everywhere(tmp_path: Path) -> None:
    made = whole(anchor=NONE)
    kit = bare(public_kit(made.draw, made.log, visits_done=False))
    code, said = python_says(tmp_path / "kit", kit)
    assert code == 0
    assert "核验通过：全部重算相符（无外部凭据）" in said
    assert NONE["reason"] in said
    says_no(tmp_path, kit, "承诺没有外部凭据", *PINNED)
    draw = made.draw
    refused(lambda: acts.commit(draw, PublicLog(BUREAU), now=START, by="office"), "须两人")
    refused(lambda: acts.commit(draw, PublicLog(BUREAU), now=START, by="office", second="office"), "同一人")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            {"kind": "ssq", "issue": None, "round": None, "digits": None, "day": "2026-03-17"},
            "须写明且只写明",
        ),
        (lottery("ssq", "2026-03-08"), "须在承诺之后"),
        (lottery("ssq", "2026-03-17") | {"issue": "2026020"}, "不在 2026-03-17"),
        (lottery("ssq", "2026-03-17") | {"issue": "2026000"}, "不在 2026-03-17"),
        (dice(24, "2026-03-17"), "结果太少"),
        (lottery("fc3d", "2026-03-17"), "结果太少"),
        (drand(20_000_000) | {"day": "2026-03-17"}, "不在 2026-03-17"),
    ],
)
def test_a_source_that_is_known_or_chosen_is_refused(source: dict[str, Any], words: str) -> None:
    refused(lambda: committed(sources=[source], sources_reason="只用一种"), words)


def test_one_source_needs_a_reason_and_none_may_come_twice() -> None:
    refused(lambda: committed(sources=SOURCES[:1]), "须写明理由")
    refused(lambda: committed(sources=[SOURCES[0], SOURCES[0]]), "重复")
    refused(lambda: committed(sources=[]), "1 至 4 个")


def test_a_calendar_that_moves_an_old_issue_to_a_later_day_is_refused() -> None:
    """Draw days may be missing only around the two long holidays; no other gap moves an issue."""
    days = [day for day in CALENDAR["issues"]["ssq"]["2026"] if day != "2026-01-08"]
    moved = {"spec": CALENDAR_SPEC, "issues": CALENDAR["issues"] | {"ssq": {"2026": days}}}
    refused(lambda: committed(calendar=moved), "不合规律")
    many = frozenset(make_year("ssq", 2026)[6:16])
    longer = {
        "spec": CALENDAR_SPEC,
        "issues": CALENDAR["issues"] | {"ssq": {"2026": make_year("ssq", 2026, many)}},
    }
    refused(lambda: committed(calendar=longer), "不合规律")


def test_a_calendar_moved_within_the_holiday_is_found_by_the_published_results(tmp_path: Path) -> None:
    """One issue more left out in February: the form is right, but issue, day and numbers do not go together."""
    without = frozenset({"2026-02-15", "2026-02-17", "2026-02-19", "2026-02-22"})
    moved = {
        "spec": CALENDAR_SPEC,
        "issues": CALENDAR["issues"] | {"ssq": {"2026": make_year("ssq", 2026, without)}},
    }
    source = lottery("ssq", "2026-03-17") | {"issue": issue_on("ssq", "2026-03-17", moved)}
    made = whole(calendar=moved, sources=[source, SOURCES[1]])
    kit = public_kit(made.draw, made.log, visits_done=False)
    says_no(tmp_path, kit, "与所给的公布结果不符", *official(tmp_path, made.values))


def test_invented_results_are_found_by_the_published_ones(tmp_path: Path) -> None:
    """Two who collude type numbers that were never drawn: the arithmetic is right, the numbers are printed."""
    made = whole()
    kit = public_kit(made.draw, made.log, visits_done=False)
    code, said = python_says(tmp_path / "kit", bare(kit), *official(tmp_path, made.values))
    assert code == 0
    assert f"双色球第 {SOURCES[0]['issue']} 期，2026-03-17，{made.values[0]}" in said
    true = ("01.02.03.04.05.06+07", made.values[1])
    says_no(tmp_path, kit, "与所给的公布结果不符", *official(tmp_path, true))


def test_whoever_types_another_text_voids_the_draw_in_public(tmp_path: Path) -> None:
    """Type, look, type something else: the first text is in the log before anything can be typed again."""
    draw, log = committed()
    log = anchored(log)
    chance = random.Random(3)  # noqa: S311
    first, second = (tuple(value_of(source, chance) for source in SOURCES) for _ in range(2))
    _, log = acts.type_first(draw, log, first, now=AFTER, by="drawer")
    refused(lambda: acts.type_first(draw, log, second, now=AFTER, by="witness"), "已经录入过")
    refused(lambda: acts.type_second(draw, log, first, now=AFTER, by="drawer"), "两人")
    _, spoiled = acts.type_second(draw, log, second, now=AFTER, by="witness")
    assert [line.body["sha256"] for line in spoiled.of(draw.name, "typed")] == [
        typed_digest(first),
        typed_digest(second),
    ]
    for values in (first, second):
        with pytest.raises(DrawRefused):
            acts.type_second(draw, spoiled, values, now=AFTER, by="witness")
    forged, lines = forced(draw, spoiled, second)
    says_no(tmp_path, public_kit(forged, lines, visits_done=False), "录入过两种结果")
    _, ended = acts.void(draw, spoiled, "两次录入不同", EVIDENCE, now=AFTER, by="office", second="chief")
    assert progress_of(ended)[0][draw.name].state("2026-03-18") == "void"


def test_the_first_typing_cannot_be_left_out_of_the_log(tmp_path: Path) -> None:
    made = whole()
    lines = [json.loads(line) for line in made.log.texts if '"kind":"typed"' not in line]
    texts = tuple(canonical_json(line | {"seq": number}) for number, line in enumerate(lines, 1))
    kit = bare(public_kit(made.draw, made.log, visits_done=False))
    kit["log.jsonl"] = "".join(f"{line}\n" for line in texts).encode()
    says_no(tmp_path, resealed(kit), "先录入的结果")


def test_results_are_not_typed_before_their_day() -> None:
    draw, log = committed()
    log, early = anchored(log), datetime(2026, 3, 16, 15, 0, tzinfo=UTC)
    values = ("01.05.09.17.22.30+07", "01.02.03.04.05+01.02")
    refused(lambda: acts.type_first(draw, log, values, now=early, by="drawer"), "开奖日之前")


def test_more_than_twelve_commitments_lie_open_nowhere(tmp_path: Path) -> None:
    """Commit 257 times and draw the one that suits: twelve are let, and what became of all is printed."""
    log, draws = PublicLog(BUREAU), []
    for number in range(MAX_OPEN):
        draw, log = committed(log=log, batch_id=f"B{number:03}", people=None)
        draws.append(draw)
    refused(lambda: committed(log=log, batch_id="B999", people=None), "未抽取的承诺已有 12 份")
    refused(lambda: committed(log=log, batch_id="B000", draw_no=2, people=None), "没有作废，也没有逾期失效")
    made = drawn(draws[4], anchored(log), random.Random(4))  # noqa: S311
    code, said = python_says(tmp_path / "kit", bare(public_kit(made.draw, made.log, visits_done=False)))
    assert code == 0
    assert "日志共有承诺 12 份：已抽取 1、作废 0、逾期失效 0、未抽取 11" in said


def test_commitments_over_one_roster_have_nothing_in_common() -> None:
    """They share an issue, and each has randomness of its own: none foretells another."""
    first, log = committed(people=None)
    second, log = committed(log=log, batch_id="B2026-02", people=None)
    values = ("01.05.09.17.22.30+07", "01.02.03.04.05+01.02")
    texts = [entropy_text(SOURCES, values, draw.name, trial=False) for draw in (first, second)]
    assert texts[0].rsplit(":", 1)[0] == texts[1].rsplit(":", 1)[0]
    assert texts[0] != texts[1]
    log = anchored(log)
    made = [drawn(draw, log, random.Random(1)).draw for draw in (first, second)]  # noqa: S311
    assert made[0].values == made[1].values
    assert [visit["lot"] for visit in made[0].visits] != [visit["lot"] for visit in made[1].visits]


def test_an_open_commitment_lapses_in_public_and_draws_no_more() -> None:
    draw, log = committed()
    log = anchored(log)
    late = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
    refused(
        lambda: acts.type_first(
            draw, log, ("01.05.09.17.22.30+07", "01.02.03.04.05+01.02"), now=late, by="drawer"
        ),
        "逾期失效",
    )
    assert acts.lapse(log, now=datetime(2026, 3, 31, 1, 0, tzinfo=UTC), by="engine") == log
    lapsed = acts.lapse(log, now=late, by="engine")
    assert lapsed.lines[-1].kind == "lapse"
    assert acts.lapse(lapsed, now=late, by="engine") == lapsed
    later = [lottery("ssq", "2026-04-14"), lottery("dlt", "2026-04-13")]
    committed(log=lapsed, now=late, draw_no=2, draw_by="2026-04-30", sources=later)
    refused(lambda: committed(draw_by="2026-07-31"), "超过 90 天")


def test_a_roster_cannot_be_changed_after_the_commitment(tmp_path: Path) -> None:
    made = whole()
    rows = [row for row in object_rows() if row.object_id != "E0003"]
    kit = bare(auditor_kit(made.draw, made.log)) | {"objects.tsv": render_objects(rows, b"k" * 32)}
    says_no(tmp_path, resealed(kit), "树根与承诺书不符")
    draw, _ = committed()
    changed = acts.Draw(draw.commitment, CALENDAR, render_objects(rows, b"k" * 32), draw.people)
    refused(lambda: acts.commit(changed, PublicLog(BUREAU), now=START, by="office"), "摘要不符")


def test_pseudonyms_cannot_be_given_to_other_firms_afterwards(tmp_path: Path) -> None:
    """The lots of a friend and a foe are exchanged in the auditor's roster: the seals no longer match."""
    made = whole()
    text = made.draw.objects.decode()
    for one, other, between in (("E0003\t", "E0007\t", "E____\t"),):
        text = text.replace(one, between).replace(other, one).replace(between, other)
    kit = bare(auditor_kit(made.draw, made.log)) | {"objects.tsv": text.encode()}
    says_no(tmp_path, resealed(kit), "树根与承诺书不符")
    mine = slip(made.draw, "E0003")
    mine["row"] = mine["row"] | {"object_id": "E0007"}
    (tmp_path / "slip.json").write_text(json.dumps(mine))
    kit = bare(public_kit(made.draw, made.log, visits_done=False))
    says_no(tmp_path, kit, "凭单不是本次名册里的一行", "--slip", str(tmp_path / "slip.json"))


def test_one_firm_in_two_rows_and_a_wrong_stratum_are_refused() -> None:
    rows = object_rows()
    refused(lambda: render_objects([*rows, rows[0]], b"k" * 32), "重复")
    wrong = [replace(rows[1], stratum="A"), *(row for row in rows if row != rows[1])]
    refused(lambda: committed(objects=render_objects(wrong, b"k" * 32)), "层与规则所说的列不符")


def test_nobody_is_passed_over_or_drawn_against_what_was_sealed(tmp_path: Path) -> None:
    """After the randomness is known a friend is said to take no part, or a foe who takes none is drawn."""
    draw, log = committed(people=None)
    log = anchored(log)
    fair = drawn(draw, log, random.Random(9))  # noqa: S311
    rows = parse_objects(draw.objects)
    friend = fair.draw.visits[0]["lot"]
    # One that takes no part, with a ticket that would have been drawn.
    foe = next(one["lot"] for one in fair.draw.result()["opened"] if not one["takes_part"])

    def bent(changed: str, *, takes_part: bool, opened: bool = True) -> dict[str, bytes]:
        claimed = tuple(
            replace(row, eligible=takes_part, exclude_reason="" if takes_part else "已注销")
            if row.lot == changed
            else row
            for row in rows
        )
        found = replace(draw, values=fair.values)
        strata = select(draw.commitment["quotas"], claimed, found.tickets_of())
        visits = visits_after(draw.commitment["object_rules"], strata, claimed, found.tickets_of(), ())
        found = replace(found, strata=tuple(strata), visits=tuple(visits))
        after = log
        for line in fair.log.lines[len(log.lines) :]:
            digest = {"sha256": hashlib.sha256(canonical_bytes(strata)).hexdigest()}
            body = {**line.body, **digest} if line.kind == "objects" else line.body
            after = after.append(line.kind, body, AFTER, line.by)
        shown = openings(draw.commitment["object_rules"], strata, visits, (), claimed, found.tickets_of())
        result = {**found.result(), "opened": [one for one in shown if opened or one["lot"] != changed]}
        assert (changed in {one["lot"] for one in strata for one in one["drawn"]}) == takes_part
        return resealed(
            public_kit(found, after, visits_done=False) | {"result.json": canonical_bytes(result)}
        )

    says_no(tmp_path, bent(friend, takes_part=False), f"{friend} 参加与否与名册的 part 不符")
    says_no(tmp_path, bent(friend, takes_part=False, opened=False), "result.json 的 strata 与重算的不符")
    says_no(tmp_path, bent(foe, takes_part=True), f"{foe} 参加与否与名册的 part 不符")
    says_no(
        tmp_path, bent(foe, takes_part=True, opened=False), "result.json 的 opened 不是抽中、剔除和检查的各户"
    )


def test_nobody_is_removed_or_replaced_without_second_person_evidence_and_a_known_reason() -> None:
    made = whole()
    draw, log = committed(batch_id="B7")
    fresh = drawn(draw, anchored(log), random.Random(2))  # noqa: S311
    lot = fresh.draw.visits[0]["lot"]

    def remove(
        reason: str = "moved", evidence: bytes = EVIDENCE, second: str = "chief", which: str = lot
    ) -> object:
        return acts.remove(
            fresh.draw, fresh.log, which, reason, evidence, now=AFTER, by="office", second=second
        )

    refused(lambda: remove(second="office"), "同一人")
    refused(lambda: remove(evidence=b""), "没有附上证据")
    refused(lambda: remove(reason="friend"), "不在承诺的范围")
    undrawn = next(
        row.lot
        for row in parse_objects(draw.objects)
        if row.stratum == "A" and row.lot not in str(fresh.draw.strata)
    )
    refused(lambda: remove(which=undrawn), "不在抽中名单里")
    unit = made.draw.units[0]
    leaving = unit["members"][0]["lot"]

    def replace_(
        reason: str = "illness", evidence: bytes = EVIDENCE, second: str = "chief", who: str = leaving
    ) -> object:
        return acts.substitute(
            made.draw,
            made.log,
            unit["unit"],
            who,
            reason,
            evidence,
            "0" * 32,
            now=AFTER,
            by="office",
            second=second,
        )

    refused(lambda: replace_(second="office"), "同一人")
    refused(lambda: replace_(evidence=b""), "没有附上证据")
    refused(lambda: replace_(reason="friend"), "不在承诺的范围")
    refused(lambda: replace_(who="0" * 32), "不在")
    refused(
        lambda: acts.remove(
            made.draw, made.log, lot, "moved", EVIDENCE, now=AFTER, by="office", second="chief"
        ),
        "次序不对",
    )
    refused(
        lambda: acts.void(made.draw, made.log, "不满意", EVIDENCE, now=AFTER, by="chief", second="chief"),
        "同一人",
    )
    refused(
        lambda: acts.void(made.draw, made.log, "不满意", b"", now=AFTER, by="chief", second="office"),
        "没有附上证据",
    )


def test_a_draw_that_does_not_please_is_voided_in_public_and_counted(tmp_path: Path) -> None:
    made = whole()
    draw, log = acts.void(made.draw, made.log, "不满意", EVIDENCE, now=AFTER, by="office", second="chief")
    refused(lambda: acts.assign(draw, log, now=AFTER, by="drawer"), "作废之后")
    later = [lottery("ssq", "2026-04-14"), lottery("dlt", "2026-04-13")]
    again, log = committed(
        log=log, now=AFTER + timedelta(days=2), draw_no=2, draw_by="2026-04-30", sources=later
    )
    assert again.name != draw.name
    code, said = python_says(tmp_path / "kit", bare(public_kit(draw, log, visits_done=False)))
    assert code == 0
    assert "本次抽取已作废：不满意" in said
    assert "已抽取 0、作废 1" in said


def test_custodians_cannot_stop_a_draw_alone_nor_hand_in_something_else() -> None:
    """Three hold shares, two suffice: whoever dislikes the result and withholds his share changes nothing."""
    key, names = bytes(range(32)), ["本局", "公证处", "监督单位"]
    shares = custodians.split(key, 2, 3, bytes(range(32)))
    given = [
        {"name": n, "index": i, "share": s.hex()}
        for i, (n, s) in enumerate(zip(names, shares, strict=True), 1)
    ]
    keepers = custodians.commit_to(key, names, shares, 2)
    assert custodians.key_of(keepers, given[:2]) == custodians.key_of(keepers, given[1:]) == key
    refused(lambda: custodians.key_of(keepers, given[:1]), "须有 2 位保管人")
    refused(lambda: custodians.key_of(keepers, [given[0], given[0]]), "须有 2 位保管人")
    refused(lambda: custodians.key_of(keepers, [given[0], given[1] | {"share": "00" * 32}]), "份额与承诺不符")


def test_a_rewritten_log_does_not_have_the_signed_root(tmp_path: Path) -> None:
    """A line before the signature is changed, the chain of everything after it made to fit: the root does not."""
    made = whole()
    first = json.loads(made.log.texts[0])
    texts = (canonical_json(first | {"by": "somebody"}), *made.log.texts[1:])
    assert root_of(texts[:1]) != made.log.root(1)
    kit = bare(public_kit(made.draw, made.log, visits_done=False))
    kit["log.jsonl"] = "".join(f"{line}\n" for line in texts).encode()
    says_no(tmp_path, resealed(kit), "日志第 2 行")


@pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)])
def test_a_clock_set_back_between_any_two_acts_neither_kills_nor_bends_a_draw(
    back: timedelta, tmp_path: Path
) -> None:
    draw, log = committed()
    log = anchored(log)
    values = ("01.05.09.17.22.30+07", "01.02.03.04.05+01.02")
    draw, log = acts.type_first(draw, log, values, now=AFTER, by="drawer")
    draw, log = acts.type_second(draw, log, values, now=AFTER - back, by="witness")
    draw, log = acts.assign(draw, log, now=AFTER - 2 * back, by="drawer")
    assert [line.at for line in log.lines[-2:]] == [to_text(AFTER)] * 2
    assert log.lines[-1].behind == int(2 * back.total_seconds())
    assert python_says(tmp_path / "kit", bare(auditor_kit(draw, log)))[0] == 0


def test_a_trial_never_counts(tmp_path: Path) -> None:
    draw, log = committed(batch_id="TEST-1")
    made = drawn(draw, log, random.Random(1))  # noqa: S311
    kit = bare(public_kit(made.draw, made.log, visits_done=False))
    code, said = python_says(tmp_path / "kit", kit)
    assert code == 0
    assert "（无外部凭据；试抽，不作为抽查依据）" in said
    result = json.loads(kit["result.json"])
    forged = resealed(kit | {"result.json": canonical_json(result | {"watermark": ""}).encode()})
    says_no(tmp_path, forged, "watermark")


def test_a_friend_is_not_sent_to_a_friend(tmp_path: Path) -> None:
    """Another team is written into the auditor's kit, log and manifest made to fit."""
    made = whole()
    kit = bare(auditor_kit(made.draw, made.log))
    teams = json.loads(kit["teams.json"])
    first, second = teams["units"][0]["members"][0], teams["units"][1]["members"][0]
    first["lot"], second["lot"] = second["lot"], first["lot"]
    forged = kit | {"teams.json": canonical_json(teams).encode()}
    says_no(tmp_path, resealed(forged), "检查人员与重算的不符")
    assert {person.person_id for person in people_rows()} >= {"P00"}


def test_a_party_signs_only_a_log_that_goes_on_from_its_last_head() -> None:
    """257 logs side by side: the party that looks at its last head signs one of them and refuses the others."""
    _, log = committed()
    size, root = len(log.lines), log.root()
    _, further = committed(log=anchored(log), batch_id="B2")
    _, other = committed(purpose="另一份", log=PublicLog(BUREAU))
    assert further.continues(size, root)
    assert not other.continues(size, root)
    assert not PublicLog(BUREAU).continues(size, root)


def test_the_catalogue_of_the_documents_is_these_tests() -> None:
    """Every way in the table is tried here, and every way tried here stands in the table, in both languages."""
    mine = {name for name in globals() if name.startswith("test_")} - {
        "test_the_catalogue_of_the_documents_is_these_tests"
    }
    for page in ("draw.md", "draw.zh-CN.md"):
        text = (Path(__file__).parents[3] / "docs" / "explanation" / page).read_text(encoding="utf-8")
        assert set(re.findall(r"`(test_\w+)` \|", text)) == mine
