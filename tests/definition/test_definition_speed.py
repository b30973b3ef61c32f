"""Loading stays in proportion to what is loaded, and to what reading the same texts as YAML alone takes.

Processor time of both, in turn, the least of each: no machine is too slow for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import yaml
from definition_examples import FILES, workflow_text

from engine.definition.library import load_files

#: Loading may take so many times what reading the same texts as YAML takes.
MAX_RATIO = 1


def long_workflow(name: str, steps: int) -> str:
    states = "".join(
        f"  s{n}:\n    title: 环节{n}\n    for: clerk\n    deadline: {n + 1} working days\n"
        for n in range(steps)
    )
    moves = "".join(
        f"  - do: go{n}\n    title: 办理{n}\n    from: s{n}\n    to: {f's{n + 1}' if n + 1 < steps else 'done'}\n"
        f"    when: case.title != '甲{n}' and today >= case.opened_on\n"
        for n in range(steps)
    )
    blocks = f"initial: s0\nstates:\n{states}  done: {{title: 办结, final: true}}\ntransitions:\n{moves}"
    return workflow_text(blocks).replace("workflow: demo", f"workflow: {name}")


def least(*works: Callable[[], object], rounds: int = 3) -> list[float]:
    """Return the least processor time of each of some works, done in turn."""
    found = [float("inf")] * len(works)
    for _ in range(rounds):
        for number, work in enumerate(works):
            began = time.process_time()
            work()
            found[number] = min(found[number], time.process_time() - began)
    return found


def test_ten_files_of_three_hundred_lines_cost_no_more_than_reading_them_several_times():
    files = {f"{name}.yaml": long_workflow(name, 32) for name in "abcdefghij"}
    assert all(text.count("\n") >= 295 for text in files.values())
    loaded = load_files({**files, **FILES})
    assert [problem for problem in loaded.problems if problem.severity == "error"] == []

    def plainly() -> None:
        for text in (*files.values(), *FILES.values()):
            yaml.compose(text, Loader=yaml.SafeLoader)

    ours, plain = least(lambda: load_files({**files, **FILES}), plainly)
    print(f"loading {ours:.3f} s, reading alone {plain:.3f} s, {ours / plain:.2f} times")
    assert ours < MAX_RATIO * plain


def test_a_workflow_of_four_times_the_steps_costs_no_more_than_eight_times_as_much():
    short, long = ({**FILES, "a.yaml": long_workflow("a", steps)} for steps in (32, 128))
    ours, four_times = least(lambda: load_files(short), lambda: load_files(long))
    print(f"{four_times / ours:.2f} times")
    assert four_times < 8 * ours
