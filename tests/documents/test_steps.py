"""What a document may cost is counted in steps: the same templates are refused on every machine, at the same step."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from engine.documents import render as rendering
from engine.documents.render import RenderError, render
from engine.documents.steps import LOOPS_DEEP, PARTS_DEEP, STEPS, SYNTAX_DEEP, too_deep

VISITS: list[dict[str, Any]] = [
    {"id": f"v{n}", "team": f"t{n % 50}", "count": n % 7, "note": "正常"} for n in range(2_000)
]
TEAMS = [f"t{n}" for n in range(50)]


def put(folder: Path, **sources: str) -> None:
    """Write templates."""
    for name, source in sources.items():
        (folder / f"{name}.html").write_text(source, "utf-8")


def made(folder: Path, source: str, steps: int = STEPS, **values: Any) -> str:
    """Return the document of a template."""
    put(folder, own=source)
    return render("own", values, [folder], steps=steps).decode()


def refused(folder: Path, source: str, steps: int = STEPS, **values: Any) -> str:
    """Return the sentence a template is refused with."""
    with pytest.raises(RenderError) as caught:
        made(folder, source, steps, **values)
    return str(caught.value)


TWICE = "".join(f"{{% set a{n + 1} = (a{n}, a{n}) %}}" for n in range(50))
TWICE_MORE = "".join(f"{{% set b{n + 1} = (b{n}, b{n}) %}}" for n in range(50))

ENDLESS = {
    "nested loops": "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
    "loops that print": "{% for a in range(90000) %}{% for b in range(90000) %}{{ b }}{% endfor %}{% endfor %}",
    "a loop whose condition never holds": "{% for a in range(90000) %}{% for b in range(90000) if b < 0 %}x{% endfor %}{% endfor %}",
    "a loop with else": "{% for a in range(90000) %}{% for b in range(90000) if b < 0 %}x{% else %}{% endfor %}{% endfor %}",
    "a loop that asks for its length": "{% for a in range(90000) %}{% for b in range(90000) %}{% if loop.length < b %}{% endif %}{% endfor %}{% endfor %}",
    "sorting again and again": "{% for a in [1, 2] %}" * 9
    + "{% for b in range(90000) | list | sort | sort | sort %}{% endfor %}" * 40
    + "{% endfor %}" * 9,
    "sorting in a loop": "{% for a in range(90000) %}{% if range(90000) | sort | first < 0 %}{% endif %}{% endfor %}",
    "filters in a chain": "{% for a in range(90000) %}{% if range(90000) | map('int') | select('gt', 5) | reject('lt', 0) | list | length < 0 %}{% endif %}{% endfor %}",
    "a filter of filters": "{% if range(90000) | map('groups') | map('list') | map('length') | list | length < 0 %}{% endif %}",
    "groups": "{% for a in range(9000) %}{% for g in visits | groupby('team') %}{% for v in g.list | sort(attribute='id') %}{% endfor %}{% endfor %}{% endfor %}",
    "unique": "{% for a in range(90000) %}{% if visits | map(attribute='id') | unique | list | length < 0 %}{% endif %}{% endfor %}",
    "dictsort": "{% for a in range(90000) %}{% if table | dictsort | length < 0 %}{% endif %}{% endfor %}",
    "searching a list": "{% for a in range(90000) %}{% if 'x' in numbers %}{% endif %}{% endfor %}",
    "searching by a test": "{% for a in range(90000) %}{% if 'x' is in(numbers) %}{% endif %}{% endfor %}",
    "searching a text": "{% for a in range(90000) %}{% if '乙' in long %}{% endif %}{% endfor %}",
    "comparing texts": "{% for a in range(90000) %}{% if long == long2 %}{% endif %}{% endfor %}",
    "changing a text": "{% for a in range(90000) %}{% if long | upper | trim | lower == '' %}{% endif %}{% endfor %}",
    "reversing": "{% for a in range(90000) %}{% if (long | reverse) == '' %}{% endif %}{% endfor %}",
    "a part of a text": "{% for a in range(90000) %}{% if long[1:] == '' %}{% endif %}{% endfor %}",
    "a text in groups": "{% for a in range(90000) %}{% if long | groups(1) | length == 0 %}{% endif %}{% endfor %}",
    "comparing lists that hold themselves twice": TWICE + TWICE_MORE + "{% if a50 == b50 %}{% endif %}",
    "a key that holds itself twice": TWICE + "{{ table[a50] }}",
    "a text of lists": TWICE + "{{ a50 | upper }}",
    "sorting lists that hold themselves twice": TWICE + "{{ [a50, a50] | sort | first | first | first }}",
    "a sentence of lists": TWICE + "{{ say('x', x=a50) }}",
    "a part in a loop": "{% for a in range(90000) %}{% include '_part.html' %}{% endfor %}",
    "a part without context in a loop": "{% for a in range(90000) %}{% include '_part.html' without context %}{% endfor %}",
    "a part that is missing": "{% for a in range(90000) %}{% include 'none.html' ignore missing %}{% endfor %}",
    "a block in a loop": "{% for a in range(90000) %}{% block b scoped %}{% for c in range(9000) %}{% endfor %}{% endblock %}{% endfor %}",
}


@pytest.mark.parametrize("what", ENDLESS)
def test_endless_work_is_refused_after_a_count(what: str, tmp_path: Path) -> None:
    put(tmp_path, _part="{% for b in range(900) %}{% endfor %}")
    values = {
        "visits": VISITS,
        "table": {f"k{n}": n for n in range(900)},
        "numbers": list(range(9_000)),
        "long": "甲" * 100_000,
        "long2": "甲" * 99_999 + "乙",
        "a0": 1,
        "b0": 1,
    }
    said = refused(tmp_path, ENDLESS[what], 300_000, **values)
    assert "300000 步" in said, said
    assert "own.html:1" in said or "_part.html:1" in said
    assert "请减少循环" in said


def test_loops_deeper_than_they_may_be_are_told_with_their_line(tmp_path: Path) -> None:
    said = refused(tmp_path, "甲\n" + "{% for a in [1] %}\n" * 11 + "{% endfor %}" * 11)
    assert f"own.html:{LOOPS_DEEP + 2}" in said
    assert f"超过 {LOOPS_DEEP} 层" in said


def test_syntax_that_nests_too_deep_is_told_with_its_line(tmp_path: Path) -> None:
    said = refused(tmp_path, "甲\n" + "{% if 1 %}" * SYNTAX_DEEP + "{% endif %}" * SYNTAX_DEEP)
    assert "own.html:2" in said
    assert f"{SYNTAX_DEEP} 层" in said
    assert "嵌套太深" in refused(tmp_path, "{{ " + "(" * 5000 + ")" * 5000 + " }}")


def test_a_part_of_itself_is_told(tmp_path: Path) -> None:
    said = refused(tmp_path, "甲\n{% include 'own.html' %}")
    assert "own.html:2" in said
    assert f"超过 {PARTS_DEEP} 层" in said
    assert f"超过 {PARTS_DEEP} 层" in refused(tmp_path, "{% extends 'own.html' %}")
    put(tmp_path, _a="{% extends '_b.html' %}", _b="{% include '_a.html' %}")
    assert f"超过 {PARTS_DEEP} 层" in refused(tmp_path, "{% include '_a.html' %}")


def test_parts_one_after_the_other_are_not_deep(tmp_path: Path) -> None:
    put(
        tmp_path,
        _frame="[{% block a %}{% endblock %}]",
        _part="{% extends '_frame.html' %}{% block a %}x{% endblock %}",
    )
    assert made(tmp_path, "{% for a in range(100) %}{% include '_part.html' %}{% endfor %}") == "[x]" * 100


RIGHT = [
    (
        "{% for v in visits if v.count > 5 %}{{ v.id }}{% else %}无{% endfor %}",
        "".join(v["id"] for v in VISITS if v["count"] > 5),
    ),
    (
        "{% for a in range(3) %}{{ loop.index }}/{{ loop.length }}{{ '。' if loop.last else '，' }}{% endfor %}",
        "1/3，2/3，3/3。",
    ),
    (
        "{% for k, v in {'a': 1}.items() %}{{ k }}{{ v }}{% endfor %}{% for a in [] %}{% else %}无{% endfor %}",
        "a1无",
    ),
    ("{% for a in 'abc' %}{{ a }}{{ loop.previtem | default('-') }}{% endfor %}", "a-bacb"),
    (
        "{{ 1 < 2 < 3 }}{{ 3 > 2 > 2 }}{{ 'a' in 'ab' }}{{ 1 not in [1] }}{{ 2 is in([1, 2]) }}{{ 1 == 1 != 2 }}{{ 1 <= 1 >= 1 }}",
        "是否是否是是是",
    ),
    (
        "{{ [3, 1, 2] | sort | join('、') }}{{ [1, 1, 2] | unique | join }}{{ 'ba' | list | reverse | join }}",
        "1、2、31、2a、b",
    ),
    (
        "{{ {'b': 1, 'a': 2} | dictsort | map('first') | join }}{{ visits | map(attribute='id') | first }}{{ [1, 2] | last }}",
        "a、bv02",
    ),
    (
        "{{ visits | selectattr('team', 'eq', 't3') | list | length }}{{ visits | rejectattr('count') | map(attribute='count') | unique | list | length }}",
        "401",
    ),
]


@pytest.mark.parametrize(("source", "text"), RIGHT)
def test_counting_changes_nothing(source: str, text: str, tmp_path: Path) -> None:
    assert made(tmp_path, source, visits=VISITS) == text


def test_large_documents_that_are_right_are_made(tmp_path: Path) -> None:
    by_team = "{% for t in teams %}{% for v in visits if v.team == t %}{{ v.id }}{% endfor %}{% endfor %}"
    assert len(made(tmp_path, by_team, teams=TEAMS, visits=VISITS)) == sum(len(v["id"]) for v in VISITS)
    groups = "{% for g in visits | groupby('team') %}{% for v in g.list | sort(attribute='count') %}{{ v.note }}{% endfor %}{% endfor %}"
    assert len(made(tmp_path, groups, visits=VISITS)) == 2 * len(VISITS)
    rows = "{% for v in visits %}<tr><td>{{ loop.index }}</td><td>{{ v.id }}</td></tr>\n{% endfor %}"
    assert made(tmp_path, rows, visits=VISITS * 10).count("<tr>") == 20_000


def test_the_same_step_is_the_last_in_every_run_and_thread(tmp_path: Path) -> None:
    put(tmp_path, own="{% for a in range(100) %}{{ a }}{% endfor %}")
    enough = next(n for n in range(100, 1_000) if _fits(tmp_path, n))
    found: list[bool] = []

    def again() -> None:
        found.extend((_fits(tmp_path, enough - 1), _fits(tmp_path, enough)))

    threads = [threading.Thread(target=again) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [False, True] * 4


def _fits(folder: Path, steps: int) -> bool:
    try:
        render("own", {}, [folder], steps=steps)
    except RenderError:
        return False
    return True


def test_no_clock_is_asked_and_nothing_is_traced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: object) -> float:
        raise AssertionError

    for name in ("monotonic", "perf_counter", "time", "process_time", "thread_time"):
        monkeypatch.setattr(time, name, asked)
    monkeypatch.setattr(sys, "settrace", asked)
    assert made(tmp_path, "{% for a in range(3) %}{{ a }}{% endfor %}") == "012"
    assert "time" not in vars(rendering)


def test_depth_is_found_without_recursion() -> None:
    from jinja2 import Environment

    assert too_deep(Environment(autoescape=True).parse("{{ a }}")) is None
