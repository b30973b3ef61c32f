"""What a format names must be there: every place of every shipped format, misspelt, is found at its line."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest

from engine.definition.file_discovery import surrounding_files
from engine.definition.library import Loaded, load_files, load_paths
from engine.definition.resources import exchange_dir, workflows_dir
from engine.exchange.format_check import (
    acting_formats,
    columns_of,
    definitions_of,
    formats_beside,
    names_in,
    problems_of_formats,
    read_once,
    with_formats,
)
from engine.exchange.format_file import FormatName, Named
from engine.yamltext.problem import Severity

PATH = re.compile(r"(?<![\w.'])[a-z]\w*(?:\.\w+)+")
#: What a case is about may have other columns than are known.
OPEN = ("subject.",)
#: Codes of a fact that is a text the steps set, and no list of codes: which there are is not known.
UNDECIDED = {("exchange/zhejiang_result.yaml", Named.CODE, "checked")}


@lru_cache(maxsize=1)
def loaded() -> Loaded:
    return load_paths(surrounding_files([workflows_dir()]))


def shipped() -> dict[str, str]:
    return {
        f"exchange/{file.name}": file.read_text("utf-8") for file in sorted(exchange_dir().glob("*.yaml"))
    }


def found(path: str, text: str, world: Loaded | None = None) -> list[tuple[int, str, Severity, str]]:
    known = definitions_of(world or loaded())
    own = acting_formats({path: text})
    return [
        (one.line, one.rule, one.severity, str(one.message))
        for one in problems_of_formats(own, known, {path})
    ]


def places() -> list[tuple[str, FormatName]]:
    return [(path, name) for path, text in shipped().items() for name in read_once(path, text).names]


def test_the_shipped_formats_are_clean() -> None:
    assert [found(path, text) for path, text in shipped().items()] == [[] for _ in shipped()]
    assert formats_beside(loaded()) == ()
    assert with_formats(loaded()) is loaded()


def test_every_kind_of_place_is_walked() -> None:
    assert {name.kind for _, name in places()} == set(Named)
    assert len(places()) > 150


def misspelt(text: str, place: FormatName) -> list[str]:
    """Return the text of a file with one name of a place misspelt, for each name in it."""
    lines = text.split("\n")
    line = lines[place.line - 1]
    start = line.index(place.text, max(0, place.column - 1)) if place.text in line else -1
    assert start >= 0, (place, line)
    if place.kind in (Named.VALUE, Named.CONDITION, Named.EACH):
        ends = [one.end() for one in PATH.finditer(place.text) if not one[0].startswith(OPEN)]
    else:
        ends = [len(place.text)]
    made = []
    for end in ends:
        at = start + end
        wrong = [*lines]
        wrong[place.line - 1] = f"{line[:at]}qq{line[at:]}"
        made.append("\n".join(wrong))
    return made


def test_every_name_misspelt_is_found_at_its_line() -> None:
    tried, missed = 0, []
    for path, place in places():
        for text in misspelt(shipped()[path], place):
            tried += 1
            if (path, place.kind, place.of) in UNDECIDED:
                continue
            if not any(line == place.line for line, *_ in found(path, text)):
                missed.append((path, place))
    assert tried > 150
    assert missed == []


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("'grade_change'", "'grade_chance'", "unknown-choice"),
        ("{A: A, B: B", "{A: A, D: B", "unknown-choice"),
        ("cases: follow_up", "cases: folow_up", "unknown-workflow"),
        ("forms: [follow_up_result]", "forms: [onsite_check]", "unknown-form"),
        ("forms.follow_up_result.done_on", "clocks.nothing.due_on", "unknown-name"),
        ("subject.name", "papers.no_such_paper", "unknown-name"),
        ("subject.name", "parent.no_such_fact", "unknown-name"),
        ("subject.name", "publication.no_such_fact", "unknown-name"),
        ("subject.name", "'collect(inspectors, it.no_such_column)'", "unknown-name"),
    ],
)
def test_what_else_is_found(before: str, after: str, rule: str) -> None:
    text = shipped()["exchange/integrity_grades.yaml"]
    assert before in text
    said = found("exchange/own.yaml", text.replace(before, after, 1))
    assert [(one[1], one[2]) for one in said] == [(rule, Severity.ERROR)]


FORM = "form: visit\ntitle: 走访\nfields:\n  - {seen}: {{title: 所见, type: text{more}}}\n"
FLOW = """\
workflow: round
title: 走访
about: none
initial: open
start: {by: leading_office}
states:
  open: {title: 待办, for: leading_office, deadline: 3 days}
  closed: {title: 办结, final: true}
