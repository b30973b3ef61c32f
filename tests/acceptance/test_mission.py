"""The table of the mission is whole and the same in both languages; each fault has a test that is there."""

from __future__ import annotations

import re

from mission_table import CHINESE, MISSION, ROOT, faults_of, rows_of

WORDS = {"works": "可办", "partly": "部分"}
#: Commands that print what a file says, whatever was done in the year.
OF_DEFINITIONS = (
    "workflow show",
    "workflow check",
    "workflow diagram",
    "form show",
    "form list",
    "form preview",
    "exchange show",
)


def test_every_line_of_the_founding_document_has_a_row_and_none_is_missing_altogether() -> None:
    rows = rows_of(MISSION)
    assert [row.number for row in rows] == list(range(1, 97))
    assert {row.state for row in rows} <= set(WORDS)
    # What is only partly there says what is missing; what works has nothing to say.
    assert all((row.missing == "–") == (row.state == "works") for row in rows)


def test_no_row_prints_a_definition_instead_of_what_was_done() -> None:
    assert [row.number for row in rows_of(MISSION) if row.command.startswith(OF_DEFINITIONS)] == []
    # Of a list of formats only the number of rows that the year has for one is done by it.
    listed = [row for row in rows_of(MISSION) if row.command == "exchange list"]
    assert listed
    assert all(re.search(r" \d+ [1-9]\d*$", row.shows) for row in listed)


#: Commands that print what there is, whatever was done with it: a title of theirs is there in every year.
OF_LISTS: tuple[str, ...] = (
    "report ",
    "register list",
    "register show",
    "register expiring",
    "draw forecast",
    "draw show",
)
OF_LISTS += ("case show", "case tree", "case list", "case items", "paper list", "user sheet", "exchange list")


def test_no_row_is_content_with_a_title() -> None:
    """A row of a list shows a figure, a number of a paper or the answer that was given, not the name of a measure, a column or an item."""
    rows = [row for row in rows_of(MISSION) if row.command.startswith(OF_LISTS)]
    assert len(rows) > 40
    assert [row.number for row in rows if not re.search(r"\d|：.|、", row.shows)] == []
    # An item of which nothing was drawn covers nothing.
    (items,) = [row for row in rows if row.number == 2]
    assert (" 0 0 " not in items.shows) or items.state == "partly"


def test_both_languages_say_the_same() -> None:
    for english, chinese in zip(rows_of(MISSION), rows_of(CHINESE), strict=True):
        assert (english.number, WORDS[english.state]) == (chinese.number, chinese.state)
        assert (english.command, english.shows) == (chinese.command, chinese.shows)
    assert faults_of(MISSION) == faults_of(CHINESE)


def test_the_count_at_the_head_is_that_of_the_rows() -> None:
    states = [row.state for row in rows_of(MISSION)]
    said = re.search(r"\((\d+) work, (\d+) partly, none not at all\)", MISSION.read_text("utf-8"))
    assert said is not None
    assert tuple(map(int, said.groups())) == (states.count("works"), states.count("partly"))


def test_each_of_the_twelve_faults_has_a_test() -> None:
    faults = faults_of(MISSION)
    assert sorted(faults) == list(range(1, 13))
    for place in faults.values():
        file, _, name = place.partition("::")
        assert f"def {name}(" in (ROOT / file).read_text("utf-8"), place


def test_rows_that_could_rest_on_a_word_show_who_did_it_and_when() -> None:
    """The title of a step is there whoever took it and whenever; two duties are not shown by one line."""
    rows = {row.number: row for row in rows_of(MISSION)}
    deed = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d)? (insp-\d+|chief-\w+)")
    assert [number for number in (34, 50, 53, 58, 60) if not deed.search(rows[number].shows)] == []
    for one, other in ((50, 53), (58, 60)):
        assert (rows[one].command, rows[one].shows) != (rows[other].command, rows[other].shows)
    assert {rows[number].state for number in (19, 92)} == {"partly"}
