"""The commitment: everything that decides a draw, as one canonical text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from draw_factories import RULES, commitment_for, object_rows, people_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.draw.commitment import (
    NO_HEAD,
    SPEC,
    WHOLE,
    Commitment,
    Custodian,
    DrawProfile,
    DrawRules,
    compute_quotas,
    make_commitment,
    stratum_of,
)
from engine.draw.refused import DrawRefused
from engine.draw.roster import Count, ObjectRow, render_objects, render_people
from engine.kernel.canonical_json import canonical_json
from engine.kernel.sm3 import sm3_hex

ROWS = object_rows(40)
OBJECTS, PEOPLE = render_objects(ROWS), render_people(people_rows())
EXPERTS = render_people(people_rows(4, "X"))
PLAIN = DrawRules(ratios=dict.fromkeys("ABCD", "10%"))
KEEPERS = (Custodian("本局", "a" * 64, 5), Custodian("公证处", "b" * 64, 5))


def made(**more: Any) -> Commitment:
    return make_commitment(**_given(**more))[0]


def _given(**more: Any) -> dict[str, Any]:
    return {
        "batch_id": "B1",
        "draw_no": 1,
        "purpose": "抽查",
        "objects": OBJECTS,
        "people": PEOPLE,
        "register_counts": dict.fromkeys("ABCD", 10),
        "rules": PLAIN,
        "entropy_rule": "掷骰",
        "entropy_sources": ("dice:6",),
        **more,
    }


def test_everything_that_decides_is_in_the_commitment() -> None:
    found = made(items=("wages",), software={"verify.py": "c" * 64})
    assert found.objects.sha256 == hashlib.sha256(OBJECTS).hexdigest()
    assert found.people.sm3 == sm3_hex(PEOPLE)
    assert (found.objects.rows, found.objects.eligible) == (40, 35)
    assert found.objects.excluded == {"已注销": 5}
    assert found.experts is None
    assert found.strata["A"] == Count(10, sum(row.eligible for row in ROWS[::4]))
    assert sum(count.listed for count in found.districts.values()) == 40
    assert found.quota_by_stratum == {"A": 1, "B": 1, "C": 1, "D": 1}
    assert (found.spec, found.previous_log_head, found.profile) == (SPEC, NO_HEAD, DrawProfile.OPEN)
    assert found.items == ("wages",)
    assert found.software == {"verify.py": "c" * 64}
    experts = made(experts=EXPERTS, rules=replace(PLAIN, experts=1)).experts
    assert experts is not None
    assert experts.rows == 4


@given(
    st.sampled_from([PLAIN, replace(PLAIN, slots=("lead", "", ""), rotation=True, min_per_stratum=2)]),
    st.integers(1, 9),
    st.text(max_size=8).filter(lambda text: text.isprintable()),
    st.sampled_from([(), KEEPERS]),
)
@settings(max_examples=25)
def test_text_and_values_are_inverse(
    rules: DrawRules, number: int, purpose: str, keepers: tuple[Custodian, ...]
) -> None:
    profile = DrawProfile.EMBARGO if keepers else DrawProfile.OPEN
    found = made(rules=rules, draw_no=number, purpose=purpose, custodians=keepers, profile=profile)
    text = found.to_json()
    assert Commitment.from_json(text) == found
    assert Commitment.from_json(text).to_json() == text
    digests = found.digests()
    assert digests.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert digests.sm3 == sm3_hex(text.encode())


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda text: text + "\n", "承诺书读不出"),
        (lambda text: "[" * 5000, "承诺书读不出"),
        (lambda text: canonical_json(json.loads(text) | {"odd": 1}), "odd"),
        (lambda text: canonical_json(json.loads(text) | {"purpose": 5}), "有多余的或类型不对的项"),
        (
            lambda text: canonical_json(json.loads(text) | {"spec": "ssj-draw/9"}),
            "规格为 ssj-draw/9，本程序只认 ssj-draw/1",
        ),
    ],
)
def test_any_other_text_is_refused(damage: Callable[[str], str], says: str) -> None:
    with pytest.raises(DrawRefused, match=says) as caught:
        Commitment.from_json(damage(made().to_json()))
    (reason,) = caught.value.reasons
    assert reason.code == "commitment"
    assert str(reason.hint) == "承诺书须与公布时逐字节相同，请用原件"


def test_the_stratum_of_an_object() -> None:
    row = ObjectRow("E1", credit_class="A", district="东")
    assert stratum_of(PLAIN, row) == "A"
    assert stratum_of(replace(PLAIN, strata="district"), row) == "东"
    assert stratum_of(replace(PLAIN, strata="whole"), row) == WHOLE == "全部"


def test_quotas_are_of_the_strata_the_rules_name() -> None:
    strata, allocation = compute_quotas(replace(PLAIN, strata="whole", ratios={WHOLE: "1/4"}), ROWS)
    assert strata == {WHOLE: Count(40, 35)}
    assert allocation.total == 9
    with pytest.raises(DrawRefused, match="没有写它的抽取比例"):
        compute_quotas(replace(PLAIN, ratios={"A": "10%"}), ROWS)
    listed = compute_quotas(replace(PLAIN, strata="whole", ratios={WHOLE: "1/4"}, base="listed"), ROWS)[1]
    assert listed.total == 10


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"batch_id": "批次一"}, "批次号“批次一”不合规定"),
        ({"draw_no": 0}, "抽取次号应从 1 起，实为 0"),
        ({"entropy_rule": " "}, "没有写明随机串怎样产生"),
        ({"previous_log_head": "A" * 64}, "前一日志头应为 64 个小写十六进制数字"),
        ({"entropy_sources": ("coin",)}, "coin"),
        ({"rules": replace(PLAIN, match="some")}, "规则 match 应为其一：none、any、all；实为“some”"),
        ({"rules": replace(PLAIN, on_removal="?")}, "规则 on_removal 应为其一"),
        ({"rules": replace(PLAIN, rounding="floor")}, "规则 rounding 应为其一"),
        ({"rules": replace(PLAIN, slots=())}, "每户检查人员数为 0"),
        ({"rules": replace(PLAIN, experts=2)}, "每户要抽 2 名专家，却没有专家名册"),
        ({"rules": replace(PLAIN, valid_on="soon")}, "证件有效的基准日应为日期，实为“soon”"),
        ({"custodians": KEEPERS}, "即时公开的抽取不设代码保管人"),
        ({"profile": DrawProfile.EMBARGO, "custodians": KEEPERS[:1]}, "保密抽取至少要两位代码保管人，实有 1 位"),
        (
            {"profile": DrawProfile.EMBARGO, "custodians": (KEEPERS[0], Custodian("甲", "b", 5))},
            "甲的哈希头应为 64 个小写十六进制数字",
        ),
        (
            {"profile": DrawProfile.EMBARGO, "custodians": (KEEPERS[0], Custodian("甲", "b" * 64, 1))},
            "甲的哈希链至少两环",
        ),
    ],
)  # fmt: skip
def test_each_thing_that_cannot_be_committed_to(more: dict[str, Any], says: str) -> None:
    with pytest.raises(DrawRefused) as caught:
        made(**more)
    assert len(caught.value.reasons) == 1
    assert says in str(caught.value)


def test_an_object_without_a_class_is_in_no_stratum() -> None:
    rows = [*ROWS, ObjectRow("E9999", credit_class="")]
    with pytest.raises(DrawRefused, match=r"有 1 户没有分层依据，如 E9999"):
        made(objects=render_objects(rows), rules=replace(PLAIN, ratios={**PLAIN.ratios, "": "10%"}))


def test_nobody_to_draw() -> None:
    rows = [replace(row, eligible=False, exclude_reason="已注销") for row in ROWS]
    with pytest.raises(DrawRefused, match="没有可抽的对象，名额为 0"):
        made(objects=render_objects(rows))


def test_counts_that_differ_from_the_register_are_warned_of() -> None:
    _, warnings = make_commitment(**_given(register_counts={"A": 11, "B": 10, "C": 10, "E": 2}))
    assert [str(warning.message) for warning in warnings] == [
        "“A”层：来源登记有 11 户，名册有 10 户",
        "“D”层：来源登记有 0 户，名册有 10 户",
        "“E”层：来源登记有 2 户，名册有 0 户",
    ]
    assert make_commitment(**_given())[1] == ()


def test_the_shared_rules_of_these_tests_can_be_committed_to() -> None:
    assert commitment_for(OBJECTS, PEOPLE, EXPERTS).rules == RULES
