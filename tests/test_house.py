"""The walls of the house: which room may ask which, what a pure room may import, and how large a module may be."""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import engine

HOUSE = Path(engine.__file__).parent
MODULES = sorted(HOUSE.rglob("*.py"))

#: Room -> the rooms it may ask. What is not here may be asked by nobody else.
MAY_ASK: dict[str, set[str]] = {
    "language": set(),
    "worktime": {"language", "lifecycle"},
    "lifecycle": {"language", "worktime"},
    "draw": {"language", "lifecycle"},
    "standard": set(),
    "definition": {"language", "lifecycle", "standard", "worktime"},
    "register": {"language", "definition"},
    "office": {"language", "lifecycle", "definition", "draw", "register", "worktime"},
    "bulk": {"language", "lifecycle", "draw"},
    "store": {"language", "lifecycle", "office"},
    "document": {"language", "lifecycle", "office"},
    "site": {"language", "lifecycle", "office", "register"},
    "runtime": {"language", "office"},
    # Joins the rooms into a deployment.
    "deployment": {
        "language",
        "lifecycle",
        "definition",
        "standard",
        "register",
        "office",
        "store",
        "document",
        "site",
        "runtime",
        "worktime",
        "draw",
    },
}
#: Ends of the house: they may ask every room, and no room asks them.
FRONT = {"cli", "demo", "rehearsal", "__main__"}

#: Rooms that read no clock, no disk, no network and no chance: they import these of the standard library and no more.
PURE = {"lifecycle", "draw", "worktime"}
PURE_MAY_IMPORT = {
    "__future__", "bisect", "calendar", "collections", "copy", "dataclasses", "datetime", "decimal", "difflib", "enum",
    "fractions", "functools", "hashlib", "heapq", "hmac", "itertools", "json", "math", "operator", "re", "string",
    "types", "typing", "unicodedata", "zoneinfo",
}  # fmt: skip

#: Library -> the only modules that import it.
ONLY = {
    "transitions": {"lifecycle/machine.py"},
    "apscheduler": {"runtime/ticker.py"},
    "alembic": {"store/migrations"},
    "psycopg": {"store/sql"},
    "duckdb": {"bulk/selecting.py"},
}

#: Where the machine's own clock and its source of chance may be asked. Everybody else is handed them.
CLOCKS = {"deployment/clocks.py", "runtime/ticker.py"}
CHANCE = {"cli/draw_offline.py", "cli/draw_trial.py", "deployment", "office/tokens.py", "office/passwords.py"}

#: Rooms whose numbers decide: ratios there are integers and fractions.
EXACT = {"lifecycle", "draw", "worktime"}

CEILING = 500


def name(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def room(path: Path) -> str:
    first = path.relative_to(HOUSE).parts[0]
    return first.removesuffix(".py")


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path, *, at_run_time: bool = False) -> Iterator[str]:
    """Yield the modules a file names, wherever it imports them; with `at_run_time` not those for the type checker."""
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree(path)):
        if at_run_time and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            skipped.update(inner for part in node.body for inner in ast.walk(part))
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def inside(module: str, places: set[str]) -> bool:
    return any(module == place or module.startswith(f"{place}/") for place in places)


def test_rooms_ask_only_the_rooms_they_may() -> None:
    wrong = []
    for path in MODULES:
        mine = room(path)
        if mine in FRONT or mine == "__init__":
            continue
        for imported in imports(path):
            parts = imported.split(".")
            if parts[0] != "engine" or len(parts) < 2 or parts[1] == mine:
                continue
            if parts[1] not in MAY_ASK[mine]:
                wrong.append(f"{name(path)} asks {imported}")
    assert not wrong


def test_the_halls_hold_no_other_rooms_than_these() -> None:
    rooms = {room(path) for path in MODULES if path.parent != HOUSE}
    assert rooms <= set(MAY_ASK) | FRONT


@pytest.mark.parametrize("pure", sorted(PURE))
def test_a_pure_room_imports_nothing_that_acts(pure: str) -> None:
    wrong = []
    for path in (HOUSE / pure).rglob("*.py"):
        if "kit" in path.relative_to(HOUSE).parts:
            # The kit's verifier is given away and reads the kit it lies in.
            continue
        for imported in imports(path, at_run_time=True):
            top = imported.split(".")[0]
            if top == "engine" or top in PURE_MAY_IMPORT or top in ONLY:
                continue
            wrong.append(f"{name(path)} imports {imported}")
    assert not wrong


def test_each_library_has_its_one_door() -> None:
    wrong = []
    for path in MODULES:
        for imported in imports(path):
            top = imported.split(".")[0]
            if top in ONLY and not inside(name(path), ONLY[top]):
                wrong.append(f"{name(path)} imports {imported}")
    assert not wrong


def test_clock_and_chance_are_handed_in() -> None:
    wrong = []
    for path in MODULES:
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            if called in {"datetime.now", "datetime.utcnow", "date.today", "time.time"} and not inside(
                name(path), CLOCKS
            ):
                wrong.append(f"{name(path)}:{node.lineno} asks the machine's clock: {called}")
            top = called.split(".")[0]
            if top in {"random", "secrets"} and not inside(name(path), CHANCE):
                wrong.append(f"{name(path)}:{node.lineno} asks chance: {called}")
            if called in {"os.urandom", "uuid.uuid4", "uuid.uuid1"}:
                wrong.append(f"{name(path)}:{node.lineno} asks chance: {called}")
    assert not wrong


@pytest.mark.parametrize("exact", sorted(EXACT))
def test_deciding_rooms_count_in_integers_and_fractions(exact: str) -> None:
    wrong = []
    for path in (HOUSE / exact).rglob("*.py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                wrong.append(f"{name(path)}:{node.lineno} writes {node.value}")
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "float":
                wrong.append(f"{name(path)}:{node.lineno} makes a float")
    assert not wrong


def test_modules_are_small_and_named_for_what_they_do() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert not {module: lines for module, lines in lengths.items() if lines > CEILING}
    assert statistics.median(lengths.values()) <= 150
    assert not [module for module in lengths if Path(module).stem in {"utils", "common", "helpers", "misc"}]


def test_a_listing_loads_what_it_lists(tmp_path: Path) -> None:
    """What `ssj task list` imports is most of what it costs; a heavy room must not creep in."""
    import subprocess

    script = (
        "import sys\n"
        "from engine.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(*sorted(name for name in sys.modules if '.' not in name or name.startswith('engine.')))\n"
    )

    def modules(*words: str) -> set[str]:
        run = subprocess.run(
            [sys.executable, "-c", script, *words], capture_output=True, text=True, check=True, timeout=60
        )
        return set(run.stdout.splitlines()[-1].split())

    home = tmp_path / "home"
    modules("init", str(home))
    listing = modules("--home", str(home), "task", "list")
    assert "sqlalchemy" in listing
    assert not listing & {"alembic", "apscheduler", "jinja2", "transitions", "segno", "psycopg"}
    assert not {one for one in listing if one.startswith(("engine.definition", "engine.draw", "engine.site"))}
    assert not listing & {"engine.lifecycle.case", "engine.store.sql.cases", "engine.office.office"}
    version = modules("--version")
    assert "sqlalchemy" not in version
    assert "yaml" not in version


def test_who_acts_is_proved_in_one_place() -> None:
    """An option `--as` of a command's own would take anybody at their word where the deployment asks for a proof."""
    written = [name(path) for path in MODULES if '"--as"' in path.read_text(encoding="utf-8")]
    assert written == ["cli/acting.py"]
