"""Each module has a test file of its name, in the folder of its room, that imports it and calls it; how many have none is held, and may only fall."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Lists, one file an entry, over which one test goes.
LISTS = {"core", "rules", "versions"}
#: Modules no test file of their name calls, in a hundred.
AT_MOST = 10


def modules() -> list[Path]:
    """Return the modules of the product that hold something."""
    return [
        path
        for path in sorted((ROOT / "engine").rglob("*.py"))
        if path.name not in {"__init__.py", "__main__.py"}
        and not LISTS & set(path.parts)
        and path.read_text(encoding="utf-8").strip()
    ]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Offer:
    """What a module offers: the public names of its top level, its functions and classes, objects it makes, methods."""

    name: str
    names: frozenset[str]
    callables: frozenset[str]
    #: What a call or a lambda made: a command of click, a function by another name.
    made: frozenset[str]
    methods: frozenset[str]


def offer(name: str, module: ast.Module) -> Offer:
    """Return what a module offers."""
    names: set[str] = set()
    callables: set[str] = set()
    made: set[str] = set()
    methods: set[str] = set()
    for node in module.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            callables.add(node.name)
        elif isinstance(node, ast.ClassDef):
            callables.add(node.name)
            methods |= {
                part.name for part in node.body if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef))
            }
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            named = {target.id for target in targets if isinstance(target, ast.Name)}
            names |= named
            if isinstance(node.value, (ast.Call, ast.Lambda)):
                made |= named
    public = {name for name in callables if not name.startswith("_")}
    return Offer(
        name,
        frozenset(names | public),
        frozenset(public),
        frozenset(made),
        frozenset(method for method in methods if not method.startswith("_")),
    )


@dataclass(frozen=True)
class Use:
    """What a test file does: the name under which it has what, what it calls, hands to a call, and names at all."""

    #: Name in the file -> (module it was imported from, name there); with an empty name there, the module itself.
    imported: dict[str, tuple[str, str]]
    called: frozenset[str]
    handed: frozenset[str]
    named: frozenset[str]
    #: Every attribute that is called: `x.do()` gives `do`.
    methods: frozenset[str]


def dotted(node: ast.expr) -> str:
    """Return a name with its dots, as `a.b`; empty for whatever else there is, which nothing is imported as."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(parts))) if isinstance(node, ast.Name) else ""


def use(test: ast.Module) -> Use:
    """Return what a test file imports, calls and names."""
    imported: dict[str, tuple[str, str]] = {}
    called: set[str] = set()
    handed: set[str] = set()
    named: set[str] = set()
    methods: set[str] = set()
    for node in ast.walk(test):
        if isinstance(node, ast.ImportFrom) and node.module:
            imported |= {alias.asname or alias.name: (node.module, alias.name) for alias in node.names}
        elif isinstance(node, ast.Import):
            imported |= {alias.asname or alias.name: (alias.name, "") for alias in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            called |= {dotted(decorator) for decorator in node.decorator_list}
        elif isinstance(node, ast.Call):
            called.add(dotted(node.func))
            if isinstance(node.func, ast.Attribute):
                methods.add(node.func.attr)
            handed |= {dotted(word) for word in node.args}
        elif isinstance(node, (ast.Name, ast.Attribute)):
            named.add(dotted(node))
    return Use(imported, frozenset(called), frozenset(handed), frozenset(named), frozenset(methods))


def calls(test: Use, module: Offer) -> bool:
    """Tell whether a test file imports a module, or something of it, and calls what it offers.

    A public function, class or method has to be called. A command of the command line may be handed to what runs it, and a
    module that offers nothing to call, but values, has to be named.
    """
    package, _, last = module.name.rpartition(".")
    reached: dict[str, str] = {}
    for here, (source, name) in test.imported.items():
        if source == module.name and name:
            reached[here] = name
        elif (source, name) in {(package, last), (module.name, "")}:
            reached |= {f"{here}.{one}": one for one in module.names}
            reached.setdefault(here, "")
    if not reached:
        return False
    if any(name in module.callables | module.made and here in test.called for here, name in reached.items()):
        return True
    if module.methods & test.methods:
        return True
    if ".cli." in module.name and any(
        name in module.names and here in test.handed for here, name in reached.items()
    ):
        return True
    return not module.callables and any(
        name in module.names and here in test.named for here, name in reached.items()
    )


def named_after(module: Path) -> set[tuple[str, str]]:
    """Return the names a test file of a module may have, each with what it lies in: the folder of the room, or alone."""
    room = module.relative_to(ROOT / "engine").parts[0].removesuffix(".py")
    stems = (f"test_{module.stem}", f"test_{module.stem.rstrip('_')}")
    return {(here, stem) for here in (room, f"test_{room}.py") for stem in stems}


def test_nine_modules_of_ten_are_called_by_a_test_file_of_their_name_in_their_room() -> None:
    tests: dict[tuple[str, str], list[Path]] = {}
    for path in (ROOT / "tests").rglob("test_*.py"):
        tests.setdefault((path.relative_to(ROOT / "tests").parts[0], path.stem), []).append(path)
    lacking = []
    for path in modules():
        module = offer(".".join(path.relative_to(ROOT).with_suffix("").parts), tree(path))
        beside = [file for place in named_after(path) for file in tests.get(place, ())]
        if not any(calls(use(tree(file)), module) for file in beside):
            lacking.append(module.name)
    assert len(lacking) * 100 <= AT_MOST * len(modules()), lacking
