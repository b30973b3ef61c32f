"""Of a question that nobody answers whoever was asked is reminded, and after its last day others get word."""

from __future__ import annotations

from datetime import timedelta

from bureau_factories import BUREAU, Bureau, done

from engine.app.timers.ask_messages import remind_asked

FLOW = """
workflow: visit
title: 检查
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待检查, for: clerk, verbs: [ask: {by: clerk, among: [clerk]}]}
  done: {title: 办结, final: true}
transitions: [{do: finish, title: 办结, from: open, to: done}]
"""
RULE = "untouched: {after: 3 working days, escalate: [chief, deputy]}\n"


def sent(bureau: Bureau, words: str) -> list[str]:
    return sorted(str(one.recipient) for one in bureau.outbox() if words in str(one.payload["text"]))


def test_a_question_has_a_last_day_and_is_not_left_alone() -> None:
    bureau = Bureau(BUREAU + RULE, FLOW)
    case = bureau.start("visit")
    done(bureau.application.ask(case, "anna", to="anton", what="correct", reason="补证据编号"))
    # Monday, 2 September 2024, and three working days.
    assert sent(bureau, "在 2024-09-05 前") == ["anton"]
    assert remind_asked(bureau.application) == 0
    bureau.clock.advance(timedelta(days=2))
    for _ in range(2):
        assert remind_asked(bureau.application) == 1
    assert sent(bureau, "2024-09-05 前答复：") == ["anton"]
    bureau.clock.advance(timedelta(days=2))
    for _ in range(2):
        assert remind_asked(bureau.application) == 1
    assert sent(bureau, "已过期") == ["anna", "anton", "carl"]
    # Nothing was corrected: the answer ends nothing, whoever asked does.
    done(bureau.application.reply(case, "anton", reason="已补"))
    assert sent(bureau, "本件没有更正过，征询没有结束") == ["anna"]
    assert remind_asked(bureau.application) == 1
    assert "不能答复" in str(bureau.application.reply(case, "carl", reason="认可"))
    done(bureau.application.reply(case, "anna", reason="核对过，不必改"))
    assert sent(bureau, "认可了你就") == ["anton"]
    assert remind_asked(bureau.application) == 0


def test_after_an_answer_without_a_correction_whoever_asked_is_reminded() -> None:
    bureau = Bureau(BUREAU + RULE, FLOW)
    case = bureau.start("visit")
    done(bureau.application.ask(case, "anna", to="anton", what="correct", reason="补证据编号"))
    done(bureau.application.reply(case, "anton", reason="没有可改的"))
    bureau.clock.advance(timedelta(days=2))
    assert remind_asked(bureau.application) == 1
    assert sent(bureau, "已答复“没有可改的”而没有更正") == ["anna"]
