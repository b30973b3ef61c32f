"""Loading stays quick; the limits are loose, for a busy machine."""

from __future__ import annotations

import time

from definition_examples import FILES, workflow_text

from engine.definition.library import load_files


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


def test_ten_files_of_three_hundred_lines():
    files = {f"{name}.yaml": long_workflow(name, 32) for name in "abcdefghij"}
    assert all(text.count("\n") >= 295 for text in files.values())
    started = time.perf_counter()
    loaded = load_files({**files, **FILES})
    taken = time.perf_counter() - started
    assert [problem for problem in loaded.problems if problem.severity == "error"] == []
    assert taken < 1.5
