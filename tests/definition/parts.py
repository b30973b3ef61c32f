"""Parts of files as the readers get them, and a small world around them, for the tests beside each reader."""

from __future__ import annotations

from definition_examples import BUREAU

from engine.definition.names import workflow_names
from engine.definition.reader.audience import AudienceReader
from engine.definition.reader.bureau import read_bureau
from engine.definition.reader.diagnostics import Diagnostics, MappingReader
from engine.definition.symbols import FormOutline, SymbolTable, WorkflowOutline
from engine.definition.types import BOOLEAN, DATE, EXACT, NUMBER, TEXT, coded, list_of, record
from engine.yamltext.nodes import MappingNode, Node
from engine.yamltext.source import read_source

FILE = "demo.yaml"
#: The workflow that is being read, as the others see it.
OWN = WorkflowOutline(
    "demo",
    about="object",
    parties={"inspectors": "检查人员"},
    fields={"risk": TEXT, "urgent": BOOLEAN, "share": EXACT},
    states={"open": "待办", "done": "办结"},
    forms=frozenset({"visit"}),
    clocks=frozenset({"open", "overall"}),
)
CHILD = WorkflowOutline(
    "child",
    parties={"handlers": "承办人"},
    fields={"amount": EXACT},
    states={"doing": "办理", "closed": "已办"},
)
VISIT = FormOutline(
    "visit",
    {
        "on": DATE,
        "until": DATE,
        "method": coded({"onsite": "现场", "12": "书面"}),
        "staff": NUMBER,
        "refused": BOOLEAN,
        "found": list_of(record({"what": TEXT, "due": DATE})),
    },
)


def node_of(text: str) -> MappingNode:
    """Return the top of a file."""
    source = read_source(FILE, text)
    assert isinstance(source.root, MappingNode), [str(problem.message) for problem in source.problems]
    return source.root


def value_of(text: str) -> Node:
    """Return what is written under the key ``x`` of a file whose value this is, on the same line."""
    found = node_of(f"x: {text}\n").get("x")
    assert found is not None
    return found


def book_of(text: str = "") -> Diagnostics:
    """Return empty diagnostics for the file of `value_of`."""
    return Diagnostics(FILE, f"x: {text}\n")


def open_part(text: str, shape: str) -> tuple[Diagnostics, MappingReader]:
    """Open a whole text as a part of this shape."""
    diagnostics = Diagnostics(FILE, text)
    part = diagnostics.open(node_of(text), shape)
    assert part is not None
    return diagnostics, part


def said(diagnostics: Diagnostics) -> list[str]:
    """Return ``line:column rule message`` of every problem of the diagnostics."""
    return [f"{one.line}:{one.column} {one.rule} {one.message}" for one in diagnostics.problems]


_bureau, _problems = read_bureau("bureau.yaml", BUREAU, node_of(BUREAU))
assert _bureau is not None, _problems
WORLD = SymbolTable(
    forms={"visit": VISIT},
    workflows={"demo": OWN, "child": CHILD},
    bureau=_bureau,
    page_types=("result", "plan"),
)
#: The names an expression of the workflow may use once the form is filled.
NAMES = {**workflow_names(OWN, WORLD), "form": record(VISIT.fields or {})}


def audience_of(diagnostics: Diagnostics) -> AudienceReader:
    """Return a reader of the roles and parties of the workflow."""
    return AudienceReader(diagnostics, WORLD, OWN.parties)
