from __future__ import annotations

import pytest

from engine.lifecycle.migration.rename_map import KINDS, RenameMap

MAP = RenameMap(
    states={"a": "b"},
    fields={"visit.contact": "phone", "case.place": "site"},
    values={"visit.level": {"1": "one"}},
)


def test_what_was_written_is_read_again_and_empty_kinds_are_left_out() -> None:
    assert RenameMap().as_json() == {}
    assert set(MAP.as_json()) == {"states", "fields", "values"}
    assert RenameMap.from_json(MAP.as_json()) == MAP
    assert set(MAP.as_json()) < set(KINDS)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError, match="colour"):
        RenameMap.from_json({"colour": {}})


def test_fields_are_looked_up_by_form_and_old_name() -> None:
    assert MAP.field_of("visit", "contact") == "phone"
    assert MAP.field_of("other", "contact") == "contact"
    assert MAP.field_of("case", "place") == "site"
