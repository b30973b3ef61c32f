"""What a bureau calls its processes, steps, forms, fields and roles stands in its YAML, and nowhere in the program."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import engine
from engine.definition import keywords
from engine.definition.resources import forms_dir, workflows_dir

ENGINE = Path(engine.__file__).parent

#: Ids that are also words of the program, and what they are there. A workflow, form, role, party, clock, measure,
#: section or milestone needs an entry; a state, step or field only where no key of the language or identifier of the
#: program is called the same.
ALLOWED = {
    # Words of the language or of the protocol, which mean the same in every bureau.
    "batch": "`about: batch`, and the batch a draw is of",
    "inspectors": "the register of inspectors, and the party they are drawn into",
    "inspector": "`replace: inspector`, and the role everybody in the register of inspectors has",
    "batch_plan": "Chinese spelling of a usual kind of publication",
    "follow_up": "Chinese spelling of a usual kind of publication",
    "circular": "Chinese spelling of a usual kind of publication",
    "supervision": "key of the bureau's YAML, and the command `ssj report supervision`",
    "committed": "status of a draw",
    "refused": "kind of event",
    "review": "code of a refusal, and what is done with the answers a migration changed",
    "answered_by": "key of what was entrusted, beside `answer` and `answered_at`",
    "filed": "the last thing that happens to a paper",
    "publication": "what the public site lists",
    "findings_withdrawn": "a correction says by it that its page lists nothing as wrong; the language describes it",
    "problem_count": "worked out by the program for every form with check rows",
    # Other things that happen to be called the same.
    "coverage": "key of the forecast of a draw, and of the summary of the demonstration",
    "published_on_time": "key of the summary of the demonstration",
    "risk_based_share": "key of the summary of the demonstration",
    "archived": "key of the summary of the demonstration",
    "batches": "key of the scenario of the demonstration",
    "witness": "key of the minutes of a draw",
    "office": "stream of the office's own events",
    "leader": "whether a daemon leads, and a column of the register of inspectors",
    "object_scope": "column of the register of items",
    "contact": "column of the register of objects",
    "business_address": "column of the register of objects",
    "labelled": "event of a register",
    "notice": "kind of remark of GitHub's checks",
    "staff": "code of a problem of a draw",
    "team": "key of the note of an event",
    "told": "key of a stored clock: what was announced of it",
    "recusal": "salt of made-up data",
    "grant": "button of the page of a firm: the extension it asks for is granted",
    "expert": "salt of made-up data",
    "trained": "salt of made-up data",
    # Names workflows that are published already count on.
    "draw_known_on": "field of the draw's case the commitment enters the day into from which on results are typed",
    "entropy_by": "field of the draw's case the minutes name the first typist from",
    "reason_code": "field of the form of `void: draw` that gives the reason where the step gives none",
}


@cache
def ids() -> dict[str, set[str]]:
    """Return every id of the shipped definitions with what it names."""
    found: dict[str, set[str]] = {}

    def put(names: Any, kind: str) -> None:
        for name in names or ():
            found.setdefault(name, set()).add(kind)

    for file in sorted(workflows_dir().glob("*.yaml")):
        body = yaml.safe_load(file.read_text("utf-8"))
        if "workflow" in body:
            put([body["workflow"]], "workflow")
            put(body["states"], "state")
            put([step["do"] for step in body.get("transitions", ())], "step")
            put([step for state in body["states"].values() for step in state.get("steps", ())], "step")
            put([name for field in body.get("fields") or () for name in field], "field")
            put(body.get("parties"), "party")
            put(body.get("clocks"), "clock")
        elif "bureau" in body:
            for part in ("roles", "sections", "measures", "milestones"):
                put(body.get(part), part)
    for file in sorted(forms_dir().glob("*.yaml")):
        body = yaml.safe_load(file.read_text("utf-8"))
        put([body["form"]], "form")
        put(
            [name for field in body.get("fields") or () for name in field if isinstance(field[name], dict)],
            "field",
        )
    return found


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    """Return every module of the program with its syntax tree."""
    return tuple(
        (path.relative_to(ENGINE).as_posix(), ast.parse(path.read_text("utf-8")))
        for path in sorted(ENGINE.rglob("*.py"))
    )


def identifiers(tree: ast.Module) -> Iterator[str]:
    """Yield the names a module gives to functions, parameters, attributes and variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def words() -> set[str]:
    """Return the words of the language."""
    tables = [value for name, value in vars(keywords).items() if name.isupper() and isinstance(value, dict)]
    return {word for table in tables for word in table}


def test_no_name_of_a_shipped_definition_stands_in_the_program() -> None:
    shipped = ids()
    modules = trees()
    own = {name for _, tree in modules for name in identifiers(tree)} | words()
    loose = {"state", "step", "field"}
    wrong = [
        f"{module}:{node.lineno} {node.value} ({', '.join(sorted(shipped[node.value]))})"
        for module, tree in modules
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value in shipped
        and node.value not in ALLOWED
        and not (shipped[node.value] <= loose and node.value in own)
    ]
    assert not wrong


def test_every_exception_is_still_needed() -> None:
    written = {
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert all(name in written and name in ids() and reason for name, reason in ALLOWED.items())
