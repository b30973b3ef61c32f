"""Formats held against the definitions: every field, form, process, state, code and column they name must be there.

A value that is missing is an empty cell without a word: what a format names must be found before it goes live.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from engine.definition.expression_errors import Fault
from engine.definition.expressions import Names, Parsed, parse_condition, parse_expression
from engine.definition.file_discovery import EXCHANGE
from engine.definition.resources import exchange_dir
from engine.definition.types import ANY, Type, ValueKind
from engine.exchange.format_file import FormatFile, FormatName, Named, read_format
from engine.exchange.format_names import KnownNames, item_of, names_of_rows
from engine.exchange.formats import ExchangeFormat, RowsOf
from engine.files.reading import read_text
from engine.kernel.budget import TEXT
from engine.kernel.did_you_mean import did_you_mean
from engine.language import say
from engine.lifecycle.expressions.expression import Call, Expression, ExpressionNode, Name
from engine.register.profile import KINDS, profile_from
from engine.yamltext.problem import Problem, Severity, ordered

if TYPE_CHECKING:
    from engine.definition.library import Loaded
    from engine.lifecycle.migration.former_names import FieldNames

#: The folder of formats and that of profiles, as seen from a deployment.
FOLDER = f"{EXCHANGE}/"
_PROFILES = "profiles/"
_PATH = re.compile(r"[\w.]+")
_RULES = ("unknown-name", "unknown-choice")
#: Gives the first of its values that is there: one of them may be missing.
_FIRST = "first_filled"


@dataclass(frozen=True, slots=True)
class ActingFormats:
    """The texts of formats by path, and which of them come with the product and are in no folder of the deployment."""

    texts: Mapping[str, str]
    shipped: frozenset[str] = field(default=frozenset())


def acting_formats(own: Mapping[str, str]) -> ActingFormats:
    """Return the formats that act where a deployment has these files: its own, and the shipped ones it has none of the name of."""
    texts = {path: text for path, text in own.items() if path.startswith(FOLDER)}
    shipped = {path: text for path, text in _shipped().items() if path not in texts}
    return ActingFormats({**shipped, **texts}, frozenset(shipped))


@cache
def _shipped() -> Mapping[str, str]:
    return {f"{FOLDER}{file.name}": read_text(file, TEXT) for file in sorted(exchange_dir().glob("*.yaml"))}


def definitions_of(loaded: Loaded, former: Mapping[str, FieldNames] | None = None) -> KnownNames:
    """Return what formats are held against, of loaded definitions and the profiles beside them."""
    sections = None if loaded.bureau is None else loaded.bureau.sections
    return KnownNames(loaded.workflows, sections, columns_of(loaded.files), former or {})


def columns_of(files: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return the columns of each register the profiles among some files (path -> text) know."""
    columns: dict[str, frozenset[str]] = {}
    for path, text in files.items():
        if path.startswith(_PROFILES):
            profile, _ = profile_from(text.encode(), path)
            if profile is not None:
                columns[profile.kind] = columns.get(profile.kind, frozenset()) | profile.columns.keys()
    return columns


def with_formats(loaded: Loaded) -> Loaded:
    """Return the loaded definitions of a deployment with the problems of the formats that act beside them."""
    found = formats_beside(loaded)
    if not found:
        return loaded
    acting = acting_formats(loaded.files)
    where = _places(loaded, acting)
    sources = {where.get(path, path): text for path, text in acting.texts.items()}
    return replace(
        loaded, problems=ordered((*loaded.problems, *found)), sources={**sources, **loaded.sources}
    )


def formats_beside(loaded: Loaded) -> tuple[Problem, ...]:
    """Return the problems of the formats that act beside the loaded definitions of a deployment, by file and line.

    Where definitions have errors only what is wrong with the formats alone is said: what the others have is not known.
    """
    acting = acting_formats(loaded.files)
    own = {
        Path(file).parent.parent for (kind, _), file in loaded.library.places.items() if kind == "workflow"
    }
    only = None if any(map(_has_all, own)) else acting.texts.keys() - acting.shipped
    if loaded.sound:
        problems = list(problems_of_formats(acting, definitions_of(loaded), only))
    else:
        problems = [one for path, text in acting.texts.items() for one in read_once(path, text).problems]
    where = _places(loaded, acting)
    return ordered([replace(one, file=where.get(one.file, one.file)) for one in problems])


def _folders(loaded: Loaded) -> list[Path]:
    return list(dict.fromkeys(Path(file).parent.parent for file in loaded.library.texts))


def _places(loaded: Loaded, acting: ActingFormats) -> dict[str, str]:
    """Return where the files of formats are, by their paths as seen from a deployment."""
    where = {path: str(exchange_dir() / Path(path).name) for path in acting.shipped}
    for folder in _folders(loaded):
        where |= {path: str(folder / path) for path in loaded.files if (folder / path).is_file()}
    return where


def _has_all(folder: Path) -> bool:
    """Tell whether a folder is the product's own. A deployment with processes of its own may use none of the shipped formats: exporting says what one lacks."""
    return (folder / EXCHANGE).resolve() == exchange_dir().resolve()


def problems_of_formats(
    acting: ActingFormats, known: KnownNames, only: Collection[str] | None = None
) -> Iterator[Problem]:
    """Yield what is wrong with formats; of `only` some paths, where they are named.

    What comes with the product and is in no folder of the deployment is a warning: the deployment may not use it.
    """
    for path, text in acting.texts.items():
        if only is not None and path not in only:
            continue
        shipped = path in acting.shipped
        standard = shipped or _shipped().get(path) == text
        for one in problems_of_format(path, read_once(path, text), known):
            if standard and one.rule == "unknown-workflow":
                # The product has formats for processes a bureau may not have.
                continue
            yield replace(one, severity=Severity.WARNING) if shipped else one


