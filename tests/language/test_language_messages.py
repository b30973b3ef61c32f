"""One sentence, two languages: values inside values, lists, unknown languages, and refusals as people read them."""

from __future__ import annotations

import json

import pytest

from engine.language import current_language, say, term
from engine.language.gathering import is_chinese

INNER = say("没有环节“{name}”", name="draft")


def test_a_message_within_a_message_is_shown_in_the_same_language() -> None:
    outer = say("第 {row} 行：{message}", row=3, message=INNER)
    assert outer.render("zh_CN") == "第 3 行：没有环节“draft”"
    assert outer.render("en") == 'row 3: there is no state "draft"'


def test_lists_are_joined_as_the_language_does() -> None:
    listed = say("应为下列之一：{options}", options=[say("是"), say("否"), "other"])
    assert listed.render("zh_CN") == "应为下列之一：是、否、other"
    assert listed.render("en") == "must be one of yes, no, other"


def test_lists_within_lists_are_joined_too() -> None:
    deep = say(
        "可用：{names}", names=[say("{code}（{title}）", code="a", title=say("终点")), ("b", say("环节"))]
    )
    assert deep.render("zh_CN") == "可用：a（终点）、b、环节"
    assert deep.render("en") == "there are: a (end), b, state"


def test_braces_in_a_value_are_no_places() -> None:
    assert say("没有文件“{file}”", file="{x}").render("en") == 'there is no file "{x}"'


@pytest.mark.parametrize("language", ["fr", "zh_TW", "", "C"])
def test_an_unknown_language_falls_back_to_chinese(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setenv("SSJ_LANG", language)
    assert current_language() == "zh_CN"
    assert str(INNER) == "没有环节“draft”"


@pytest.mark.parametrize("language", ["en", "en_US.UTF-8", "en-GB"])
def test_every_english_is_english(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setenv("SSJ_LANG", language)
    assert str(INNER) == 'there is no state "draft"'


def test_a_sentence_without_a_translation_stays_chinese() -> None:
    assert say("这句话不在目录里").render("en") == "这句话不在目录里"


def test_the_language_of_a_sentence_is_asked_for_when_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    said = say("没有待办。")
    monkeypatch.setenv("SSJ_LANG", "en")
    assert str(said) == "There are no tasks."
    monkeypatch.delenv("SSJ_LANG")
    assert str(said) == "没有待办。"
    assert not is_chinese(said.render("en"))


def test_a_term_is_kept_in_chinese_and_shown_in_the_language_of_the_reader() -> None:
    kept = term("终点")
    assert json.dumps({"word": kept}, ensure_ascii=False) == '{"word": "终点"}'
    said = say("没有环节“{name}”", name=kept)
    assert (said.render("zh_CN"), said.render("en")) == ("没有环节“终点”", 'there is no state "end"')
