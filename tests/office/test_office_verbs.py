"""退回 撤回 催办 作废 会签 或签 加签 减签 委托 and approval, through the office: YAML in, tasks and refusals out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from bureau_factories import BUREAU, Bureau, delegate, done, end, refused

from engine.app.ports.records import Delegation
from engine.cli.cases.case_text import case_text
from engine.kernel.refusal import Refusal

Open = Callable[..., Bureau]

FLOW = """
workflow: visit
title: 检查
about: none
initial: drafting
start: {by: clerk}
parties: {team: 检查组}
fields: [seen: {title: 已看, type: boolean}]
states:
  drafting:
    title: 草拟
    for: clerk
    deadline: 5 working days
    verbs: [claim, urge: {by: chief, times: 2, basis: 督办规则 三}, void: {by: clerk, to: void, approve: chief}]
  review:
    title: 审核
    for: chief
    deadline: 3 working days
    verbs: [return: {basis: 某办法 六}, withdraw, urge: {by: deputy}]
  signing:
    title: 会签
    for: chief
    verbs:
      - return: {to: [drafting], keep_clocks: true, approve: deputy}
      - withdraw
      - urge: {by: deputy}
      - add_signer: {by: chief, among: [clerk, deputy]}
      - drop_signer: {by: chief}
  closed: {title: 办结, final: true}
  void: {title: 已作废, final: true}
transitions:
  - {do: submit, title: 提交, from: drafting, to: review, then: [{set: {seen: true}}, {assign: {team: "= ['anna', 'anton']"}}]}
  - {do: pass_on, title: 送签, from: review, to: signing}
  - {do: sign, title: 签署, from: signing, to: closed, sign: {mode: all, by: team}}
