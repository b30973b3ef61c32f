"""Sources: how results are written, and the one text they become."""

from __future__ import annotations

import hashlib
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from v2_factories import CALENDAR, ROUND, SOURCES, dice, drand, lottery, value_of

from engine.draw.refused import DrawRefused
from engine.draw.v2.randomness import sources as module

ALL = [
    *SOURCES,
    lottery("fc3d", "2026-03-17"),
    lottery("pl5", "2026-03-15"),
    drand(ROUND),
    dice(4, "2026-03-17"),
]


@given(st.integers(0, 10_000), st.sampled_from(ALL))
def test_what_a_lottery_draws_is_written_right(seed: int, source: dict[str, Any]) -> None:
    value = value_of(source, random.Random(seed))  # noqa: S311
    assert not list(module.value_problems([source], [value]))


@pytest.mark.parametrize(
    ("source", "value"),
    [
        (SOURCES[0], "01.05.09.17.22.30+17"), (SOURCES[0], "01.05.09.17.22.34+07"), (SOURCES[0], "05.01.09.17.22.30+07"),
        (SOURCES[0], "01.01.09.17.22.30+07"), (SOURCES[0], "1.05.09.17.22.30+07"), (SOURCES[0], "01.05.09.17.22+07"),
        (SOURCES[0], "01.05.09.17.22.30+07\n"), (SOURCES[0], "０1.05.09.17.22.30+07"), (SOURCES[1], "01.02.03.04.05+02.01"),
        (SOURCES[1], "01.02.03.04.36+01.02"), (drand(ROUND), "AB" * 48), (drand(ROUND), "ab" * 47),
        (dice(4, "2026-03-17"), "123"), (dice(4, "2026-03-17"), "12a4"), (lottery("fc3d", "2026-03-17"), "12"),
    ],
)  # fmt: skip
def test_what_is_written_otherwise_is_refused(source: dict[str, Any], value: str) -> None:
    with pytest.raises(DrawRefused):
        module.entropy_text([source], [value], "0" * 64, trial=False)


def test_the_text_names_issue_round_and_commitment() -> None:
    three = [SOURCES[0], drand(ROUND), dice(4, "2026-03-17")]
    values = ["01.05.09.17.22.30+07", "ab" * 48, "0042"]
    text = module.entropy_text(three, values, "c" * 64, trial=False)
    assert (
        text == f"ssq:2026030:01.05.09.17.22.30+07/drand:{ROUND}:{'ab' * 48}/dice:0042/commitment:{'c' * 64}"
    )
    assert module.entropy_text(three, values, "c" * 64, trial=True) == "TEST-" + text
    with pytest.raises(DrawRefused, match="3 个"):
        module.entropy_text(three, values[:2], "c" * 64, trial=False)


def test_days_are_those_of_china() -> None:
    assert module.day_of("2026-03-16T15:59:59.999999Z") == "2026-03-16"
    assert module.day_of("2026-03-16T16:00:00.000000Z") == "2026-03-17"
    assert module.day_of_round(1) == "2023-08-23"
    assert module.day_of_round(ROUND) == "2026-03-17"
    assert (module.known_from(SOURCES), module.known_on(SOURCES)) == ("2026-03-16", "2026-03-17")


def test_the_first_typing_is_kept_as_a_digest() -> None:
    assert module.typed_digest(["a", "b"]) == hashlib.sha256(b"a\nb").hexdigest()


@pytest.mark.parametrize("count", range(1, 5))
def test_sources_that_are_right_have_no_problem(count: int) -> None:
    assert not list(module.source_problems(ALL[:count], "一种", CALENDAR))


@pytest.mark.parametrize(
    "wrong",
    [
        [*ALL[:5]],
        [dice(4, "2026-03-17"), dice(5, "2026-03-17"), SOURCES[0]],
        [SOURCES[0] | {"round": 3}, SOURCES[1]],
        [drand(ROUND) | {"round": 0}, SOURCES[0]],
        [dice(0, "2026-03-17"), SOURCES[0]],
        [lottery("ssq", "2026-03-17") | {"issue": "2027001"}, SOURCES[1]],
    ],
)
def test_sources_that_are_wrong(wrong: list[dict[str, Any]]) -> None:
    assert list(module.source_problems(wrong, "", CALENDAR))
