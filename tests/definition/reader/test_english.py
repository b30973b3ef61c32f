"""``english:`` of a file: each of its texts in the language of whoever reads it, and what the check says of wrong ones."""

from __future__ import annotations

import pickle

import pytest
from definition_examples import BUREAU, load_example, told

from engine.app.definitions.derived_settings import ENGLISH_TEXTS
from engine.definition.library import load_files
from engine.definition.reader.diagnostics import Diagnostics
from engine.definition.reader.texts.english import check_english, read_english
from engine.language import BilingualText, DefinedText, defined, in_language, know_published, translate
from engine.yamltext.nodes import MappingNode
from engine.yamltext.source import read_source

STATES = "states:\n  open: {title: 待办, for: clerk, no deadline: 示例流程，不设时限}\n  done: {title: 办结了, final: true}\n"


def test_texts_of_a_workflow_are_shown_in_the_language_of_the_reader() -> None:
    workflow = load_example(STATES + "english: {待办: To do, 示例流程: Sample}\n").workflows["demo"]
    with in_language("en"):
        assert [translate(state.title) for state in workflow.states.values()] == ["To do", "办结了"]
        assert translate(workflow.title) == "Sample"
    with in_language("zh-CN"):
        assert translate(workflow.states["open"].title) == "待办"
    assert workflow.states["open"].title == "待办"
    assert workflow.english == {"待办": "To do", "示例流程": "Sample"}


def test_the_chinese_key_says_the_same() -> None:
    chinese = load_example(STATES + "英文: {待办: To do}\n").workflows["demo"]
    assert chinese == load_example(STATES + "english: {待办: To do}\n").workflows["demo"]


def test_forms_and_the_bureau_have_their_own() -> None:
    form = load_example(
        "form: sample\ntitle: 示例\nfields:\n  - a: {title: 甲, choices: {x: 子, y: 丑}}\nenglish: {甲: A, 子: X}\n"
    )
    asked = form.forms["sample"].fields[0]
    bureau = load_files({"b.yaml": BUREAU + "english: {录入员: Clerk, 未发现问题: No problem}\n"}).bureau
    assert bureau is not None
    with in_language("en"):
        assert (translate(asked.title), translate(asked.choices["x"]), translate(asked.choices["y"])) == (
            "A",
            "X",
            "丑",
        )
        assert translate(bureau.roles["clerk"].title) == "Clerk"
        assert translate(bureau.codes["result_codes"]["no_problem"]) == "No problem"


@pytest.mark.parametrize(
    ("english", "rule"),
    [
        ("{办: To do}", "5:11 unknown-name"),
        ("[待办]", "5:10 wrong-shape"),
        ("{待办: [To do]}", "5:15 wrong-shape"),
        ("{待办: '{{ case.title }}'}", "5:15 template-syntax"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(english: str, rule: str) -> None:
    assert rule in told(STATES + f"english: {english}\n")


def test_a_text_that_was_changed_since_is_named_with_the_nearest() -> None:
    root = read_source("x", "workflow: x\ntitle: 大厅预约\nenglish: {大厅预定: Hall}\n").root
    assert isinstance(root, MappingNode)
    diagnostics = Diagnostics("x")
    part = diagnostics.open(root, "workflow")
    assert part is not None
    assert read_english(diagnostics, part) == {"大厅预定": "Hall"}
    diagnostics.read_text(part.value("title"))
    check_english(diagnostics, part)
    last = diagnostics.problems[-1]
    assert (last.rule, last.line) == ("unknown-name", 3)
    assert "大厅预约" in str(last.hint)


def test_stored_texts_are_found_by_what_was_published() -> None:
    assert ENGLISH_TEXTS == "english_texts"
    try:
        know_published({"甲环节": "To do"})
        with in_language("en"):
            assert (defined("甲环节"), translate(DefinedText("甲环节")), defined("未知")) == (
                "To do",
                "To do",
                "未知",
            )
        assert defined("甲环节") == "甲环节"
    finally:
        know_published({})
    with in_language("en"):
        assert defined("甲环节") == "甲环节"


def test_such_a_text_is_a_text_and_can_be_copied() -> None:
    text = BilingualText("待办", "To do")
    again = pickle.loads(pickle.dumps(text))  # noqa: S301 - made here
    assert (again, again.english, text == "待办") == ("待办", "To do", True)
