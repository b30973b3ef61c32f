"""Thirty-three faults of the kinds of `faults_put_in`, in other places, all written down before a rule was read: that figure stands.

Two more were written down and are none: an automatic step that reads a register is asked again each day, and a child in any
final state is awaited no longer, whatever `reached` names.
"""

from __future__ import annotations

from faults_put_in import CHILD, CLOCK, CONSTANT, ELSE, LOOP, NAME, NUMBER, PEOPLE, PRIVATE, READ, Fault, f, w

F, J, B, C, S, P = map(w, ("follow_up", "inspection", "batch", "criminal_referral", "supervision", "penalty"))
L, YEAR, BU, SITE = map(w, ("library", "library_year", "bureau", "page_types"))

ELSEWHERE = (
    Fault(ELSE,F,"{else: filed, title: 复查不合格","{filed: form.rectified == false, title: 复查不合格"),
    Fault(ELSE,P,"{withdrawing: case.published == true}, {else: closing}","{withdrawing: case.published == true}, {closing: case.outcome == 'treatment'}"),
    Fault(READ,P,"during: [serving], deadline: 7 working days, since: forms.case_decision.decided_on","during: [serving], deadline: 7 working days, since: forms.payment.done_on"),
    Fault(READ,C,'”已批准移送，请在24小时内送达公安机关"','”已批准移送，签收 {{ forms.police_receipt.received_on }}"'),
    Fault(READ,B,'title: "{{ case.title }}·检查前培训"','title: "{{ forms.progress_report.progress }}·检查前培训"'),
    Fault(CONSTANT,F,"form.due_on > form.ordered_on","form.due_on > form.ordered_on or form.due_on <= form.ordered_on"),
    Fault(CONSTANT,f("batch_plan"),"that: form.team_size >= 2","that: form.team_size >= 1"),
    Fault(CONSTANT,C,"(form.test_report or form.test_not_needed)","not form.transfer_letter"),
    Fault(CONSTANT,f("onsite_check"),"when: not form.object_signed}","when: not form.object_signed and form.object_signed}"),
    Fault(CONSTANT,f("case_judgement"),"- route: {title: 处置方式, choices: follow_up_routes}","- route: {title: 处置方式, choices: follow_up_routes, when: filled(form.department)}"),
    Fault(CONSTANT,J,"actor.id != case.entered_by","actor.id != forms.result_entry.remark"),
    Fault(NAME,BU,"'none' not in forms.follow_up_result","'nothing' not in forms.follow_up_result"),
    Fault(NAME,BU,"[submit_plan, approve_plan]","[submit_plan, approve_plans]"),
    Fault(NAME,BU,"value: forms.case_judgement.route, names: follow_up_routes","value: forms.case_judgement.route, names: follow_up_route"),
    Fault(NAME,SITE,"title_en: Inspection finished}","title_en: Inspection finished, value: finishd_on}"),
    Fault(NAME,f("inspection_approval"),"- place: {","- spot: {"),
    Fault(NAME,B,"risk_class: = it.class","risk_class: = it.risk"),
    Fault(CHILD,J,"join: {referral: [closed]}","join: {referral: [drafting]}"),
    Fault(CHILD,B,"join: {supervision: [archived]}","automatic: true",line="- start: supervision"),
    Fault(CHILD,YEAR,"- start: library_section\n","- start: library_year\n"),
    Fault(LOOP,L,"  confirm_refresh:\n","  go_back: {title: 自动恢复, from: refreshing, to: active, automatic: true}\n  confirm_refresh:\n",line="go_back:"),
    Fault(LOOP,J,"to: archived, after: 5 working days,","to: archived, automatic,",line="  correct_result:"),
    Fault(PEOPLE,C,"    title: 公安机关立案审查\n    for: team\n","    title: 公安机关立案审查\n",line="  police_review:"),
    Fault(CLOCK,P,"行政处罚法 第六十四条、第八十五条, remind: [1 working day before]","行政处罚法 第六十四条、第八十五条, remind: [6 working days before]"),
    Fault(CLOCK,P,"hearing, legal_reviewing, discussing, deciding]","hearing, discussing, deciding]"),
    Fault(CLOCK,S,"clock: rectifying, max","clock: accepting, max"),
    Fault(CLOCK,P,"    title: 待提出结案\n    for: handlers\n    deadline: suggested 10 working days\n","    title: 待提出结案\n    for: handlers\n",line="  closing:"),
    Fault(NUMBER,S,"form.ratio >= '10%'","form.ratio >= 10"),
    Fault(NUMBER,f("batch_plan"),"ratio, public, example: 5%","ratio, public, example: 5"),
    Fault(PRIVATE,S,'title: "{{ forms.circular.title }}"','title: "{{ forms.supervision_findings.findings }}"'),
    Fault(PRIVATE,SITE,"title_en: Remarks}","title_en: Remarks, value: forms.onsite_check.contact_phone}"),
    Fault(NAME,J,'title: "{{ case.title }}·抄告市场监管部门"','title: "{{ case.title ·抄告市场监管部门"'),
    Fault(NAME,B,"”的实施方案被退回：{{ reason }}","”的实施方案被退回：{{ form.reason }}"),
)  # fmt: skip
