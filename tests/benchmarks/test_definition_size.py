"""The shipped definitions are shorter than they were in the first language.

Three figures, for the files have not stood still: the same duties in both languages, held to load to the same
definitions; of the files of today, what stood in them then; and the files of today as they are.
"""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.definition_size import size_of, sizes, sizes_of_parts
from engine.definition.library import Loaded, load_files
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.model.workflow import Transition, Workflow
from engine.yamltext.source import read_source

ROOT = Path(__file__).parents[2]
OLDER = ROOT / "tests/definition/older"


@cache
def kept(name: str) -> Mapping[str, str]:
    """Return the files of a text in which they stand one after the other."""
    parts = (OLDER / name).read_text(encoding="utf-8").split("=== ")[1:]
    return {part.split("\n", 1)[0]: part.split("\n", 1)[1] for part in parts}


def before() -> Mapping[str, str]:
    """Return the shipped files as they were in the first language."""
    return kept("shipped_before.txt")


def before_now() -> Mapping[str, str]:
    """Return the same files, the same duties, in the language of today."""
    return kept("shipped_before_now.txt")


def today() -> Mapping[str, str]:
    """Return those of the files that are shipped still, as they are."""
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in before() if (ROOT / name).exists()}


def differences(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield where two values differ: the path to it, and both."""
    if isinstance(old, Expression) and isinstance(new, Expression):
        # A missing value was unequal to everything in the first language, and is equal and unequal to nothing now.
        if _positive(old.source) != _positive(new.source):
            yield path, old.source, new.source
    elif dataclasses.is_dataclass(old) and type(old) is type(new):
        for one in dataclasses.fields(old):
            yield from differences(getattr(old, one.name), getattr(new, one.name), f"{path}.{one.name}")
    elif isinstance(old, (tuple, list)) and isinstance(new, (tuple, list)) and len(old) == len(new):
        for number, pair in enumerate(zip(old, new, strict=True)):
            yield from differences(*pair, f"{path}[{number}]")
    elif isinstance(old, Mapping) and isinstance(new, Mapping) and set(old) == set(new):
        for name in old:
            yield from differences(old[name], new[name], f"{path}.{name}")
    elif old != new:
        yield path, old, new


def _positive(source: str) -> str:
    """Return an expression with ``not (a == b)`` written as ``a != b``, and ``not (a in b)`` as ``a not in b``."""
    return re.sub(r"not \(([^()]+) (==|in) ([^()]+?)\)", lambda m: f"{m[1]} {_OPPOSITE[m[2]]} {m[3]}", source)


_OPPOSITE = {"==": "!=", "in": "not in"}


def test_keys_and_values_count_and_texts_do_not() -> None:
    text = "a: 1 # note\ntitle: 甲\nb: {help: x, c: [1, 2, {d: }]}\n名称: 乙\n"
    assert size_of(read_source("x", text).root) == 7
    assert size_of(None) == 0


def test_the_same_duties_are_a_fifth_shorter() -> None:
    """8,100 keys and values then, 5,589 now (31.0 % fewer): the figure of the language, with nothing added and nothing left out."""
    assert set(before()) == set(before_now())
    then, now = sum(sizes(before()).values()), sum(sizes(before_now()).values())
    assert then == 8100
    assert now * 100 <= then * 69, (now, then)


def test_the_same_duties_they_are() -> None:
    old, new = load_files(before(), language=1), load_files(before_now())
    assert [str(one.message) for one in new.problems if one.severity.value == "error"] == []
    assert dict(_other(old, new)) == {
        # A case of the library begins with the answers of its start form; it took a step of its own then.
        "library.start_then": True,
        "library.submit.then": True,
        # The same in other words: not (a and b), not (a in f(b)), a == true.
        "follow_up.publish_follow_up.warn[0].that.expression": True,
        "inspection.pass_review.require[0].that.expression": True,
        "library.activate.require[3].that.expression": True,
    }


def _apart(old: Any, new: Any, name: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield where two definitions differ; steps are compared by what they are, for those of one state stand in it now."""
    if not isinstance(old, Workflow):
        yield from differences(old, new, name)
        return
    yield from differences(
        dataclasses.replace(old, transitions=()), dataclasses.replace(new, transitions=()), name
    )
    before, after = (sorted(one.transitions, key=_which) for one in (old, new))
    assert [_which(step) for step in before] == [_which(step) for step in after]
    for step, other in zip(before, after, strict=True):
        yield from differences(step, other, f"{name}.{step.id}")


def _which(step: Transition) -> tuple[str, tuple[str, ...], str]:
    return step.id, step.sources, step.target or ""


def _other(old: Loaded, new: Loaded) -> Iterator[tuple[str, bool]]:
    assert (set(old.workflows), set(old.forms)) == (set(new.workflows), set(new.forms))
    for mine, theirs in ((old.workflows, new.workflows), (old.forms, new.forms)):
        for name, one in mine.items():
            for path, was, then in _apart(one, theirs[name], name):
                # Where an effect stands; that a list which must be answered has an entry, which goes without saying now.
                if path.endswith(".line") or (path.endswith(".least") and (was, then) == (1, None)):
                    continue
                yield path, True


def test_what_stood_in_them_then_is_shorter_though_it_says_more() -> None:
    """States, steps, clocks, fields and rows that were there then: 7,397 keys and values, 4,855 now (34.4 % fewer); terms, reasons, conditions and papers that were added to them are counted as if they had been there."""
    then: dict[tuple[str, str, str], int] = {}
    now: dict[tuple[str, str, str], int] = {}
    for files, found in ((before(), then), (today(), now)):
        for name, text in files.items():
            found.update({(name, *part): size for part, size in sizes_of_parts(name, text).items()})
    both = set(then) & set(now)
    old, new = sum(then[part] for part in both), sum(now[part] for part in both)
    # Nine of 900 are gone, with the way to a penalty that passed the procedure by (ADR 0089).
    assert len(both) >= 890
    assert new * 100 <= old * 68, (new, old)


def test_the_shipped_definitions_stay_short() -> None:
    """All of today's files beside what they were: 8,068 keys and values then, 6,452 now (20.03 % fewer), though the processes say more since.
    Draws and who may not do what are 2.5 %; a term or its reason for every task (ADR 0041) and the order of papers (ADR 0042) 3.5 %;
    corrections and urgent visits with terms of their own (ADR 0049), what a file must hold (ADR 0053) and papers by law (ADR 0052)
    9.5 %; the last lines of the mission and corrections of one answer (ADR 0058) 1 %; that each person a form names signs for
    himself (ADR 0057) 0.5 %."""
    then = sum(sizes(before())[name] for name in today())
    now = sum(sizes(today()).values())
    assert now * 100 <= then * 80, (now, then)


def test_the_sizes_are_printed() -> None:
    command = [sys.executable, "-m", "benchmarks.definition_size", "forms/decision.yaml"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf-8")
    assert done.stdout.endswith("in all\n")
