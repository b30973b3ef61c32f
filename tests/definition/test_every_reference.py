"""Every name of something declared elsewhere is looked up: the grammar says which values are names, each kind is misspelt once.

What no shipped file writes is written here; a key of the grammar that is in neither is noticed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
import yaml
from faults_put_in import Fault, put_in, templates, texts, w
from mutations import misspelt

from engine.definition import keywords
from engine.definition.grammar import SHAPES, KeySpec, ValueShape
from engine.definition.library import load_files

Place = tuple[str, str]

#: The keys that declare an id. A lock is the same one wherever the same word is written.
DECLARING: set[Place] = {
    *((kind, kind) for kind in ("workflow", "form", "bureau", "site", "articles")),
    *((kind, "id") for kind in ("field", "case field", "row field", "column")),
    ("transition", "do"),
    ("page", "path"),
    ("state", "lock"),
}
#: Part -> the file it is in, where that is not the workflow of an inspection.
_FILE_OF = {
    "page": "page_types",
    "site": "page_types",
    "incompatible roles": "bureau",
    "supervision row": "bureau",
}
OF_THE_BUREAU = (w("bureau"), w("page_types"))
_STATE = "  to_publish: {title: 待公示, for: [publisher, inspectors], withdraw}"
_PUBLISHED = "  published:\n    title: 已公示\n"
_VERB = "  urge: {by: [section_chief, leading_office], receipt}\n"
_JOIN = "join: {follow_up: [closed]}"
#: A step of several states, and one of one state, written in it.
_OF_SEVERAL = "    to: published\n    form: publication\n"
_OF_ONE = "        to: to_enter\n        form: onsite_check\n"


def _verb(more: str) -> tuple[str, str]:
    return _VERB, f"{_VERB}  {more}\n"


def _listed(more: str) -> tuple[str, str]:
    return "# 卷内材料，", f"transitions:\n  - {{do: again, title: 再办, {more}}}\n# 卷内材料，"


#: MappingReader and key -> what is written, and with what instead, in the workflow of an inspection or, last, on the site.
NOT_SHIPPED: dict[Place, tuple[str, str]] = {
    ("add_signer", "among"): (_STATE, _STATE.replace("withdraw}", "verbs: {add_signer: {by: reviewer, among: [nobody]}}}")),
    ("add_signer", "by"): _verb("add_signer: {by: nobody}"),
    ("archive piece", "field"): ("{form: onsite_check, title", "{form: onsite_check, field: nothing, title"),
    ("ask", "pauses"): ("  ask: {by: [section_chief,", "  ask: {pauses: [nothing], by: [section_chief,"),
    ("branch", "for"): (_PUBLISHED, f"{_PUBLISHED}    branches: {{a: {{title: 甲, for: nobody, form: review}}}}\n"),
    ("branch", "form"): (_PUBLISHED, f"{_PUBLISHED}    branches: {{a: {{title: 甲, for: reviewer, form: nothing}}}}\n"),
    ("circulate", "among"): _verb("circulate: {by: reviewer, among: [nobody]}"),
    ("circulate", "by"): _verb("circulate: {by: nobody}"),
    ("claim", "by"): _verb("claim: {by: nobody}"),
    ("clock", "starts_on"): ("publishing_correction], deadline:", "publishing_correction], starts_on: nothing, deadline:"),
    ("clock", "stops_on"): ("publishing_correction], deadline:", "publishing_correction], stops_on: nothing, deadline:"),
    ("drop_signer", "by"): _verb("drop_signer: {by: nobody}"),
    ("entrust", "among"): _verb("entrust: {by: reviewer, among: [nobody]}"),
    ("entrust", "by"): _verb("entrust: {by: nobody}"),
    ("overdue", "reassign"): ("5 working days: escalate leading_office", "5 working days: {reassign: nobody}"),
    ("page", "details"): ("    path: plans\n", "    path: plans\n    details: [nothing]\n"),
    ("page", "private"): ("    path: plans\n", "    path: plans\n    private: [nothing]\n"),
    ("page", "sort"): ("    path: plans\n", "    path: plans\n    sort: nothing\n"),
    ("return", "approve"): _verb("return: {by: reviewer, to: to_visit, approve: nobody}"),
    ("return", "by"): _verb("return: {by: nobody, to: to_visit}"),
    ("return", "to"): _verb("return: {by: reviewer, to: nowhere}"),
    ("site", "private"): ("site: public\n", "site: public\nprivate: [nothing]\n"),
    ("step", "hidden"): (_OF_ONE, f"{_OF_ONE}        hidden: [nothing]\n"),
    ("step", "on_answer"): (_OF_ONE, f"{_OF_ONE}        on_answer: nothing\n"),
    ("step", "read_only"): (_OF_ONE, f"{_OF_ONE}        read_only: [nothing]\n"),
    ("suspend", "approve"): ("  suspend: {by: section_chief,", "  suspend: {by: section_chief, approve: nobody,"),
    ("step of several", "hidden"): (_OF_SEVERAL, f"{_OF_SEVERAL}    hidden: [nothing]\n"),
    ("transition", "hidden"): _listed("from: to_visit, form: onsite_check, hidden: [nothing]"),
    ("step of several", "on_answer"): (_OF_SEVERAL, f"{_OF_SEVERAL}    on_answer: nothing\n"),
    ("transition", "on_answer"): _listed("from: to_visit, form: onsite_check, on_answer: nothing"),
    ("step of several", "on_expiry"): (_OF_SEVERAL, f"{_OF_SEVERAL}    on_expiry: nothing\n"),
    ("transition", "on_expiry"): _listed("from: to_visit, form: onsite_check, on_expiry: nothing"),
    ("step of several", "read_only"): (_OF_SEVERAL, f"{_OF_SEVERAL}    read_only: [nothing]\n"),
    ("transition", "read_only"): _listed("from: to_visit, form: onsite_check, read_only: [nothing]"),
    ("transition", "by"): _listed("from: to_visit, by: nobody"),
    ("transition", "form"): _listed("from: to_visit, form: nothing"),
    ("transition", "from"): _listed("from: nowhere"),
    ("join", "workflow"): (_JOIN, "join: {workflow: nothing, reached: [closed]}"),
    ("join", "reached"): (_JOIN, "join: {workflow: follow_up, reached: [nowhere]}"),
    ("incompatible roles", "roles"): ("  - {witness: drawer, ", "  - {roles: [nobody, witness], "),
    ("supervision row", "draws"): ("title_en: void draws, void}", "title_en: void draws, draws: nothing, only: void}"),
    ("supervision row", "publications"): ("title_en: late publications, late}", "title_en: late publications, publications: nothing, only: late}"),
    ("workflow", "initial"): ("policy: usual\n", "policy: usual\ninitial: nowhere\n"),
    ("withdraw", "by"): _verb("withdraw: {by: nobody}"),
}  # fmt: skip


@cache
def written() -> dict[Place, tuple[str, yaml.ScalarNode]]:
    """Return part and key of every name in the shipped files -> the first file and place where one is written."""
    found: dict[Place, tuple[str, yaml.ScalarNode]] = {}
    for file, text in texts().items():
        top = yaml.compose(text)
        assert isinstance(top, yaml.MappingNode)
        for place, node in names_in(top, keywords.canonical(top.value[0][0].value)):
            found.setdefault(place, (file, node))
    return found


def names_in(node: yaml.Node, shape: str) -> Iterator[tuple[Place, yaml.ScalarNode]]:
    """Yield part and key of every name in a part of the grammar."""
    if not isinstance(node, yaml.MappingNode) or shape not in SHAPES:
        return
    for key, value in node.value:
        name = keywords.canonical(key.value)
        spec = SHAPES[shape].get(name)
        if spec is None:
            continue
        if spec.form in (ValueShape.NAME, ValueShape.NAMES) or (
            spec.form is ValueShape.CHOICES and isinstance(value, yaml.ScalarNode)
        ):
            yield from (((shape, name), one) for one in _scalars(value))
        for part, inner in _parts(spec, value):
            yield from names_in(inner, part)


def _parts(spec: KeySpec, value: yaml.Node) -> list[tuple[str, yaml.Node]]:
    """Return the parts below a key, each with its shape."""
    items = list(value.value) if isinstance(value, yaml.SequenceNode) else [value]
    pairs = [pair for item in items if isinstance(item, yaml.MappingNode) for pair in item.value]
    if spec.form is ValueShape.VERBS:
        return [(keywords.canonical(word.value), inner) for word, inner in pairs]
    if spec.form in (ValueShape.PARTS, ValueShape.OVERDUE, ValueShape.FIELDS):
        return [(spec.of, inner) for _, inner in pairs]
    return [(spec.of, item) for item in items] if spec.of else []


def _scalars(value: yaml.Node) -> list[yaml.ScalarNode]:
    nodes = value.value if isinstance(value, yaml.SequenceNode) else [value]
    return [node for node in nodes if isinstance(node, yaml.ScalarNode)]


#: Names in processes are misspelt by the mutations too, some of them in every run.
SHIPPED = [
    pytest.param(
        place, marks=() if written()[place][0] in OF_THE_BUREAU else pytest.mark.soak, id=".".join(place)
    )
    for place in sorted(written().keys() - DECLARING)
]


@pytest.mark.parametrize("place", SHIPPED)
def test_a_name_of_nothing_is_found(place: Place) -> None:
    file, node = written()[place]
    text = texts()[file]
    changed = text[: node.start_mark.index] + misspelt(node.value) + text[node.end_mark.index :]
    problems = load_files({**texts(), file: changed}, templates=templates()).problems
    line = node.start_mark.line + 1
    assert any(problem.file == file and problem.line == line for problem in problems), f"{file}:{line}"


@pytest.mark.parametrize("place", sorted(NOT_SHIPPED), ids=".".join)
def test_a_name_of_nothing_that_no_shipped_file_writes_is_found(place: Place) -> None:
    file = w(_FILE_OF.get(place[0], "inspection"))
    fault = Fault("names", file, *NOT_SHIPPED[place])
    changed, _ = put_in(fault)
    problems = load_files({**texts(), file: changed}, templates=templates()).problems
    lines = changed.splitlines()
    assert any(
        problem.file == file and word in str(problem) and word in lines[problem.line - 1]
        for problem in problems
        for word in ("nobody", "nothing", "nowhere")
    )


def test_every_key_that_names_something_is_tried() -> None:
    every = {
        (shape, key)
        for shape, keys in SHAPES.items()
        for key, spec in keys.items()
        if spec.form in (ValueShape.NAME, ValueShape.NAMES)
    }
    assert every >= DECLARING
    assert every - DECLARING - written().keys() == NOT_SHIPPED.keys() - written().keys()
    assert not NOT_SHIPPED.keys() & written().keys()
