"""The texts of statements that are kept beside the program are those that are built."""

from __future__ import annotations

import json

from engine.store.sql.kept.keep import FAMILIES, modules, written
from engine.store.sql.kept.kept_statements import TEXTS


def test_the_kept_texts_are_those_that_are_built() -> None:
    assert TEXTS.read_text(encoding="utf-8") == written(), "run: python -m engine.store.sql.kept"


def test_every_module_and_every_family_is_in_them() -> None:
    found = json.loads(written())
    assert list(modules()) == sorted(found) != []
    assert all(
        any(name.startswith(f"{family}(") for name in found[module])
        for module, named in FAMILIES.items()
        for family in named
    )