"""


def sent(bureau: Bureau) -> str:
    case = bureau.start("visit")
    bureau.take(case, "submit")
    return case


def to_sign(bureau: Bureau) -> str:
    case = sent(bureau)
    bureau.take(case, "pass_on", "carl")
    return case


def test_return_keeps_what_was_entered_and_asks_for_a_reason(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW)
    case = sent(bureau)
    application = bureau.application
    assert refused(application.send_back(case, "carl", "drafting", reason="")) == ["退回须说明理由"]
    assert refused(application.send_back(case, "anna", "drafting", reason="缺页")) == [
        "退回由股室负责人决定，“anna”不能办理"
    ]
    assert refused(application.send_back(case, "carl", "signing", reason="缺页")) == [
        "案件没有经过环节“signing”；可以退回：草拟（drafting）"
    ]
    assert bureau.state(case) == "review"
    done(application.send_back(case, "carl", "drafting", reason="缺页"))
    assert bureau.state(case) == "drafting"
    assert bureau.case(case).fields["seen"] is True
    assert bureau.kinds(case)[-1] == "returned"
    assert bureau.events(case)[-1].body["reason"] == "缺页"
    assert case in bureau.work_items("anna")
    assert "“示例件”被退回“草拟”：缺页" in bureau.mail("anna")


def test_a_case_returned_late_begins_anew_or_keeps_its_clock(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW)
    anew, kept = sent(bureau), to_sign(bureau)
    bureau.until("2024-09-20")
    done(bureau.application.send_back(anew, "carl", "drafting", reason="缺页"))
    assert bureau.case(anew).clocks["drafting"].due_on.isoformat() == "2024-09-27"
    done(bureau.application.send_back(kept, "carl", "drafting", reason="缺页"))
    done(bureau.application.approve(kept, "dora", "return"))
    # Due when it was due before: the return hides no lateness.
    assert bureau.case(kept).clocks["drafting"].due_on.isoformat() == "2024-09-09"
    assert bureau.work_items("anna")[kept].late
    bureau.sweep()
    assert "overdue" in bureau.kinds(kept)


def test_withdraw_puts_all_back_while_nobody_has_acted(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW)
    case = bureau.start("visit")
    before = bureau.case(case)
    bureau.later(days=1)
    bureau.take(case, "submit")
    assert refused(bureau.application.withdraw(case, "carl")) == [
        "上一步“提交”由“anna”办理，只能由其本人撤回"
    ]
    done(bureau.application.withdraw(case, "anna"))
    after = bureau.case(case)
    assert (after.state, after.fields.get("seen")) == ("drafting", None)
    assert after.clocks["drafting"].due_at == before.clocks["drafting"].due_at
    assert case in bureau.work_items("anna")
    bureau.take(case, "submit")
    bureau.take(case, "pass_on", "carl")
    assert refused(bureau.application.withdraw(case, "anna")) == [
        "上一步“送签”由“carl”办理，只能由其本人撤回"
    ]


def test_withdraw_is_over_when_somebody_has_signed(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW)
    case = to_sign(bureau)
    bureau.take(case, "sign", "anna")
    assert refused(bureau.application.withdraw(case, "carl")) == ["“anna”已接着办理，不能再撤回；可请其退回"]


def test_urging_counts_and_stops(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW)
    case = bureau.start("visit")
    done(bureau.application.urge(case, "carl", reason="明日要用"))
    done(bureau.application.urge(case, "carl"))
    assert "催办（第 1 次）：“示例件”现处“草拟”，请抓紧办理。carl：明日要用" in bureau.mail("anton")
    assert "催办（第 2 次）：“示例件”现处“草拟”，请抓紧办理（carl）" in bureau.mail("anton")
    outcome = bureau.application.urge(case, "carl")
    assert refused(outcome) == ["此环节最多催办 2 次，已催办 2 次"]
    assert "依据：督办规则 三" in str(outcome)
    done(bureau.application.claim(case, "anna"))
    assert bureau.kinds(case).count("urged") == 2


def test_only_the_one_who_claimed_is_urged(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW)
    case = bureau.start("visit")
    done(bureau.application.claim(case, "anna"))
    done(bureau.application.urge(case, "carl"))
    assert bureau.mail("anna")
    assert not bureau.mail("anton")


def test_void_is_asked_for_and_approved_by_another(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW)
    case = bureau.start("visit")
    application = bureau.application
    done(application.void(case, "anna", reason="企业已注销"))
    assert bureau.state(case) == "drafting"
    assert bureau.kinds(case)[-1] == "asked"
    assert case in bureau.work_items("carl")
    assert refused(application.void(case, "anton", reason="企业已注销")) == ["已申请作废，待股室负责人决定"]
    assert refused(application.approve(case, "anton", "void")) == ["作废由股室负责人批准，“anton”不能办理"]
    assert refused(application.deny(case, "carl", "void", reason="")) == ["不批准须说明理由"]
    done(application.deny(case, "carl", "void", reason="尚可联系"))
    assert case not in bureau.work_items("carl")
    assert bureau.mail("anna") == ["“示例件”的作废申请未获批准（转到“已作废”）：尚可联系"]
    done(application.void(case, "anna", reason="企业已注销"))
    answer = done(application.approve(case, "carl", "void"))
    assert (answer.state, answer.closed) == ("void", True)
    last = bureau.events(case)[-1]
    assert (last.kind, last.actor, last.body["asked_by"], last.body["reason"]) == (
        "voided",
        "carl",
        "anna",
        "企业已注销",
    )
    assert not bureau.timers(case)
    assert refused(application.approve(case, "carl", "void"))[0] == "案件已办结（已作废）"


def test_everybody_signs_and_the_step_is_taken(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW)
    case = to_sign(bureau)
    assert case in bureau.work_items("anna")
    assert case in bureau.work_items("anton")
    assert case not in bureau.work_items("carl")
    assert bureau.no(case, "sign", "carl") == ["“签署”由anna、anton签署，“carl”不能签"]
    bureau.take(case, "sign", "anna")
    assert bureau.state(case) == "signing"
    assert case not in bureau.work_items("anna")
    assert bureau.no(case, "sign", "anna") == ["“anna”已签署，待anton签署"]
    bureau.take(case, "sign", "anton")
    last = bureau.events(case)[-1]
    assert (bureau.state(case), last.kind) == ("closed", "advanced")
    assert [one["person"] for one in last.body["signatures"]] == ["anna", "anton"]


def test_a_signature_is_withdrawn_by_its_signer(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW)
    case = to_sign(bureau)
    bureau.take(case, "sign", "anna")
    done(bureau.application.withdraw(case, "anna"))
    assert case in bureau.work_items("anna")
    assert "signed" in bureau.kinds(case)


def test_signers_are_added_and_dropped(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW)
    case = to_sign(bureau)
    application = bureau.application
    assert refused(application.add_signer(case, "carl", "cora", reason="征求意见")) == [
        "只能加签经办人、分管领导，“cora”不是"
    ]
    assert refused(application.add_signer(case, "carl", "anna", reason="征求意见")) == ["“anna”本来就要签署"]
    done(application.add_signer(case, "carl", "dora", reason="征求意见"))
    assert case in bureau.work_items("dora")
    bureau.take(case, "sign", "anna")
    assert refused(application.drop_signer(case, "carl", "anna", reason="出差")) == [
        "“anna”已签署，签名不能减去"
    ]
    bureau.take(case, "sign", "dora")
    done(application.drop_signer(case, "carl", "anton", reason="出差"))
    # All who are left have signed: any of them takes the step.
    assert case in bureau.work_items("anna")
    bureau.take(case, "sign", "anna")
    assert bureau.state(case) == "closed"
    assert [one["person"] for one in bureau.events(case)[-1].body["signatures"]] == ["anna", "dora"]


def test_the_last_signer_cannot_be_dropped(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW)
    case = to_sign(bureau)
    done(bureau.application.drop_signer(case, "carl", "anton", reason="出差"))
    assert refused(bureau.application.drop_signer(case, "carl", "anna", reason="出差")) == [
        "减去“anna”后签署人不足"
    ]


@pytest.mark.parametrize(
    ("mode", "signers"), [("any", ["carl"]), ("2", ["carl", "cora"]), ("或签", ["cora"])]
)
def test_any_or_several_of_a_role(bureau_at: Open, mode: str, signers: list[str]) -> None:
    flow = FLOW.replace("{mode: all, by: team}", f"{{mode: {mode}, by: [chief]}}")
    both = "bureau: example\n" + BUREAU.split("\n", 2)[2].replace(
        "chief: {title: 股室负责人, scope: section}", "chief: {title: 股室负责人, scope: bureau}"
    )
    bureau = bureau_at(both, flow)
    case = to_sign(bureau)
    for person in signers:
        assert case in bureau.work_items(person)
        bureau.take(case, "sign", person)
    assert bureau.state(case) == "closed"


def test_who_is_away_is_stood_in_for(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW, at="2024-09-02")
    case = to_sign(bureau)
    made = delegate(
        bureau.application, "anna", "bela", date(2024, 9, 3), date(2024, 9, 4), by="dora", reason="年休假"
    )
    assert isinstance(made, Delegation)
    assert case not in bureau.work_items("bela")
    assert bureau.no(case, "sign", "bela") == [f"没有案件“{case}”，或它属于其他股室"]
    bureau.at("2024-09-04 23:59")
    assert case in bureau.work_items("bela")
    bureau.take(case, "sign", "bela")
    signed = bureau.events(case)[-1].body["signatures"]
    assert [(one["person"], one["for"]) for one in signed] == [("bela", "anna")]
    assert bureau.events(case)[-1].body["for"] == "anna"
    bureau.at("2024-09-05 00:00")
    other = bureau.start("visit", "anna")
    assert other not in bureau.work_items("bela")


def test_nobody_signs_twice_by_standing_in(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW)
    case = to_sign(bureau)
    made = delegate(
        bureau.application, "anna", "anton", date(2024, 9, 2), date(2024, 9, 4), by="dora", reason="年休假"
    )
    assert isinstance(made, Delegation)
    bureau.take(case, "sign", "anton")
    assert bureau.no(case, "sign", "anton") == ["“anton”已签署一次，一人不能签两份（委托他人时亦然）"]


def test_delegations_make_no_chains(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW)
    application, first, last = bureau.application, date(2024, 9, 3), date(2024, 9, 10)
    one = delegate(application, "anna", "anton", first, last, by="dora", reason="年休假")
    assert isinstance(one, Delegation)

    def wrong(
        principal: str, to: str, begins: date = first, ends: date = last, why: str = "借调"
    ) -> list[str]:
        outcome = delegate(application, principal, to, begins, ends, by="dora", reason=why)
        assert isinstance(outcome, Refusal)
        return [str(reason) for reason in outcome.reasons]

    words = "在 2024-09-03 至 2024-09-10"
    assert wrong("anton", "bela") == [f"“anton”{words} 受他人委托（delegation-1），不得转委托"]
    assert wrong("bela", "anna") == [f"“anna”自己{words} 已委托他人（delegation-1），不能再受托"]
    assert wrong("anna", "bela") == [f"“anna”{words} 已有委托（delegation-1），先收回再另行委托"]
    assert wrong("bela", "bela", why=" ") == ["不能委托给自己", "委托须说明理由，例如“年休假”“借调”"]
    assert wrong("bela", "nobody", last, first) == [
        "名录中没有在岗的“nobody”",
        "止日 2024-09-03 早于起日 2024-09-10",
    ]
    assert isinstance(end(application, "delegation-1", by="dora", reason="提前返岗"), Delegation)
    assert isinstance(end(application, "delegation-1", by="dora", reason="提前返岗"), Refusal)
    assert isinstance(
        delegate(application, "anton", "bela", first, last, by="dora", reason="借调"), Delegation
    )
    assert bureau.kinds("delegations") == ["delegated", "undelegated", "delegated"]


def test_nobody_delegates_what_is_others(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW)
    application, days = bureau.application, (date(2024, 9, 3), date(2024, 9, 10))
    told = delegate(application, "carl", "anton", *days, by="anton", reason="年休假")
    assert isinstance(told, Refusal)
    assert str(told).startswith("“anton”不能登记或收回他人的委托；可由“carl”本人或")
    made = delegate(application, "carl", "anton", *days, by="carl", reason="年休假")
    assert isinstance(made, Delegation)
    assert isinstance(end(application, made.id, by="bela", reason="不必"), Refusal)
    assert isinstance(end(application, made.id, by="anton", reason="不便代办"), Delegation)


def test_who_stands_in_shows_their_own_certificate(bureau_at: Open) -> None:
    flow = """
        workflow: visit
        title: 检查
        about: none
        initial: visiting
        start: {by: clerk}
        parties: {inspectors: 检查人员}
        states:
          begun: {title: 启动, for: clerk}
          visiting: {title: 检查, for: inspectors}
          closed: {title: 办结, final: true}
        transitions:
          - {do: begin, title: 指定, from: visiting, by: clerk, then: [{assign: {inspectors: "= ['insp-1']"}}]}
          - {do: again, title: 重启, from: begun, to: visiting}
          - {do: back, title: 回到启动, from: visiting, to: begun, by: clerk}
          - do: finish
            title: 完成
            from: visiting
            to: closed
            require:
              - {that: "every(inspectors, it.cert_valid_to >= today)", else: 证件过期, basis: 某条例 三}
    """
    bureau = bureau_at(flow)
    case = bureau.start("visit")
    bureau.take(case, "begin")
    made = delegate(
        bureau.application, "insp-1", "bela", date(2024, 9, 2), date(2024, 9, 9), by="dora", reason="借调"
    )
    assert isinstance(made, Delegation)
    # bela has no certificate at all; insp-1 has one, and is away.
    assert bureau.no(case, "finish", "bela") == ["证件过期"]
    end(bureau.application, "delegation-1", by="dora", reason="换人")
    delegate(
        bureau.application, "insp-1", "insp-2", date(2024, 9, 2), date(2024, 9, 9), by="dora", reason="借调"
    )
    bureau.take(case, "finish", "insp-2")
    assert bureau.events(case)[-1].body["for"] == "insp-1"


def test_an_escalated_task_stays_in_the_deputys_list(bureau_at: Open) -> None:
    bureau = bureau_at(
        FLOW.replace(
            "    deadline: 5 working days\n",
            "    deadline: 5 working days\n    overdue: {1 working day: {escalate: deputy}}\n",
            1,
        )
    )
    case = bureau.start("visit")
    bureau.until("2024-09-12")
    assert case in bureau.work_items("dora")
    done(bureau.application.claim(case, "anna"))
    assert case in bureau.work_items("dora")
    assert case not in bureau.work_items("anton")
    bureau.take(case, "submit")
    assert case not in bureau.work_items("dora")


def test_a_voided_case_takes_its_children_along_only_where_it_says_so(bureau_at: Open) -> None:
    child = """
        workflow: child
        title: 子件
        about: none
        initial: open
        states:
          open: {title: 待办, for: clerk, verbs: {void: {by: chief, to: void}}}
          done: {title: 办结, final: true}
          void: {title: 已作废, final: true}
        transitions: [{do: finish, title: 办结, from: open, to: done}]
    """
    parent = """
        workflow: parent
        title: 总件
        about: none
        initial: open
        start: {by: clerk}
        states:
          open: {title: 待办, for: clerk}
          waiting: {title: 在办, for: clerk, verbs: {void: {by: clerk, to: void WITH}}}
          done: {title: 办结, final: true}
          void: {title: 已作废, final: true}
        transitions:
          - {do: begin, title: 启动子件, from: open, to: waiting, then: [{start: child}]}
          - {do: all_done, title: 齐备, from: waiting, to: done, join: {workflow: child}}
    """
    bureau = bureau_at(child, parent.replace(" WITH", ""))
    case = bureau.start("parent")
    bureau.take(case, "begin")
    assert refused(bureau.application.void(case, "anna", reason="计划取消")) == [
        "还有 1 件子件未办结：示例件（child-1）；须先办结或作废"
    ]
    assert bureau.state(case) == "waiting"
    other = bureau_at(child, parent.replace(" WITH", ", with_children: true"))
    case = other.start("parent")
    other.take(case, "begin")
    done(other.application.void(case, "anna", reason="计划取消"))
    assert (other.state(case), other.state("child-1")) == ("void", "void")


def test_a_verb_has_conditions_of_its_own(bureau_at: Open) -> None:
    bureau = bureau_at(
        FLOW.replace(
            "return: {basis: 某办法 六}",
            "return: {require: [{that: case.seen == false, else: 已看过的不退, basis: 某办法 七}]}",
        )
    )
    case = sent(bureau)
    outcome = bureau.application.send_back(case, "carl", "drafting", reason="缺页")
    assert refused(outcome) == ["已看过的不退"]
    assert "某办法 七" in str(outcome)


def test_requests_of_verbs_act_once(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW)
    case = bureau.start("visit")
    done(bureau.application.urge(case, "carl", request_id="u-1"))
    assert done(bureau.application.urge(case, "carl", request_id="u-1")).repeated
    assert bureau.kinds(case).count("urged") == 1


def test_a_late_case_is_closed_only_with_a_reason(bureau_at: Open) -> None:
    bureau = bureau_at(
        FLOW.replace(
            "    deadline: 5 working days\n",
            "    deadline: 5 working days\n    late_reason: true\n    basis: 某办法 五\n",
            1,
        )
    )
    case = bureau.start("visit")
    in_time = bureau.start("visit")
    bureau.take(in_time, "submit")
    bureau.until("2024-09-10")
    outcome = bureau.application.advance(case, "submit", "anna")
    assert refused(outcome) == ["“草拟”应于2024-09-09办结，已逾期，须说明逾期原因"]
    assert "依据：某办法 五" in str(outcome)
    bureau.take(case, "submit", reason="企业停业，补充材料迟到")
    assert bureau.events(case)[-1].body["reason"] == "企业停业，补充材料迟到"
    assert "overdue" in bureau.kinds(case)


def test_a_task_shows_who_has_signed_and_what_is_asked(bureau_at: Open) -> None:

    bureau = bureau_at(FLOW)
    case = to_sign(bureau)
    bureau.take(case, "sign", "anna")
    done(bureau.application.urge(case, "dora"))
    done(bureau.application.send_back(case, "carl", "drafting", reason="缺页"))
    view = bureau.explain(case, "anton")
    assert view is not None
    lines = case_text(view).split("\n")
    assert "  已签署：anna" in lines
    assert "  待签署：anton" in lines
    assert "已催办 1 次" in lines
    assert "“carl”申请退回，待分管领导批准：缺页" in lines
    # What is offered is what whoever looks may do now: what was asked for waits for its answer.
    assert not any(line.startswith("还可以") for line in lines)
    for person, offered in (("dora", "催办"), ("carl", "撤回、加签、减签"), ("anna", "撤回")):
        seen = bureau.explain(case, person)
        assert seen is not None
        assert f"还可以：{offered}" in case_text(seen).split("\n")
    # Of a step that is signed whoever signs it is named, and not whom the state is for.
    assert view.as_json()["steps"][0]["by"] == ["检查组"]
    assert view.as_json()["steps"][0]["waiting"] == ["anton"]


RECEIPT = FLOW.replace(
    "urge: {by: chief, times: 2, basis: 督办规则 三}",
    "urge: {by: chief, times: 2, receipt: true, basis: 督办规则 三}",
)


def test_whoever_is_urged_says_that_they_have_received_it(bureau_at: Open) -> None:
    bureau = bureau_at(RECEIPT)
    case, application = bureau.start("visit"), bureau.application
    assert refused(application.acknowledge(case, "anna")) == ["此环节还没有催办，不必回执"]
    done(application.urge(case, "carl"))
    assert refused(application.acknowledge(case, "dora")) == ["催办是给经办人的，“dora”不能回执"]
    done(application.acknowledge(case, "anna", reason="今日办结"))
    last = bureau.events(case)[-1]
    assert (last.kind, last.actor, last.body["reason"]) == ("acknowledged", "anna", "今日办结")
    assert bureau.mail("carl") == ["“anna”已收到对“示例件”的第 1 次催办：今日办结"]
    assert refused(application.acknowledge(case, "anna")) == ["“anna”对第 1 次催办已作回执"]
    # Another urge asks anew, and only of whoever has claimed the task since.
    done(application.claim(case, "anton"))
    done(application.urge(case, "carl"))
    assert refused(application.acknowledge(case, "anna")) == ["催办是给anton的，“anna”不能回执"]
    done(application.acknowledge(case, "anton", request_id="a-1"))
    assert done(application.acknowledge(case, "anton", request_id="a-1")).repeated
    assert "“anton”已收到对“示例件”的第 2 次催办" in bureau.mail("carl")
    assert bureau.kinds(case).count("acknowledged") == 2


def test_a_receipt_is_no_step(bureau_at: Open) -> None:
    """It changes nothing, and who took the step before can still take it back."""
    flow = RECEIPT.replace("withdraw, urge: {by: deputy}", "withdraw, urge: {by: deputy, receipt: true}", 1)
    bureau = bureau_at(flow)
    case = sent(bureau)
    done(bureau.application.urge(case, "dora"))
    before = bureau.case(case)
    done(bureau.application.acknowledge(case, "carl"))
    after = bureau.case(case)
    assert (after.state, after.assignee, after.clocks) == (before.state, before.assignee, before.clocks)
    done(bureau.application.withdraw(case, "anna"))
    assert bureau.state(case) == "drafting"


def test_no_receipt_where_none_is_asked_for(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW)
    case = bureau.start("visit")
    done(bureau.application.urge(case, "carl"))
    outcome = bureau.application.acknowledge(case, "anna")
    assert refused(outcome) == ["环节“草拟”的催办不须回执"]
    assert "receipt: true" in str(outcome)


def test_a_task_shows_who_has_received_the_urge(bureau_at: Open) -> None:

    bureau = bureau_at(RECEIPT)
    case = bureau.start("visit")
    done(bureau.application.urge(case, "carl"))
    view = bureau.explain(case, "anna")
    assert view is not None
    assert f"催办须回执：ssj task acknowledge {case}" in case_text(view).split("\n")
    done(bureau.application.acknowledge(case, "anna"))
    view = bureau.explain(case, "anna")
    assert view is not None
    assert "已回执：anna" in case_text(view).split("\n")
    assert view.as_json()["received_by"] == ["anna"]


def test_a_return_is_taken_back_by_who_returned_it(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW.replace("verbs: [claim,", "verbs: [claim, withdraw,", 1))
    case = sent(bureau)
    done(bureau.application.send_back(case, "carl", "drafting", reason="缺页"))
    assert refused(bureau.application.withdraw(case, "anna")) == [
        "上一步“退回”由“carl”办理，只能由其本人撤回"
    ]
    done(bureau.application.withdraw(case, "carl"))
    assert bureau.state(case) == "review"
    assert case in bureau.work_items("carl")


CHILD = """
workflow: child
title: 子件
about: none
initial: open
states:
  open: {title: 待办, for: clerk}
  sent: {title: 待审, for: chief, verbs: [withdraw]}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: submit, title: 送审, from: open, to: sent}
  - {do: finish, title: 办结, from: sent, to: done}