@cache
def read_once(path: str, text: str) -> FormatFile:
    """Return a format as `read_format` reads it; the same text is read once."""
    return read_format(path, text.encode())


def names_in(used: ExchangeFormat) -> tuple[FormatName, ...]:
    """Return what a format names, without the places in its file; `of` the column."""
    texts = [(Named.VALUE, one.value, one.id) for one in used.columns.values()]
    where = None if used.rows.where is None else used.rows.where.expression
    texts += [(Named.EACH, used.rows.each, ""), (Named.CONDITION, where, "")]
    return tuple(FormatName(kind, one.source, 1, 1, of) for kind, one, of in texts if one is not None)


def workflows_of(used: ExchangeFormat) -> tuple[str, ...]:
    """Return the processes whose cases are the rows of a format."""
    return (used.rows.of, *used.rows.more) if used.rows.kind is RowsOf.CASES else ()


def problems_of_format(path: str, file: FormatFile, known: KnownNames) -> Iterator[Problem]:
    """Yield what is wrong with one format, at its line."""
    yield from file.problems
    used = file.format
    if used is None:
        return
    for place in file.names:
        problem = _named_problem(path, place, used, known)
        if problem is not None:
            yield problem
    if not all(name in known.workflows for name in workflows_of(used)):
        # What those would have is not known; that they are not there has been said.
        return
    if used.rows.kind is RowsOf.REGISTER and used.rows.of not in KINDS:
        return
    types: dict[str, Type] = {}
    names = names_of_rows(used.rows, known)
    for place in sorted(file.names, key=lambda one: one.kind is not Named.EACH):
        if place.kind in (Named.CONDITION, Named.EACH, Named.VALUE):
            parsed = _parsed(place, names)
            types[place.of] = parsed.type
            if place.kind is Named.EACH:
                names = {**names, "item": item_of(parsed.type, known)}
            yield from _faults(path, place, parsed.faults)
    for place in file.names:
        if place.kind is Named.CODE:
            yield from _code(path, place, types.get(place.of, ANY))


def _parsed(place: FormatName, names: Names) -> Parsed:
    if place.kind is Named.CONDITION:
        return parse_condition(place.text, names)
    return parse_expression(place.text, names)


def _named_problem(path: str, place: FormatName, used: ExchangeFormat, known: KnownNames) -> Problem | None:
    name = place.text
    flows = [known.workflows[one] for one in workflows_of(used) if one in known.workflows]
    if place.kind is Named.WORKFLOW and name not in known.workflows:
        message, near = say("没有流程“{name}”", name=name), list(known.workflows)
        rule = "unknown-workflow"
    elif place.kind is Named.REGISTER and name not in KINDS:
        message, near, rule = say("没有名录“{name}”", name=name), list(KINDS), "unknown-word"
    elif place.kind is Named.FORM and flows and not any(name in flow.forms for flow in flows):
        titles = [flow.title for flow in flows]
        message = say("流程“{workflow}”没有用到表单“{name}”", workflow=titles, name=name)
        near, rule = [form for flow in flows for form in flow.forms], "unknown-form"
    else:
        return None
    hint = did_you_mean(name, near)
    return Problem(
        path, place.line, place.column, rule, Severity.ERROR, message, hint, place.column + len(name)
    )


def _faults(path: str, place: FormatName, faults: Iterable[Fault]) -> Iterator[Problem]:
    # Of what kind a value is does not matter to a cell: it is written in words.
    faults = [one for one in faults if one.rule in _RULES]
    spared = _beside_another(place, faults)
    for fault in faults:
        severity = Severity.WARNING if fault in spared else Severity.ERROR
        start = place.column + fault.at
        yield Problem(
            path, place.line, start, fault.rule, severity, fault.message, fault.hint, start + fault.length
        )


def _beside_another(place: FormatName, faults: Iterable[Fault]) -> list[Fault]:
    """Return the unknown names another value takes the place of: what only cases of former versions have is written so."""
    unknown = [(one, _written_at(place.text, one)) for one in faults if one.rule == "unknown-name"]
    plain = parse_expression(place.text, None).expression
    if plain is None or not unknown:
        return []
    missing = {written for _, written in unknown}
    spared: set[str] = set()
    for call in _calls(plain):
        texts = [_paths(argument) for argument in call.arguments]
        if any(paths and paths.isdisjoint(missing) for paths in texts):
            spared |= {one for paths in texts for one in paths & missing}
    return [fault for fault, written in unknown if written in spared]


def _written_at(text: str, fault: Fault) -> str:
    """Return the whole name a fault is a part of."""
    found = next((one for one in _PATH.finditer(text) if one.start() <= fault.at < one.end()), None)
    return found[0] if found is not None else ""


def _calls(expression: Expression) -> Iterator[Call]:
    waiting: list[ExpressionNode] = [expression.node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Call) and node.name == _FIRST:
            yield node
        waiting.extend(node.parts())


def _paths(node: ExpressionNode) -> set[str]:
    own = {".".join(node.path)} if isinstance(node, Name) else set[str]()
    return own.union(*(_paths(part) for part in node.parts()))


def _code(path: str, place: FormatName, kind: Type) -> Iterator[Problem]:
    """Yield that a code of a column is none of the codes its value can be."""
    one = kind.item if kind.kind is ValueKind.LIST and kind.item is not None else kind
    if one.choices is None or place.text in one.choices:
        return
    message = say("选项里没有代码“{code}”", code=place.text)
    hint = did_you_mean(place.text, one.choices)
    end = place.column + len(place.text)
    yield Problem(path, place.line, place.column, "unknown-choice", Severity.ERROR, message, hint, end)
