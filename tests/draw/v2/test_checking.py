"""The bureau's own check of a draw that is kept: honest ones pass, a changed one does not."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from forging import change
from v2_factories import START, Made, anchored, as_before, committed, random_draw, whole

from engine.draw.refused import DrawRefused
from engine.draw.v2 import acts
from engine.draw.v2.checking import draw_problems, log_problems
from engine.draw.v2.record import from_json, to_json


@pytest.mark.parametrize("seed", range(12))
def test_honest_draws_have_no_problem(seed: int) -> None:
    made = random_draw(seed)
    assert draw_problems(made.draw, made.log) == []
    assert log_problems(made.log) == []
    assert draw_problems(made.draw, as_before(made).log) == []


@pytest.mark.parametrize("base", ["eligible", "listed"])
def test_a_draw_committed_to_in_the_earlier_form_is_drawn_and_checked_in_it(base: str) -> None:
    made = whole(former=base)
    assert draw_problems(made.draw, made.log) == []
    assert from_json(json.loads(json.dumps(to_json(made.draw)))) == made.draw
    assert "opened" not in made.draw.result()
    # One draw is of one form: neither roster goes with the other's commitment.
    now = whole()
    for draw, other in ((made.draw, now.draw), (now.draw, made.draw)):
        assert draw_problems(replace(draw, objects=other.objects), made.log)


def test_a_draw_that_has_only_begun_has_no_problem() -> None:
    draw, log = committed()
    assert draw_problems(draw, log) == []
    log = anchored(log)
    draw, log = acts.type_first(
        draw, log, ("01.05.09.17.22.30+07", "01.02.03.04.05+01.02"), now=START.replace(day=18), by="drawer"
    )
    assert draw_problems(draw, log) == []
    assert draw_problems(replace(draw, values=("x",)), log)


def test_sixty_changes_of_a_record_are_found() -> None:
    chance, found = random.Random(5), 0  # noqa: S311 - where to forge, not a draw
    made = whole()
    before = json.loads(json.dumps(to_json(made.draw)))
    while found < 60:
        body: Any = change(before, chance)
        if body == before:
            continue
        found += 1
        try:
            problems = draw_problems(from_json(body), made.log)
        except DrawRefused as refused:
            problems = list(refused.reasons)
        assert problems, body


def test_a_changed_line_of_the_log_is_found() -> None:
    made: Made = whole()
    first = made.log.lines[0]
    forged = replace(
        made.log, lines=(replace(first, by="somebody"), *made.log.lines[1:]), texts=("x", *made.log.texts[1:])
    )
    assert log_problems(forged)
    without = replace(made.log, lines=made.log.lines[:-1], texts=made.log.texts[:-1])
    assert draw_problems(made.draw, without)
