"""Thirty faults about what is asked where, counts, values worked out and steps that come to nothing, written down before the first was tried.

They have the shape of those of `faults_put_in`. The figure of their first try is kept.
"""

from __future__ import annotations

from faults_put_in import CHILD, CLOCK, CONSTANT, LOOP, NUMBER, OUTCOME, READ, Fault, f, w

INSPECTION, FOLLOW, PENALTY, OBJECTION, PLAN, BATCH, TRAINING, CRIME, BUREAU = (
    w(name)
    for name in (
        "inspection",
        "follow_up",
        "penalty",
        "objection",
        "annual_plan",
        "batch",
        "training",
        "criminal_referral",
        "bureau",
    )
)
DECISION, CHECK, ENTRY, SERVICE, RESULT, CHANGE = (
    f(name)
    for name in (
        "case_decision",
        "objection_check",
        "result_entry",
        "paper_service",
        "follow_up_result",
        "handler_change",
    )
)

ASKED_UNDER = (
    # Counts of children and tasks.
    Fault(CONSTANT, PLAN, "children.section_opinion.open == 0", "children.section_opinion.open >= 0"),
    Fault(OUTCOME, FOLLOW, "{publishing: children.referral.in.closed > 0}", "{publishing: children.referral.in.closed < 0}"),
    Fault(OUTCOME, OBJECTION, "{settling: children.finding_corrected.open > 0}", "{settling: children.finding_corrected.open > -1}"),
    Fault(CONSTANT, INSPECTION, "children.follow_up.total + children.referral.total > 0", "children.follow_up.total + children.referral.total >= 0"),
    Fault(CONSTANT, f("archive_check"), "when: form.still_open > 0", "when: children.inspection.total < 0"),
    # Answers that must be given.
    Fault(CONSTANT, FOLLOW, "that: length(form.signed_by) >= 2", "that: length(form.signed_by) >= 1"),
    Fault(CONSTANT, TRAINING, "that: length(form.attended) >= 2", "that: length(form.attended) > 0"),
    Fault(CONSTANT, CRIME, "that: length(form.members) >= 2", "that: length(form.members) == 0"),
    Fault(CONSTANT, RESULT, "or length(form.joint_sanctions) == 1", "or length(form.joint_sanctions) == 0"),
    Fault(CONSTANT, ENTRY, "\"'none' not in form.measures or length(form.measures) == 1\"", "\"'none' not in form.measures or empty(form.measures)\""),
    Fault(CONSTANT, PENALTY, "{set: {fine: = form.amount}, when: filled(form.amount)}", "{set: {fine: = form.amount}, when: filled(form.kind)}"),
    Fault(CONSTANT, BATCH, "- agreeing_removals: filled(form.removals)", "- agreeing_removals: empty(form.checked)"),
    # Questions asked under a condition.
    Fault(CONSTANT, DECISION, "when: form.kind == 'penalty', optional", "when: form.kind == 'cancelled' and filled(form.perform), optional"),
    Fault(CONSTANT, SERVICE, "when: form.delivered_by == 'leaving'", "when: form.consent == true and form.delivered_by == 'leaving'"),
    Fault(CONSTANT, CHECK, "不得写入身份证号、电话和他人姓名。, optional, when: form.founded}", "不得写入身份证号、电话和他人姓名。, optional, when: filled(form.explanation) and not form.founded}"),
    Fault(CONSTANT, CHANGE, "when: \"form.granted and form.ground != 'unable'\"", 'when: "not form.granted and length(form.new_handlers) >= 2"'),
    Fault(CONSTANT, f("transfer_report"), "form.suspected_crime != 'unpaid_wages' or form.order_due_on > form.order_served_on", "form.suspected_crime == 'unpaid_wages' or form.order_due_on > form.order_served_on"),
    Fault(CONSTANT, f("legal_review"), "when: form.passed, basis", "when: not form.passed and form.discussion == true, basis"),
    # Values that are worked out.
    Fault(CONSTANT, ENTRY, "\"not disjoint(form.measures, ['rectify', 'case_clue', 'refer', 'other']) and 'unreachable' not in form.result_codes\"", "\"'no_problem' in form.result_codes and 'no_problem' not in form.result_codes\""),
    Fault(CONSTANT, f("archive_check"), "computed: form.plan_and_approval and form.draw_record", "computed: form.plan_and_approval and not form.plan_and_approval and form.draw_record"),
    Fault(CONSTANT, f("callback_visit"), "form.two_people == 'no' or", "(form.two_people == 'no' and form.two_people != 'no') or"),
    Fault(CONSTANT, INSPECTION, 'to_follow_up: "= forms.result_entry.follow_up and', 'to_follow_up: "= (case.to_refer and not case.to_refer) and'),
    # What a bureau counts.
    Fault(NUMBER, BUREAU, "left_at) < 15\n", "left_at) < -5\n"),
    Fault(NUMBER, BUREAU, "where: case.outcome == 'visited' and case.problem_count == 0", "where: case.outcome == 'visited' and forms.onsite_check.signed_on < forms.onsite_check.visited_on"),
    Fault(NUMBER, BUREAU, "where: case.outcome == 'visited' and case.problem_count == 0", "where: case.outcome == 'visited' and case.problem_count < 0"),
    # Steps that come to nothing, outcomes for states they never leave.
    Fault(LOOP, INSPECTION, "{title: 补办审批, to: to_enter, form: approval_after, then: [{render: approval}]}", "{title: 补办审批, to: to_enter, form: inspection_approval, then: [{render: approval}]}"),
    Fault(OUTCOME, INSPECTION, "to: [{correcting: \"case.state in ['reviewing_correction', 'publishing_correction']\"}", "to: [{correcting: \"case.state in ['to_approve', 'refused']\"}"),
    # Others.
    Fault(CHILD, INSPECTION, "join: {referral: [closed]}", "join: {referral: [drafting]}"),
    Fault(CLOCK, INSPECTION, "during: [correcting, reviewing_correction, publishing_correction]", "during: [correcting, publishing_correction]"),
    Fault(READ, OBJECTION, "since: forms.objection_entry.received_on", "since: forms.objection_check.checked_on"),
)  # fmt: skip
