"""Effects: words of the language with the arguments each takes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from parts import NAMES, OWN, WORLD, audience_of, book_of, said, value_of

from engine.definition.reader.steps.effects import EffectReader
from engine.definition.symbols import SymbolTable
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.expressions.template import Template
from engine.lifecycle.model.workflow import Effect


def read(text: str, world: SymbolTable = WORLD) -> tuple[tuple[Effect, ...], list[str], EffectReader]:
    diagnostics = book_of(text)
    reader = EffectReader(diagnostics, world, OWN, audience_of(diagnostics))
    found = reader.read(value_of(text), NAMES)
    return found, [line.split(" ", 1)[1] for line in said(diagnostics)], reader


def plain(effect: Effect) -> dict[str, object]:
    """Return the arguments with expressions and templates as they were written."""

    def shown(value: object) -> object:
        if isinstance(value, dict):
            return {key: shown(inner) for key, inner in value.items()}
        return value.source if isinstance(value, (Expression, Template)) else value

    return {key: shown(value) for key, value in effect.arguments.items()}


@pytest.mark.parametrize(
    ("text", "kind", "arguments"),
    [
        ("{set: {risk: = form.method, urgent: true}}", "set", {"set": {"risk": "form.method", "urgent": "true"}}),
        ("{assign: {inspectors: = form.found}}", "assign", {"assign": {"inspectors": "form.found"}}),
        (
            "{notify: [clerk, inspectors], message: '风险 {{ case.risk }}', urgent: true}",
            "notify",
            {"notify": ("clerk", "inspectors"), "message": "风险 {{ case.risk }}", "urgent": True},
        ),
        (
            "{start: child, each: form.found, title: '{{ it.what }}', with: {amount: = case.share}}",
            "start",
            {"start": "child", "each": "form.found", "title": "{{ it.what }}", "with": {"amount": "case.share"}},
        ),
        ("{start: child, each: drawn objects, about: = it.id}", "start", {"start": "child", "each": "drawn objects", "about": "it.id"}),
        ("{start: child, each: 抽中的对象}", "start", {"start": "child", "each": "drawn objects"}),
        ("{publish: result}", "publish", {"publish": "result"}),
        ("{公示: 计划}", "publish", {"publish": "plan"}),
        ("{freeze: [objects, items]}", "freeze", {"freeze": ("objects", "items")}),
        ("{render: notice.v2}", "render", {"render": "notice.v2"}),
        ("{replace: inspector, person: = case.risk}", "replace", {"replace": "inspector", "person": "case.risk"}),
    ],
)  # fmt: skip
def test_each_way_an_argument_is_written(text: str, kind: str, arguments: dict[str, object]) -> None:
    (effect,), problems, _ = read(f"[{text}]")
    assert problems == []
    assert (effect.kind, plain(effect), effect.line) == (kind, arguments, 1)


def test_an_effect_may_have_a_condition_and_what_it_starts_is_kept() -> None:
    found, problems, reader = read("[{start: child, when: case.urgent}, {start: demo}, {publish: plan}]")
    assert problems == []
    assert found[0].when is not None
    assert found[0].when.holds({"case": {"urgent": True}}) is True
    assert found[1].when is None
    assert reader.started == {"child", "demo"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("publish", "wrong-shape 此处应是“做什么: 内容”，实为“publish”"),
        ("{publish: result, notify: clerk, message: 甲}", "unknown-effect 一项里只能写一件事，此处有：publish、notify"),
        ("{pubish: result}", "unknown-effect 没有“pubish”这种做法"),
        ("{}", "unknown-effect 此处没有写做什么"),
        ("{publish: result, colour: red}", "unknown-argument “publish”没有“colour”这一项"),
        ("{notify: clerk}", "missing-argument “notify”缺少“message”"),
        ("{publish: }", "missing-value “publish”后面没有内容"),
        ("{publish: results}", "unknown-word 公示网站没有“results”这一类公示"),
        ("{start: chid}", "unknown-workflow 没有流程“chid”"),
        ("{start: child, each: form.staff}", "type-mismatch 此处应是列表，实为整数"),
        ("{start: child, each: form.found, title: '{{ it.wat }}'}", "unknown-name "),
        ("{set: {colour: 1}}", "undeclared-field 流程“demo”没有字段“colour”"),
        ("{assign: {nobody: = form.found}}", "undeclared-party 流程“demo”没有参与人“nobody”"),
        ("{start: child, with: {risk: 1}}", "undeclared-field 流程“child”没有字段“risk”"),
        ("{start: child, parties: {inspectors: = form.found}}", "undeclared-party 流程“child”没有参与人“inspectors”"),
        ("{notify: nobody, message: 甲}", "unknown-role 没有角色或参与人“nobody”"),
        ("{freeze: [objects, pets]}", "unknown-word 应为下列之一："),
        ("{render: ../secret}", "bad-name 此处应是一个编号，实为“../secret”"),
        ("{set: {risk: = form.wat}}", "unknown-name "),
        ("{publish: result, when: case.risk}", "guard-not-boolean "),
    ],
)  # fmt: skip
def test_effects_that_cannot_be(text: str, problem: str) -> None:
    problems = read(f"[{text}]")[1]
    assert len(problems) == 1
    assert problems[0].startswith(problem)


def test_a_draw_of_cases_says_which_and_who_is_drawn() -> None:
    text = "[{commit: draw, pool: cases, ratios: = case.risk, inspectors: = case.risk}]"
    assert read(text)[1] == [
        "missing-argument 抽取检查件（pool: cases）须写明“of”",
        "missing-argument 抽取检查件（pool: cases）须写明“role”",
    ]
    assert read(text.replace("}]", ", of: child, role: clerk}]"))[1] == []
    assert read(text.replace("cases", "objects"))[1] == []


def test_in_a_stored_version_other_workflows_are_not_looked_for() -> None:
    partial = replace(WORLD, partial=True, page_types=None)
    found, problems, _ = read("[{start: gone}, {publish: anything}]", partial)
    assert problems == []
    assert [plain(effect) for effect in found] == [{"start": "gone"}, {"publish": "anything"}]
