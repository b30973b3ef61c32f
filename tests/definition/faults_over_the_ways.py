"""Thirty faults in names and places no earlier list had, written down before the first was tried.

They have the shape of those of `faults_put_in`. The figure of their first try stands.
"""

from __future__ import annotations

from faults_put_in import (
    CHILD,
    CLOCK,
    CONSTANT,
    ELSE,
    FORM,
    LOOP,
    NAME,
    NUMBER,
    OUTCOME,
    PEOPLE,
    PRIVATE,
    READ,
    Fault,
    f,
    w,
)

PENALTY, ENFORCE, OBJECTION = w("penalty"), w("enforcement"), w("objection")
REFERRAL, FOLLOW, CRIME, VISIT = w("referral"), w("follow_up"), w("criminal_referral"), w("inspection")

OVER_THE_WAYS = (
    # A choice without else.
    Fault(ELSE, PENALTY, "{else: investigating, title: 没有移送，继续查处}", "{investigating: children.referral.in.closed > 1, title: 没有移送，继续查处}"),
    Fault(ELSE, FOLLOW, "          - {else: publishing, title: 公安机关已立案，登记处置结果}", "          - {publishing: form.administrative and filled(form.conclusion), title: 公安机关已立案，登记处置结果}"),
    Fault(ELSE, PENALTY, "to: [{withdrawing: case.published == true}, {else: closing}]", "to: [{withdrawing: case.published == true}, {closing: case.remedy_open == true}]"),
    # Read before written, and never asked.
    Fault(READ, FOLLOW, "that: form.delivered_on < forms.rectification_order.due_on", "that: form.delivered_on < forms.rectification_report.received_on"),
    Fault(READ, PENALTY, "publish_from: = form.decided_on}", "publish_from: = forms.payment.done_on}"),
    Fault(READ, PENALTY, "        to: legal_reviewing\n        form: hearing_record\n", "        to: legal_reviewing\n        form: hearing_record\n        require: [{that: filled(form.chair) and forms.discussion.held_on <= today, else: 集体讨论早于听证, basis: 本局内部控制要求}]\n", line="        require: [{that: filled(form.chair) and forms.discussion"),
    Fault(READ, OBJECTION, "by: section_chief\n        reason:\n        help: 原检查件还没有归档", "by: section_chief\n        reason:\n        require: [{that: forms.publication.channels != 'x', else: 还没有公示, basis: 本局内部控制要求}]\n        help: 原检查件还没有归档"),
    Fault(READ, CRIME, "{served: crime_transfer, on: = form.sent_on}", "{served: crime_transfer, on: = form.sent_on, note: = case.result}"),
    Fault(READ, PENALTY, "title: 撤销立案, then: [{set: {outcome: cancelled}}]", "title: 撤销立案, then: [{set: {outcome: cancelled, fine: = form.amount}}]"),
    # Conditions that are constant or contradict each other.
    Fault(CONSTANT, PENALTY, "{that: \"form.asked_on <= add(case.told_on, '5 working days')\"", "{that: \"form.asked_on < add(case.told_on, '-5 working days')\""),
    Fault(CONSTANT, FOLLOW, "\"add(add(form.published_on, '29 days'), '1 working day') < forms.rectification_order.due_on\"", "\"add(form.published_on, '30 days') < form.published_on\""),
    Fault(CONSTANT, PENALTY, "form.ground == 'unable' or 'bureau_head' in actor.roles", "form.ground == 'unable' or form.ground != 'unable'"),
    Fault(CONSTANT, FOLLOW, "that: length(form.signed_by) >= 2", "that: length(form.signed_by) >= 2 and length(form.signed_by) <= 1"),
    Fault(CONSTANT, VISIT, "when: case.state == 'publishing_correction' and children.follow_up.total", "when: case.state == 'correcting' and children.follow_up.total"),
    Fault(CONSTANT, PENALTY, "{publishing: case.outcome == 'penalty'}, {executing:", "{publishing: case.outcome == 'not_filed'}, {executing:"),
    # Outcomes.
    Fault(OUTCOME, CRIME, "and (form.test_report or form.test_not_needed)", "and form.test_report and not form.test_report"),
    Fault(OUTCOME, VISIT, "{to_visit: case.change_from == 'to_visit'}, {to_notify: case.change_from == 'to_notify'}", "{to_visit: case.change_from == 'to_visit'}, {to_notify: case.change_from == 'to_visit'}"),
    # Names declared elsewhere.
    Fault(NAME, w("bureau"), "title: 检查全部未发现问题, title_en: visits without any problem, cases: inspection, where: case.outcome == 'visited'", "title: 检查全部未发现问题, title_en: visits without any problem, cases: inspection, where: case.outcome == 'visitd'"),
    Fault(NAME, PENALTY, 'title: "{{ case.title }}·强制执行"', 'title: "{{ case.titel }}·强制执行"'),
    Fault(NAME, FOLLOW, "some(children.penalty, it.outcome == 'penalty')", "some(children.penalty, it.outcome == 'punished')"),
    # Children.
    Fault(CHILD, PENALTY, "join: {enforcement: [performed, enforced]}", "join: {enforcement: [drafting]}"),
    Fault(CHILD, OBJECTION, "{else: answered, then: [{archive: case}]}", "{else: answered, then: [{archive: case}, {start: finding_corrected, title: 再核对, parties: {inspectors}}]}"),
    Fault(CHILD, PENALTY, "with: {suspected_crime}, parties", "with: {suspected_crime: = form.facts}, parties"),
    # Loops, people.
    Fault(LOOP, PENALTY, "drop_hearing: {title: 当事人放弃听证, from: [hearing_called, hearing_approving, hearing_serving, hearing], by: handlers, to: legal_reviewing, reason}", "drop_hearing: {title: 当事人放弃听证, from: [hearing_called, hearing_approving, hearing_serving, hearing], to: legal_reviewing, automatic}"),
    Fault(PEOPLE, OBJECTION, "that: actor.id not in collect(inspectors, it.id)", "that: actor.name not in collect(inspectors, it.id)"),
    # Clocks.
    Fault(CLOCK, ENFORCE, "form.applied_on > clocks.demand_due.due_on", "form.applied_on > clocks.serving.due_on"),
    Fault(CLOCK, PENALTY, "payment_due_on: = clocks.payment_due.due_on", "payment_due_on: = clocks.penalty_publish_due.due_on"),
    # Numbers, private, forms.
    Fault(NUMBER, w("supervision"), "ratios: = forms.supervision_plan.ratio", "ratios: 10"),
    Fault(PRIVATE, VISIT, 'title: "{{ case.title }}·更正后果核对"', 'title: "{{ forms.onsite_check.contact }}·更正后果核对"'),
    Fault(FORM, f("remedy"), "filed_on: {title: 当事人提出的日期, date, max: today}", "filed_on: {title: 当事人提出的日期, date, max: today, constraint: [{that: \"form.filed_on > add(today, '1 day')\", else: 日期不对}]}"),
)  # fmt: skip

