"""Thirty faults of the kinds sections make, in places no earlier list touched, written down before the first was tried.

They have the shape of those of `faults_put_in`. The figure of their first try stands.
"""

from __future__ import annotations

from faults_put_in import (
    CHILD,
    CLOCK,
    CONSTANT,
    ELSE,
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

TEMPLATE = "templates of texts"
BATCH, PENALTY, CRIME, PLAN = w("batch"), w("penalty"), w("criminal_referral"), w("annual_plan")
BUREAU, SITE = w("bureau"), w("page_types")

BY_KIND = (
    # A choice without else.
    Fault(ELSE, BATCH, "          - else: to_draw_inspectors\n", "          - to_draw_inspectors: length(form.removals) > 5\n", line="          - agreeing_removals: filled(form.removals)"),
    Fault(ELSE, PENALTY, "          - else: waiting_defence\n", "          - waiting_defence: forms.penalty_notice.hearing\n", line="          - waiting_hearing: forms.penalty_notice.hearing"),
    Fault(ELSE, CRIME, "          - else: administrative\n", "          - administrative: form.filed\n", line="          - {handing_over: form.filed, title: 经监督"),
    Fault(ELSE, w("inspection"), "{else: reviewing_correction}]", "{reviewing_correction: empty(form.problem_list)}]"),
    # Read before written.
    Fault(READ, BATCH, "warn: [{that: children.section_opinion.open == 0,", "warn: [{that: length(forms.confirm_list.removals) == 0,"),
    Fault(READ, CRIME, "since: forms.police_decision.notified_on\n    basis: 行政执法机关移送涉嫌犯罪案件的规定 第九条", "since: forms.review_request.received_on\n    basis: 行政执法机关移送涉嫌犯罪案件的规定 第九条"),
    Fault(READ, PENALTY, "require: [{that: length(form.handled_by) >= 2,", "require: [{that: \"forms.case_decision.kind != 'penalty'\","),
    Fault(READ, w("supervision"), "second: = case.approved_by", "second: = case.void_asked_by"),
    # Conditions that are constant or contradict each other.
    Fault(CONSTANT, w("follow_up"), "that: not ('none' in form.joint_sanctions and filled(case.penalised_on))", "that: not ('none' in form.joint_sanctions and 'none' not in form.joint_sanctions)"),
    Fault(CONSTANT, BATCH, "that: registers.objects.age_days <= 90", "that: registers.objects.age_days <= -1"),
    Fault(CONSTANT, PLAN, "that: kpi.coverage >= targets.coverage", "that: kpi.coverage >= kpi.coverage"),
    Fault(CONSTANT, w("library_section"), "form.objects_unlabelled == 0 and form.inspectors_unlabelled == 0", "form.objects_unlabelled == 0 and form.objects_unlabelled > 0"),
    Fault(CONSTANT, f("batch_plan"), "that: form.inspect_to >= form.inspect_from,", "that: form.inspect_to >= form.inspect_from or form.inspect_from > form.inspect_to,"),
    # Outcomes.
    Fault(OUTCOME, PENALTY, "{executing: case.outcome == 'treatment'}", "{executing: case.outcome == 'penalty'}"),
    # Names declared elsewhere.
    Fault(NAME, BUREAU, "part: {where: case.state == 'closed'}", "part: {where: case.state == 'close'}"),
    Fault(NAME, BUREAU, "{library: [submit,", "{libary: [submit,"),
    Fault(NAME, SITE, "value: [draw_type, batch.draw_type]", "value: [draw_kind, batch.draw_type]"),
    Fault(NAME, f("batch_plan"), "- draw_type: {", "- draw_kind: {", seen_in=SITE, line="  draw_type:"),
    Fault(NAME, PENALTY, "{served: hearing_rights,", "{served: hearing_right,"),
    # Children.
    Fault(CHILD, BATCH, "join: {supervision: [archived]}", "join: {section_opinion: [given, not_given]}", line="      - start: supervision"),
    Fault(CHILD, w("library_year"), "join: {library_section: [accepted]}", "join: {library_section: [reporting]}"),
    # Loops, dead ends, people.
    Fault(LOOP, w("training"), "        to: archived\n        after: 30 working days", "        to: to_archive\n        after: 30 working days"),
    Fault(PEOPLE, w("library"), "    from: [refreshing, active]\n", "    from: [refreshing, active]\n    by: drawer\n", line="  refreshing:"),
    Fault(LOOP, CRIME, "        title: 移交涉案物品和材料\n        to: closed\n", "        title: 移交涉案物品和材料\n        to: handing_over\n", line="  closed: {title: 公安机关立案"),
    # Clocks.
    Fault(CLOCK, BATCH, "during: [to_commit, committed, entropy_typed, typings_differ]", "during: [to_commit, entropy_typed, typings_differ]"),
    Fault(CLOCK, PENALTY, "by: [handlers, section_chief], clock: investigation_due", "by: [handlers, section_chief], clock: decision_due"),
    Fault(CLOCK, PENALTY, "deadline: 60 working days, basis", "deadline: 5 working days, basis"),
    # Numbers.
    Fault(NUMBER, f("batch_plan"), "it.ratio <= '100%'", "it.ratio <= '100'"),
    # Private made public.
    Fault(PRIVATE, BATCH, 'title: "{{ case.title }}·抽取作废"', 'title: "{{ case.void_asked_by }}·抽取作废"'),
    # Templates of texts.
    Fault(TEMPLATE, CRIME, '"“{{ case.title }}”已批准移送', '"“{ case.title }”已批准移送'),
)  # fmt: skip