"""
PARENT = """
workflow: parent
title: 总件
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 在办}
  ready: {title: 齐备, for: clerk}
  done: {title: 办结, final: true, open_children: leave}
transitions:
  - {do: begin, title: 启动子件, from: open, to: waiting, then: [{start: child, title: 甲}, {start: child, title: 乙}]}
  - {do: all_sent, title: 全部送审, from: waiting, to: ready, join: {workflow: child, reached: [sent, done]}}
  - {do: close, title: 办结, from: ready, to: done}
"""


def test_a_step_the_case_above_has_built_on_is_not_withdrawn(bureau_at: Open) -> None:
    bureau = bureau_at(CHILD, PARENT)
    parent = bureau.start("parent", title="一季度")
    bureau.take(parent, "begin")
    bureau.take("child-1", "submit", "anna")
    # The case above still waits for the other one.
    done(bureau.application.withdraw("child-1", "anna"))
    bureau.take("child-1", "submit", "anna")
    bureau.later(hours=1)
    bureau.take("child-2", "submit", "anton")
    assert bureau.state(parent) == "ready"
    for case, person in (("child-1", "anna"), ("child-2", "anton")):
        assert refused(bureau.application.withdraw(case, person)) == [
            "“送审”办后，上级件“一季度”已据以转入“齐备”，不能撤回；可由有权的人退回或更正"
        ]
        assert bureau.state(case) == "sent"


def test_delegations_are_made_once_and_tried_without_trace(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW)
    application, days = bureau.application, (date(2024, 9, 3), date(2024, 9, 10))
    tried = delegate(application, "anna", "anton", *days, by="anna", reason="年休假", dry_run=True)
    assert isinstance(tried, Delegation)
    assert bureau.kinds("delegations") == []
    made = delegate(application, "anna", "anton", *days, by="anna", reason="年休假", request_id="d-1")
    assert delegate(application, "anna", "anton", *days, by="anna", reason="年休假", request_id="d-1") == made
    assert bureau.kinds("delegations") == ["delegated"]
    other = delegate(application, "bela", "anton", *days, by="bela", reason="年休假", request_id="d-1")
    assert str(other) == "请求编号“d-1”已用于另一条命令；每条命令须有自己的编号"
    assert isinstance(end(application, "delegation-1", by="anna", reason="返岗", dry_run=True), Delegation)
    over = end(application, "delegation-1", by="anna", reason="返岗", request_id="d-2")
    assert end(application, "delegation-1", by="anna", reason="返岗", request_id="d-2") == over
    assert bureau.kinds("delegations") == ["delegated", "undelegated"]


def test_a_refused_delegation_is_in_the_history_of_the_house(bureau_at: Open) -> None:
    bureau = bureau_at(FLOW)
    days = (date(2024, 9, 3), date(2024, 9, 10))
    assert isinstance(
        delegate(bureau.application, "carl", "anton", *days, by="anton", reason="休假"), Refusal
    )
    before = bureau.kinds("office")
    last = bureau.events("office")[-1]
    assert (last.kind, last.actor, last.body["verb"], last.body["about"]) == (
        "refused",
        "anton",
        "delegation.change",
        "carl",
    )
    assert isinstance(
        delegate(bureau.application, "carl", "anton", *days, by="anton", reason="休假", dry_run=True), Refusal
    )
    assert bureau.kinds("office") == before