#: Faults others put in that were missed, and more of each of their kinds.
TRIED_BY_OTHERS = (
    # A text no step writes, in the counts of the bureau.
    Fault(NAME, w("bureau"), "case.outcome in ['visited', 'no_activity', 'uncooperative']\", of_item", "case.outcome in ['visited', 'no_activty', 'uncooperative']\", of_item"),
    # A clock that does not run there.
    Fault(CLOCK, VISIT, "that: not clocks.publish_due.late or", "that: not clocks.visit_due.late or"),
    # An answer to a question that is not asked in this outcome, and one that is no code.
    Fault(READ, FOLLOW, "with: {suspected_crime}", "with: {suspected_crime: = forms.case_judgement.corrected_proof}"),
    Fault(READ, FOLLOW, "with: {suspected_crime}", "with: {suspected_crime: = form.department}"),
    Fault(READ, FOLLOW, "with: {suspected_crime}", "with: {suspected_crime: = form.reasons}"),
    # Days that contradict each other.
    Fault(CONSTANT, ENFORCE, "form.applied_on > first_filled(parent.remedies_end_on, clocks.remedy_due.due_on) and", "form.applied_on > add(first_filled(parent.remedies_end_on, clocks.remedy_due.due_on), '4 months') and"),
    Fault(CONSTANT, f("case_decision"), "decided_on: {title: 决定日期, date, min: today, max: today, public", "decided_on: {title: 决定日期, date, min: today, max: today, public, constraint: [{that: form.decided_on > today, else: 日期不对}]"),
    # What the way here was taken for.
    Fault(CONSTANT, PENALTY, "        to:\n          - waiting_hearing: forms.penalty_notice.hearing\n            then: [{served: hearing_rights, on: = clocks", "        to:\n          - investigating: forms.case_proposal.proposal == 'cancelled'\n          - waiting_hearing: forms.penalty_notice.hearing\n            then: [{served: hearing_rights, on: = clocks", line="          - investigating: forms.case_proposal.proposal == 'cancelled'"),
    Fault(CONSTANT, PENALTY, "{executing: case.outcome == 'treatment'}", "{executing: case.outcome == 'transferred'}"),
    # A fact nobody writes any more.
    Fault(READ, OBJECTION, "          - set: {checked_by: = actor.id}\n", "", line="          - that: actor.id != case.checked_by"),
)  # fmt: skip
