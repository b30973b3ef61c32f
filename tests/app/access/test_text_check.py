"""Texts of commands: how long, and without characters that nobody means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from access_factories import MakeServices
from hypothesis import example, given
from hypothesis import strategies as st

from engine.app.access.caller import Caller
from engine.app.access.command import CommandContext, command
from engine.app.access.query import QueryContext, query
from engine.app.access.text_check import all_fit, text_limits, why_unfit, why_unfit_order, why_unfit_person
from engine.app.commands.application import Application, NewCase
from engine.app.commands.prove_identity import NotSignedIn, prove_by_password, prove_by_token
from engine.app.history.requests import CommandRequest, command_text
from engine.kernel.plain_text import find_forbidden
from engine.kernel.refusal import Refusal

HOSTILE = ["甲\n乙", "甲\t乙", "\x1b[2J", "\x00", "甲\x9b", "甲\u202e", "\udcff\udcfe", "甲\r", "\U000e0041"]


@dataclass(frozen=True)
class Value:
    name: str
    count: int = 0


@command("incident.change")
def write_down(context: CommandContext, name: str, more: Any = None) -> str:
    context.transaction.settings.put("written", str(more))
    return name


@query("incident.read")
def look(context: QueryContext) -> str:
    return context.viewer.id


def histories(services: Application) -> list[str]:
    with services.store.read() as transaction:
        found = [
            f"{one.actor}{one.kind}{one.body}"
            for stream in ("office", "sign-in")
            for one in transaction.events.of(stream)
        ]
    return [one for one in found if "published" not in one]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_is_done_and_nothing_kept(text: str, make: MakeServices) -> None:
    services = make()
    before = histories(services)
    for refused in (
        write_down(services, Caller("lena"), text),
        write_down(services, Caller(text), "x"),
        write_down(services, Caller("lena", request_id=text), "x"),
        write_down(services, Caller("lena"), "x", {"a": [text]}),
        write_down(services, Caller("lena"), "x", {text: 1}),
        write_down(services, Caller("lena"), "x", Value(text)),
        look(services, text),
        services.start("errand", "anna", NewCase(title=text)),
        services.start("errand", text, NewCase(title="x")),
        services.start(text, "anna", NewCase(title="x")),
        services.start("errand", "anna", NewCase(title="x"), request_id=text),
        services.advance("errand-1", "close", "anna", reason=text),
        services.reassign("errand-1", "anna", text, reason="x"),
        services.advance_together("errand-1", [("close", text, None)]),
    ):
        assert isinstance(refused, Refusal)
        assert [one.code for one in refused.reasons] == ["text"]
        assert find_forbidden(str(refused)) is None
    for unproved in (prove_by_password(services, text, "x"), prove_by_token(services, "x", person=text)):
        assert isinstance(unproved, NotSignedIn)
    assert histories(services) == before


def test_what_is_wrong_is_said() -> None:
    def told(**given: Any) -> str:
        return str(why_unfit(given))

    assert told(title="甲\x1b") == "“名称”第 2 个字是不能使用的控制字符（U+001B），请删去"
    assert told(reason="甲\n") == "“理由”应写在一行里；第 2 个字是换行或制表符"
    assert told(title="\udcff") == "“名称”第 1 个字不是文字（编码不对）；请核对输入的编码"
    assert told(title="甲" * 201) == "“名称”最多 200 字，实为 201 字"
    assert told(answers={"place": {"a": "\x00"}}).startswith("“answers.place.a”第 1 个字")
    assert told(other="x" * 1_001) == "“other”最多 1000 字，实为 1001 字"
    assert told(texts=["x" * 1_000] * 2_001) == "“各项文字合计”最多 2000000 字，实为 2001000 字"


def test_lines_may_stand_in_answers_only() -> None:
    assert why_unfit({"answers": {"note": "一\n二\t三"}}) is None
    assert why_unfit({"answers": {"note": "x" * 20_000}}) is None
    assert why_unfit({"answers": {"note": "x" * 20_001}}) is not None
    assert why_unfit({"answers": {"一\n二": 1}}) is not None
    assert why_unfit({"words": {"note": "一\n二"}}) is not None


def test_deep_answers_are_walked_without_recursion() -> None:
    deep: Any = "\x00"
    for _ in range(5_000):
        deep = [deep]
    assert why_unfit({"answers": deep}) is not None


def test_an_order_and_a_person_are_judged_alike() -> None:
    order = CommandRequest("advance", "errand-1", "anna", {"step": "close", "answers": None, "reason": None})
    assert why_unfit_order(order, "r-1") is None
    assert why_unfit_order(order, "r" * 201) is not None
    assert why_unfit_person("anna") is None
    assert why_unfit_person("a" * 65) is not None


@given(
    st.recursive(
        st.text(max_size=90) | st.integers() | st.none() | st.booleans(),
        lambda inside: (
            st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=70), inside, max_size=4)
        ),
        max_leaves=8,
    ),
    st.text(max_size=70),
    st.text(max_size=70),
)
@example("一\n二", "anna", "r-1")
@example("\ud800", "anna", "r-1")
@example('"' * 65, "anna", "r-1")
@example({"x" * 65: 1}, "anna", "r-1")
def test_what_fits_as_a_whole_fits_text_by_text(answers: Any, person: str, request: str) -> None:
    order = CommandRequest("advance", "errand-1", person, {"step": "close", "answers": answers})
    if all_fit(command_text(order), request):
        assert why_unfit_order(order, request) is None


def test_short_texts_fit_as_a_whole() -> None:
    order = CommandRequest(
        "advance", "errand-1", "anna", {"step": "close", "answers": {"found": "未发现问题"}}
    )
    assert all_fit(command_text(order), "r-1")
    assert not all_fit("", "r-1")
    assert not all_fit(command_text(order), "r" * 65)
    assert not all_fit(command_text(order), "r\n")


def test_the_caller_is_judged_beside_an_argument_of_the_same_name() -> None:
    assert why_unfit({"person": "anna"}, Caller("b\n")) is not None
    assert why_unfit({"person": "a\n"}, Caller("anna")) is not None


@given(
    st.dictionaries(
        st.text(max_size=5), st.recursive(st.text(max_size=9), st.lists, max_leaves=5), max_size=3
    )
)
def test_what_passes_holds_no_control(given: dict[str, Any]) -> None:
    def texts(value: Any) -> list[str]:
        return [value] if isinstance(value, str) else [text for one in value for text in texts(one)]

    passed = why_unfit({"more": given}) is None
    assert passed == all(find_forbidden(text) is None for text in [*given, *texts(list(given.values()))])


def test_the_limits_are_data() -> None:
    limits = text_limits()
    assert limits.names["person"] == 64
    assert limits.line < limits.lines < limits.all


def test_an_answer_is_called_by_the_title_of_its_question() -> None:
    from engine.app.access.text_check import place_of, why_unfit_order
    from engine.app.history.requests import CommandRequest

    assert place_of(("answers", "items", "wages", "t")) == "answers.items.wages.t"
    order = CommandRequest("advance", "c-1", "anna", {"step": "s", "answers": {"t": "a\0b"}})
    plain = why_unfit_order(order, None)
    named = why_unfit_order(order, None, {place_of(("answers", "t")): "文字题"})
    assert plain is not None
    assert named is not None
    assert ("“answers.t”" in str(plain), plain.field) == (True, None)
    assert ("“文字题”第 2 个字" in str(named), named.field) == (True, "t")


@pytest.mark.parametrize("request_id", ["r\u200b1", "r1\ufeff", "r\ufe0f", "\u3164", "r\u00ad-2", "ｒ１"])
def test_a_request_id_holds_nothing_unseen(request_id: str) -> None:
    order = CommandRequest("advance", "c-1", "anna", {"step": "s"})
    assert not all_fit(command_text(order), request_id)
    for reason in (why_unfit_order(order, request_id), why_unfit({}, Caller("anna", request_id=request_id))):
        assert reason is not None
        assert str(reason).isprintable()
    assert why_unfit_order(order, "申请-1") is None
