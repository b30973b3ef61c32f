from __future__ import annotations

import pytest
from migration_factories import FLOW, process

from engine.lifecycle.migration.rename_map import RenameMap
from engine.lifecycle.migration.unknown_renames import unknown_renames


@pytest.mark.parametrize(
    ("renames", "sentences"),
    [
        (RenameMap(states={"open": "waiting"}), []),
        (RenameMap(states={"opne": "waiting"}), ["改名“opne → waiting”：没有“opne”"]),
        (
            RenameMap(states={"closed": "waiting"}),
            ["改名“closed → waiting”：新版仍有“closed”，不是改名"],
        ),
        (RenameMap(fields={"visit.contact": "phone"}), ["改名“visit.contact → phone”：没有“phone”"]),
        (RenameMap(values={"visit.size": {"a": "b"}}), ["取值“visit.size”：没有“size”这一栏"]),
    ],
)
def test_what_is_in_neither_version_is_named(renames: RenameMap, sentences: list[str]) -> None:
    new = process(FLOW.replace("open", "waiting"), version=2)
    assert [str(one.message) for one in unknown_renames([process()], new, renames)] == sentences
