"""The texts of all statements for SQLite, as they are kept beside the program."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator
from importlib import import_module
from itertools import product
from pathlib import Path

from engine.store.sql import core
from engine.store.sql.compiling import dialect_of
from engine.store.sql.kept.kept_statements import CORE, key_of
from engine.store.sql.prepared import CHUNK, PreparedStatement

#: Modules of Core whose statements are made when they are asked for, one for each of these values.
FAMILIES: dict[str, dict[str, list[tuple[Hashable, ...]]]] = {
    "events": {"newest": [(count,) for count in range(1, 9)]},
    "registers": {"some": [(CHUNK,)]},
    "tasks": {"of_keys": [(count,) for count in range(1, 17)]},
    "trips.look_ahead": {"looking_ahead": [(count, False) for count in range(9)]},
    "task_pages": {
        "page": [
            (keys, None, words, "", False, False)
            for keys, words in product((None, 1, 2, 3, 4), ("", "section"))
        ],
        "counted": [
            (keys, None, words, "", False, False)
            for keys, words in product((None, 1, 2, 3, 4), ("", "section"))
        ],
    },
}


def modules() -> Iterator[str]:
    """Yield the modules of Core that hold statements, as they are named below it."""
    here = Path(core.__file__).parent
    for path in sorted(here.rglob("*.py")):
        if path.stem != "__init__":
            yield ".".join(path.relative_to(here).with_suffix("").parts)


def written() -> str:
    """Return the file of the texts: module -> statement -> its text for SQLite and its parameters."""
    dialect = dialect_of(False)
    found: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {}
    for name in modules():
        module = import_module(f"{CORE}.{name}")
        statements = {
            called: one
            for called, one in vars(module).items()
            if isinstance(one, PreparedStatement) and not called.startswith("_")
        }
        for function, all_about in FAMILIES.get(name, {}).items():
            for about in all_about:
                statements[key_of(function, about)] = getattr(module, function)(*about)
        found[name] = {called: (one.text(dialect), one.binds) for called, one in statements.items()}
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
