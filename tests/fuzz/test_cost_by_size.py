"""What is read and checked costs by its bytes at every size: sixteen times the file is no more than twice as dear for each byte.

Each file has many of one thing; some are wrong in a way that makes a problem of each. ``--soak`` tries them all at full size.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Mapping

import pytest
from definition_files import files

from engine.definition.expressions import parse_tree
from engine.definition.library import load_files
from engine.yamltext.problem import as_text

SMALL, LARGE = 16_000, 256_000
MAX_RATIO = 2
#: In every run these are tried at full size, the others up to a quarter of it.
ALWAYS = {
    "fields",
    "unknown names",
    "states that go back",
    "choices",
    "children",
    "effects",
    "problems on one line",
}
QUARTER = LARGE // 4

FORM = "form: big\ntitle: 大\nfields:\n"
WORKFLOW = "workflow: w\ntitle: 大\nabout: none\ninitial: s0\nstart: {by: clerk}\n"
ONE_FIELD = "fields: [x: {title: 数, integer}]\n"
ONE_STATE = "states:\n  done: {title: 毕, final}\n  s0:\n    title: 环\n    for: clerk\n    deadline: suggested 5 days\n    steps:\n"
STATES = "states:\n  done: {title: 毕, final}\n"
STATE = "  s%(i)d: {title: 环%(i)d, for: clerk, no deadline: 无, steps: "


def _parts(i: int, n: int) -> Mapping[str, object]:
    return {
        "i": i,
        "more": i + 1,
        "half": i // 2,
        "next": f"s{i + 1}" if i + 1 < n else "done",
        "few": i % 90 + 1,
    }


#: What there are many of -> the head of the file, one of the many, and the end.
MANY: Mapping[str, tuple[str, str, str]] = {
    "fields": (FORM, "  - f%(i)d: {title: 栏%(i)d, integer, min: 0}\n", ""),
    "fields of one name": (FORM, "  - f1: {title: 栏%(i)d}\n", ""),
    "fields worked out": (FORM + "  - f0: {title: 头, integer}\n", "  - g%(i)d: {title: 栏, integer, computed: form.f0 + %(i)d}\n", ""),
    "sums in a chain": (FORM + "  - g0: {title: 头, integer}\n", "  - g%(more)d: {title: 栏, integer, computed: form.g%(i)d + 1}\n", ""),
    "conditions in a chain": (FORM + "  - g0: {title: 头, integer}\n", "  - g%(more)d: {title: 栏, integer, when: form.g%(i)d > 1}\n", ""),
    "unknown names alike": (FORM, "  - employee_contract_signed_%(i)d: {title: 栏, optional, when: form.employee_contract_signed_x%(i)d == 'a'}\n", ""),
    "unknown keys": (FORM, "  - f%(i)d: {title: 栏%(i)d, requird%(i)d: true}\n", ""),
    "unknown names": (FORM, "  - f%(i)d: {title: 栏%(i)d, optional, when: form.g%(i)d == 'a'}\n", ""),
    "unknown code lists": (FORM, "  - f%(i)d: {title: 栏%(i)d, choice, choices: nocode%(i)d}\n", ""),
    "problems on one line": (FORM.rstrip() + " [", "f%(i)d: {title: 栏%(i)d, requird: true}, ", "]\n"),
    "columns": (FORM + "  - t:\n      title: 表\n      type: list\n      columns:\n", "        - f%(i)d: {title: 栏%(i)d, text}\n", ""),
    "sections": (FORM, "  - section: 节%(i)d\n  - f%(i)d: {title: 栏%(i)d, text}\n", ""),
    "states": (WORKFLOW + STATES, STATE + "{g%(i)d: {title: 办, to: %(next)s}}}\n", ""),
    "states that go back": (WORKFLOW + STATES, STATE + "{g%(i)d: {title: 办, to: %(next)s}, b%(i)d: {title: 回, to: s%(half)d}}}\n", ""),
    "unknown states": (WORKFLOW + STATES, "  s%(i)d: {title: 环, for: clrk%(i)d, steps: {g%(i)d: {title: 办, to: x%(next)s}}}\n", ""),
    "choices": (WORKFLOW + ONE_FIELD + STATES, STATE + "{g%(i)d: {title: 办, to: [s%(half)d: case.x == %(i)d, done: case.x > %(i)d, else: %(next)s]}}}\n", ""),
    "children": (WORKFLOW + ONE_FIELD + STATES, STATE + "{g%(i)d: {title: 办, to: %(next)s, then: [{start: w, with: {x: = %(i)d}, when: case.x > %(i)d}]}}}\n", ""),
    "clocks": (WORKFLOW + ONE_STATE + "      g: {title: 办, to: done}\nclocks:\n", "  c%(i)d: {title: 限%(i)d, deadline: suggested %(few)d days, during: s0}\n", ""),
    "steps": (WORKFLOW + ONE_STATE, "      g%(i)d: {title: 办%(i)d, to: done}\n", ""),
    "messages": (WORKFLOW + ONE_STATE, "      g%(i)d: {title: 办, to: done, then: [{notify: clerk, message: 您好 %(i)d}]}\n", ""),
    "effects": (WORKFLOW + ONE_FIELD + ONE_STATE + "      g:\n        title: 办\n        to: done\n        then:\n", "          - {set: {x: = %(i)d}, when: case.x > %(i)d}\n", ""),
    "outcomes": (WORKFLOW + ONE_FIELD + ONE_STATE + "      g:\n        title: 办\n        to:\n", "          - done: case.x == %(i)d\n", "          - else: done\n"),
    "automatic steps": (WORKFLOW + ONE_FIELD + ONE_STATE + "      z: {title: 完, to: done}\n", "      g%(i)d: {title: 办, to: done, automatic, when: case.x == %(i)d}\n", ""),
}  # fmt: skip


def text_of(many: str, size: int) -> str:
    """Return a file of some size, with as many of a thing as it takes."""
    head, one, end = MANY[many]
    number = size // len((one % _parts(1000, size)).encode())
    return head + "".join(one % _parts(i, number) for i in range(number)) + end


def seconds(text: str) -> float:
    """Return the seconds of the processor that reading, checking and saying the problems takes, nothing being known before."""
    name = "form.big.yaml" if text.startswith("form") else "workflow.w.yaml"
    parse_tree.cache_clear()
    gc.collect()
    gc.disable()
    try:
        before = time.process_time()
        loaded = load_files({name: text}, context={"bureau.yaml": files()["workflows/bureau.yaml"]})
        as_text(loaded.problems, loaded.sources)
        return time.process_time() - before
    finally:
        gc.enable()


@pytest.fixture(scope="module", autouse=True)
def _kept_is_not_searched() -> None:
    """Leave what tests before have kept out of the search for garbage before each measurement, which would cost more than all of them."""
    gc.collect()
    gc.freeze()


@pytest.mark.parametrize("many", sorted(MANY))
def test_a_byte_of_a_large_file_costs_no_more_than_twice_one_of_a_small_one(many: str, soak: bool) -> None:
    large = text_of(many, LARGE if soak or many in ALWAYS else QUARTER)
    small = text_of(many, SMALL)
    # What the settings of the bureau cost is in both.
    short = min(seconds(small) for _ in range(3)) / len(small.encode())
    long = seconds(large) / len(large.encode())
    assert long <= MAX_RATIO * short, (many, short, long, long / short)
