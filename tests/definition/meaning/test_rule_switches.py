from __future__ import annotations

from functools import lru_cache

from faults_put_in import texts

from engine.definition.library import load_files
from engine.definition.meaning.rule_switches import read_rule_switches, switched
from engine.definition.reader.diagnostics import Diagnostics
from engine.yamltext.nodes import MappingNode
from engine.yamltext.problem import Problem, Severity
from engine.yamltext.source import read_source

BUREAU = 'bureau: example\ntitle: 局\ntimezone: Asia/Shanghai\nnotify_at: "09:00"\nsections: {a: 甲股}\nroles: {clerk: {title: 经办人, scope: section}}\n'
FLOW = """workflow: errand
title: 差事
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk, deadline: 3 days}
  closed: {title: 办结, final: true}
transitions:
  - {do: finish, title: 完成, from: open, to: closed}
"""


@lru_cache(maxsize=16)
def problems(rules: str) -> list[tuple[str, str]]:
    found = load_files({"bureau.yaml": BUREAU + rules, "errand.yaml": FLOW}).problems
    return [(problem.rule, problem.severity.value) for problem in found]


def test_a_rule_is_switched_off_or_made_to_matter_more() -> None:
    assert problems("") == [("deadline-without-basis", "advice")]
    assert problems("rules: {deadline-without-basis: {severity: ignore, reason: 本局另有规定}}\n") == []
    assert problems("检查规则: {deadline-without-basis: {程度: 错误, reason: 一律写明}}\n") == [
        ("deadline-without-basis", "error")
    ]


def test_a_switch_has_a_reason_names_a_rule_and_leaves_errors_alone() -> None:
    rules = [rule for rule, _ in problems("rules: {deadline-without-basis: {severity: ignore}}\n")]
    assert "missing-key" in rules
    assert ("unknown-name", "error") in problems(
        "rules: {deadline-without-bases: {severity: ignore, reason: 甲}}\n"
    )
    assert ("wrong-shape", "error") in problems("rules: {unknown-state: {severity: ignore, reason: 甲}}\n")


def test_the_readers_themselves() -> None:
    text = BUREAU + "rules: {deadline-without-basis: {severity: warning, reason: 甲}}\n"
    root = read_source("bureau.yaml", text.encode()).root
    assert isinstance(root, MappingNode)
    part = Diagnostics("bureau.yaml", text).open(root, "bureau")
    assert part is not None
    assert read_rule_switches(Diagnostics("bureau.yaml", text), part.value("rules")) == {
        "deadline-without-basis": Severity.WARNING
    }
    found = load_files({"bureau.yaml": BUREAU, "errand.yaml": FLOW}).problems
    assert [one.severity for one in switched(found, [("bureau.yaml", text, root)])] == [Severity.WARNING]
    assert switched(found, []) == found
    assert all(isinstance(one, Problem) for one in found)


def test_a_bureau_with_a_fault_does_not_make_faults_elsewhere() -> None:
    name = "workflows/bureau.yaml"
    broken = texts()[name].replace("timezone: Asia/Shanghai", "timezone: Asia/Shanghigh")
    found = load_files({**texts(), name: broken}).problems
    assert {problem.file for problem in found} == {name}
    assert len(found) == 1
