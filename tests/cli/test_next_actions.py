"""What a refused person can do next, in the words of the command line."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

import engine
from engine.cli.main import COMMANDS
from engine.cli.next_actions import SENTENCES, next_text, reason_text, refusal_text
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say

USED = {
    name
    for path in Path(engine.__file__).parent.rglob("*.py")
    for name in re.findall(r'NextAction\(\s*"(\w+)"', path.read_text("utf-8"))
}


def test_every_action_that_is_named_has_its_words() -> None:
    assert set(SENTENCES) >= USED
    assert len(USED) > 10


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_a_sentence_names_commands_there_are(name: str) -> None:
    text = str(SENTENCES[name](defaultdict(lambda: "X")))
    assert all(word in COMMANDS for word in re.findall(r"ssj ([a-z-]+)", text))
    assert "{" not in text


def test_arguments_stand_in_the_sentence() -> None:
    assert str(next_text(NextAction("list_register", {"kind": "items"}))) == "用 ssj register list items 查看"
    with pytest.raises(KeyError):
        next_text(NextAction("no_such_action"))


def test_a_reason_goes_on_with_what_comes_next() -> None:
    plain = RefusalReason("x", say("不行"))
    led = RefusalReason("x", say("不行"), next=NextAction("list_cases"))
    assert reason_text(plain) == "不行"
    assert reason_text(led) == "不行；用 ssj case list 查看"


def test_a_refusal_lists_its_reasons_below_what_was_tried() -> None:
    reasons = (RefusalReason("x", say("甲")), RefusalReason("y", say("乙"), next=NextAction("give_reason")))
    assert refusal_text(Refusal(None, "", reasons)) == "甲\n乙；用 --reason 写明"
    tried = refusal_text(Refusal("c-1", "上报", reasons))
    assert tried == "不能办理“上报”：\n  - 甲\n  - 乙；用 --reason 写明"