transitions:
  - {do: finish, title: 完成, from: open, to: closed, form: visit}
"""
FORMAT = """\
exchange: rounds
title: 走访
rows: {{cases: round}}
key: [id]
columns:
  - id: {{title: 编号, value: case.id}}
  - seen: {{title: 所见, value: "{value}"}}
"""


def world(seen: str = "seen", more: str = "") -> Loaded:
    made = load_files(
        {"round.yaml": FLOW, "visit.yaml": FORM.format(seen=seen, more=more)},
        context={str(one): one.read_text("utf-8") for one in [workflows_dir() / "bureau.yaml"]},
    )
    assert made.sound, [str(one.message) for one in made.problems]
    return made


def test_a_field_that_was_renamed_is_found_where_its_former_name_is_not_kept() -> None:
    text = FORMAT.format(value="forms.visit.seen")
    assert found("exchange/rounds.yaml", text, world()) == []
    (one,) = found("exchange/rounds.yaml", text, world("noticed"))
    assert one[:3] == (7, "unknown-name", Severity.ERROR)
    assert found("exchange/rounds.yaml", text, world("noticed", ", id: seen")) == []


def test_a_name_beside_which_another_may_be_is_a_warning() -> None:
    text = FORMAT.format(value="first_filled(forms.visit.noticed, forms.visit.seen)")
    (one,) = found("exchange/rounds.yaml", text, world())
    assert one[:3] == (7, "unknown-name", Severity.WARNING)
    both = FORMAT.format(value="first_filled(forms.visit.noticed, forms.visit.sen)")
    assert [one[2] for one in found("exchange/rounds.yaml", both, world())] == [Severity.ERROR] * 2


def test_shipped_formats_of_processes_there_are_not_are_left_alone() -> None:
    assert list(problems_of_formats(acting_formats({}), definitions_of(world()))) == []


def test_the_columns_a_profile_adds_are_known() -> None:
    profile = "register: objects\ncolumns:\n  park: {title: 园区, type: text}\n"
    assert "park" in columns_of({"profiles/objects.yaml": profile})["objects"]
    assert columns_of({"exchange/objects.yaml": profile}) == {}


def test_the_names_of_a_format_without_its_file() -> None:
    used = read_once("exchange/rounds.yaml", FORMAT.format(value="forms.visit.seen")).format
    assert used is not None
    assert [(one.kind, one.text, one.of) for one in names_in(used)] == [
        (Named.VALUE, "case.id", "id"),
        (Named.VALUE, "forms.visit.seen", "seen"),
    ]


def test_a_deployment_has_it_said_at_the_file(tmp_path: Path) -> None:
    for folder in ("workflows", "forms", "exchange"):
        (tmp_path / folder).mkdir()
    (tmp_path / "settings.yaml").write_text("", "utf-8")
    (tmp_path / "workflows" / "round.yaml").write_text(FLOW, "utf-8")
    (tmp_path / "forms" / "visit.yaml").write_text(FORM.format(seen="noticed", more=""), "utf-8")
    file = tmp_path / "exchange" / "rounds.yaml"
    file.write_text(FORMAT.format(value="forms.visit.seen"), "utf-8")
    own = [tmp_path / "workflows" / "round.yaml", tmp_path / "forms" / "visit.yaml"]
    said = with_formats(load_paths(own, context=[workflows_dir() / "bureau.yaml"]))
    assert [(one.file, one.line) for one in said.problems if one.rule == "unknown-name"] == [(str(file), 7)]
    assert str(file) in said.sources
    # What its definitions have is not known while they have errors; what is wrong with the file alone is.
    broken = FLOW.replace("form: visit", "form: visits")
    (tmp_path / "workflows" / "round.yaml").write_text(broken, "utf-8")
    file.write_text(FORMAT.format(value="forms.visit.seen").replace("title: 走访", "titel: 走访"), "utf-8")
    said = with_formats(load_paths(own, context=[workflows_dir() / "bureau.yaml"]))
    assert {one.rule for one in said.problems if one.file == str(file)} == {"unknown-key", "missing-key"}
