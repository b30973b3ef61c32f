"""Says where the shipped definitions load to something else than those of another folder: ``python tests/definition/same_definitions.py FOLDER``.

For a change of how they are written that must change nothing else. FOLDER holds `workflows` and `forms` as they were, such as ``git worktree add
FOLDER COMMIT`` makes. Steps are compared by name, states and target; where the order of the steps of a state differs is said apart.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/benchmarks")]

from test_definition_size import differences  # noqa: E402

from engine.definition.library import Loaded, load_files  # noqa: E402
from engine.lifecycle.model.workflow import Transition, Workflow  # noqa: E402


def loaded(folder: Path) -> Loaded:
    """Load the workflows and forms of a folder."""
    files = [path for part in ("workflows", "forms") for path in sorted((folder / part).glob("*.yaml"))]
    return load_files({path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files})


def different(old: Loaded, new: Loaded) -> Iterator[str]:
    """Yield a line for each thing that differs; none where both are the same."""
    for mine, theirs in ((old.workflows, new.workflows), (old.forms, new.forms)):
        yield from (f"{name}: only in one" for name in sorted(mine.keys() ^ theirs.keys()))
        for name in sorted(mine.keys() & theirs.keys()):
            one, other = mine[name], theirs[name]
            if isinstance(one, Workflow) and isinstance(other, Workflow):
                yield from _orders(one, other)
                one, other = _sorted(one), _sorted(other)
            yield from _lines(one, other, name)
    yield from _lines(old.bureau, new.bureau, "bureau")
    yield from _lines(old.site, new.site, "site")


def _lines(old: object, new: object, name: str) -> Iterator[str]:
    for path, was, now in differences(old, new, name):
        if not path.endswith(".line"):
            yield f"{path}: {was} -> {now}"


def _orders(old: Workflow, new: Workflow) -> Iterator[str]:
    for state in old.states:
        was, now = ([step.id for step in one.transitions if state in step.sources] for one in (old, new))
        if was != now:
            yield f"{old.id}.{state}: order of steps {was} -> {now}"


def _sorted(workflow: Workflow) -> Workflow:
    return replace(workflow, transitions=tuple(sorted(workflow.transitions, key=_which)))


def _which(step: Transition) -> tuple[str, tuple[str, ...], str, str]:
    return step.id, step.sources, step.target or "", str(step.when)


if __name__ == "__main__":
    lines = list(different(loaded(Path(sys.argv[1])), loaded(ROOT)))
    print("\n".join((*lines, f"{len(lines)} differences")))
    sys.exit(bool(lines))
