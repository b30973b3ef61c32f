"""Every command and query stands in the access table, every row of it is used, and the faces come in by no other way."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import engine
import engine.app.commands
import engine.app.queries
from engine.app.access.table import access_table

ROOT = Path(engine.__file__).parent
#: What asks `app` from outside, and may only ask for commands and queries.
FACES = ("cli", "web", "operations", "authoring", "demo")

#: What no `use_case` names: `Application` asks ``case.act`` of every case, and queries of registers ask what they mask.
BY_DEFINITION = {"case.act", "register.private"}

#: Module -> what of `app` it imports besides commands and queries, each with its reason. ADR 0022 says more.
ALLOWED: dict[str, dict[str, str]] = {
    "operations/check.py": {
        "engine.app.audit.verify_histories": "verifies what a command failed on, where who may look cannot be read",
        "engine.app.history.paged_reading": "the same",
    },
    "operations/restore.py": {
        "engine.app.daemons.retention": "removes what is past its term, before the deployment is in force",
        "engine.app.ports.audit.personal_values": "lists whose private values are destroyed, outside the database",
        "engine.app.registers.forgetting": "destroys again what an older backup still has, before it is in force",
        "engine.app.history.journal": "enters the account of the machine where no person is named, so no command can",
        "engine.app.audit.verify_deployment": "verifies a backup before anything is replaced by it",
        "engine.app.sign_in.tokens": "revokes again what an older backup still has, before it is in force",
        "engine.app.sign_in.web_sessions": "ends what an older backup still has open, before it is in force",
    },
    "operations/doctor.py": {
        "engine.app.daemons.retention": "checks the terms the settings name",
    },
    "operations/move_database.py": {
        "engine.app.audit.verify_deployment": "verifies the copy before it is in force",
    },
    "authoring/simulate/runner.py": {
        "engine.app.definitions.cache": "makes a bureau of definitions that are not published, in memory",
        "engine.app.execution.apply": "starts cases without asking who may: nobody has the roles yet",
        "engine.app.execution.effects.party_check": "finds who was recused, so that nobody names them",
        "engine.app.people.directory": "chooses who acts, out of everybody",
        "engine.app.registers.import_entries": "fills the registers in memory",
        "engine.app.session.facts": "looks for the steps that are open, for anybody",
        "engine.app.session.unit_of_work": "looks for the steps that are open, for anybody",
        "engine.app.timers.fire_due": "stands in for the daemon, on a virtual clock",
    },
    "authoring/stories/stage.py": {
        "engine.app.draws.v2.lapsing": "stands in for the daemon of the night, on a virtual clock",
        "engine.app.definitions.cache": "plays definitions that are not published, in memory",
        "engine.app.execution.apply": "starts cases without asking who may: nobody has the roles yet",
        "engine.app.people.directory": "finds the person a story names by a role",
        "engine.app.registers.import_entries": "fills the registers in memory",
        "engine.app.session.messages": "reads the messages of the inbox a story expects",
        "engine.app.session.signers": "looks for whose signatures a step waits for, for anybody",
        "engine.app.session.unit_of_work": "looks for the step a story names, for anybody",
        "engine.app.timers.fire_due": "stands in for the daemon, on a virtual clock",
    },
    "authoring/stories/answering.py": {
        "engine.app.execution.effects.party_check": "finds who was recused, so that nobody names them",
        "engine.app.people.directory": "finds the roles of whoever answers a step",
        "engine.app.session.facts": "tries answers of the step a story names, for anybody",
        "engine.app.session.signers": "looks for whose signatures the step waits for, for anybody",
        "engine.app.session.unit_of_work": "tries answers of the step a story names, for anybody",
    },
    "authoring/stories/ahead.py": {
        "engine.app.session.unit_of_work": "looks who is offered what next, for anybody",
        "engine.app.worklist.task_verbs": "looks which verbs are offered, for anybody",
    },
    "authoring/stories/expectations.py": {
        "engine.app.ports.papers": "reads the papers of a story, in its store in memory",
    },
    "authoring/stories/play.py": {
        "engine.app.ports.documents": "stands in for the printer of papers: blank pages",
    },
    "authoring/stories/trial_run.py": {
        "engine.app.people.directory": "lists the made-up people who can act in a trial run",
    },
    "demo/year.py": {
        "engine.app.delivery.deliver": "stands in for the daemon, on a virtual clock",
        "engine.app.timers.fire_due": "stands in for the daemon, on a virtual clock",
    },
    "authoring/simulate/starting.py": {
        "engine.app.execution.start.start_case": "does what a start sets and assigns, for a made-up case",
        "engine.app.people.directory": "finds the first person who may start the case",
        "engine.app.session.unit_of_work": "starts made-up cases in a store in memory",
    },
    "authoring/simulate/draw_results.py": {
        "engine.app.draws.v2": "reads which results a made-up draw waits for",
        "engine.app.draws.v2.issues": "writes them as people type them",
    },
    "demo/people.py": {
        "engine.app.people.directory": "chooses who acts, out of everybody",
        "engine.app.session.facts": "looks for the steps that are open, for anybody",
        "engine.app.session.unit_of_work": "looks for the steps that are open, for anybody",
    },
}

#: Module -> why it opens transactions itself: what it reads or writes there is asked of no row of the access table.
TRANSACTIONS: dict[str, str] = {
    "operations/backup.py": "reads the heads of a copied file, which is no deployment and has no viewer",
    "operations/move_database.py": "copies all rows of one database into another, in one transaction of each",
    "operations/restore.py": "compares what is replaced with the backup, and holds messages back before it is in force",
    "operations/server_copy.py": "looks for daemons of a deployment that is to be replaced, readable or not",
    "authoring/simulate/runner.py": "plays everybody in a store in memory, where nobody has roles yet",
    "authoring/stories/ahead.py": "looks at what comes next in a story, in its store in memory",
    "authoring/stories/answering.py": "tries what a person of a story answers, in its store in memory",
    "authoring/stories/stage.py": "plays the people of a story in a store in memory, where nobody has roles yet",
    "authoring/stories/counter_example.py": "names who acted in a story, in its store in memory",
    "authoring/stories/trial_run.py": "lists the cases and people of a trial run, in its store in memory",
    "authoring/stories/going_on.py": "lists the cases of a story, in its store in memory",
    "authoring/stories/expectations.py": "compares what a story expects with its store in memory",
    "demo/checkpoint.py": "is a store itself, around another one",
    "demo/people.py": "plays everybody in one deployment of its own",
    "demo/set_up.py": "reads where the demonstration stopped, in a deployment of its own",
    "demo/year.py": "stands in for the daemon, and counts what the year came to",
}
#: What a store is called where one is opened: the two sides of a move and of a copy are stores, too.
STORES = ("store", "source", "target")


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def own_functions(module: ModuleType) -> dict[str, object]:
    """Return the public functions a module defines itself."""
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_") and inspect.isfunction(value) and value.__module__ == module.__name__
    }


def walked() -> list[tuple[str, str, object]]:
    return [
        (module.__name__, name, function)
        for package in (engine.app.commands, engine.app.queries)
        for module in modules(package)
        for name, function in own_functions(module).items()
    ]


def test_every_command_and_query_is_in_the_table() -> None:
    table = access_table()
    wrong = [
        f"{module}.{name}"
        for module, name, function in walked()
        if not (use_case := getattr(function, "use_case", ""))
        or not any(row == use_case or row.startswith(f"{use_case}/") for row in table)
    ]
    assert wrong == []


def test_every_row_of_the_table_is_used_by_somebody() -> None:
    used = {getattr(function, "use_case", "") for _, _, function in walked()}
    unused = {row for row in access_table() if row not in used and row.partition("/")[0] not in used}
    assert unused <= BY_DEFINITION


@pytest.mark.parametrize("package", [engine.app.commands, engine.app.queries], ids=["commands", "queries"])
def test_what_is_handed_on_besides_are_values(package: ModuleType) -> None:
    """`__all__` of a module names its own commands or queries, and classes, numbers and words for the faces; no function from below."""
    for module in modules(package):
        for name in getattr(module, "__all__", ()):
            value = vars(module).get(name)
            # Imported for the type checker alone, it is a class for sure.
            assert (
                value is None
                or inspect.isclass(value)
                or isinstance(value, int | str)
                or hasattr(value, "use_case")
            ), f"{module.__name__}.{name}"


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names if node.module == "engine.app"}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def of_app(path: Path) -> set[str]:
    """Return what a module imports of `app` besides commands and queries."""
    doors = ("engine.app.commands", "engine.app.queries")
    return {
        name
        for name in imported(path)
        if name.startswith("engine.app.") and not any(name == d or name.startswith(f"{d}.") for d in doors)
    }


def face_modules() -> Iterator[tuple[str, Path]]:
    for face in FACES:
        for path in sorted((ROOT / face).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            yield name, path


def test_the_faces_ask_commands_and_queries_only() -> None:
    wrong = {
        name: more for name, path in face_modules() if (more := of_app(path) - set(ALLOWED.get(name, {})))
    }
    assert wrong == {}


def test_nothing_is_allowed_that_is_not_needed() -> None:
    assert {name: of_app(ROOT / name) for name in ALLOWED} == {
        name: set(why) for name, why in ALLOWED.items()
    }
    assert all(reason for why in ALLOWED.values() for reason in why.values())


def transactions(path: Path) -> list[int]:
    """Return the lines in which a module opens a transaction of a store."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("read", "write")
        and not node.args
        and any(word in ast.unparse(node.func.value).lower() for word in STORES)
    ]


def test_the_command_line_opens_no_transaction() -> None:
    assert [name for name, path in face_modules() if name.startswith("cli/") and transactions(path)] == []


def test_who_opens_transactions_is_listed_with_the_reason() -> None:
    assert {name for name, path in face_modules() if transactions(path)} == set(TRANSACTIONS)
    assert all(TRANSACTIONS.values())


def naming_commands(room: str) -> list[str]:
    """Return where a sentence names a command or an option: of the program (`say`), and of the verifiers of a draw (`expect`)."""
    found = []
    for path in sorted((ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) in {"say", "expect"}):
                continue
            # The pieces of a text with values in it are constants, too.
            texts = [
                part.value
                for word in node.args
                for part in ast.walk(word)
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            ]
            if any("ssj " in text or "--" in text for text in texts):
                found.append(f"{path.relative_to(ROOT).as_posix()}:{node.lineno}")
    return found


@pytest.mark.parametrize("room", ["app", "lifecycle", "draw", "register", "definition"])
def test_no_sentence_names_a_command_of_the_command_line(room: str) -> None:
    assert naming_commands(room) == []
