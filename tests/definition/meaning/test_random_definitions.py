"""What the check calls sound never stands for ever, never raises and shows nothing private in random runs; what stands is called unsound.

200 definitions in every run, 5,000 with ``--soak``.
"""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from random_definitions import PRIVATE, Made, Run, definitions

from engine.yamltext.problem import Severity

FEW, MANY = 200, 5_000
ACTS = 8
#: The rules one of which speaks of a state where a case was seen to stand.
STANDING = {"nothing-left-to-do", "read-before-written", "constant-condition"}


def test_what_is_sound_goes_on_and_what_stands_is_unsound(soak: bool) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=MANY if soak else FEW, suppress_health_check=list(HealthCheck), database=None)
    @given(definitions())
    def judged(made: Made) -> None:
        loaded = made.loaded()
        said = {problem.rule: problem.severity for problem in loaded.problems}
        seen["unsound"] += not loaded.sound
        if not loaded.sound:
            return
        seen["clean" if Severity.WARNING not in said.values() else "warned of"] += 1
        for number in range(3 if soak else 1):
            run = Run(loaded, made.seed + number)
            run.go(ACTS)
            stuck = run.stuck()
            shown = (stuck, said, made.texts["made.yaml"], made.texts.get("kid.yaml"))
            seen["stood"] += bool(stuck)
            assert not stuck or STANDING & set(said), shown
            # Where it is nobody's task, nobody sees it stand: a warning is not enough.
            assert all(loaded.workflows[name].states[state].audience for name, state in stuck), shown
            assert not any(PRIVATE in text for text in run.shown()), shown
            assert run.raised() == [], shown
            assert run.bureau.findings() == [], shown

    judged()
    # Enough of each kind is made for this to say something.
    assert min(seen["clean"], seen["unsound"], seen["stood"]) > 0, seen
    assert seen["clean"] + seen["warned of"] > FEW // 5, seen
