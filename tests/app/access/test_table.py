"""The access table as it is shipped."""

from __future__ import annotations

import pytest

from engine.app.access.table import NOBODY_YET, WORDS, access_row, access_table
from engine.definition.library import load_paths
from engine.definition.resources import workflows_dir


def test_groups_are_taken_apart_and_words_are_no_roles() -> None:
    row = access_row("definition.publish")
    assert row.roles == ("leading_office", "form_admin", "deputy_head", "bureau_head")
    assert row.words == {NOBODY_YET}
    assert not any(set(row.roles) & WORDS for row in access_table().values())


def test_every_row_lets_somebody() -> None:
    assert all(row.roles or row.words for row in access_table().values())


def test_its_roles_are_roles_of_the_standard_bureau() -> None:
    bureau = load_paths(sorted(workflows_dir().glob("*.yaml"))).bureau
    assert bureau is not None
    assert {role for row in access_table().values() for role in row.roles} <= set(bureau.roles)


def test_sections_are_kept_apart_where_cases_are_read() -> None:
    apart = {name for name, row in access_table().items() if row.own_section}
    assert {"case.read", "task.read", "document.read", "draw.read"} <= apart


def test_a_use_case_that_is_not_there_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        access_row("nothing.at.all")
