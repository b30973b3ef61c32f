"""Thirty faults of the kinds a section makes, all written down before the first of them was tried: the figure of that try stands.

They have the shape of those of `faults_put_in`; each is another fault than those of `faults_put_in` and `further_faults`.
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
    PRIVATE,
    READ,
    Fault,
    f,
    w,
)

TEMPLATE = "templates of texts"
BUREAU, SITE = w("bureau"), w("page_types")

MORE = (
    # A choice without else.
    Fault(
        ELSE,
        w("penalty"),
        "          - {else: investigating, title: 没有移送",
        "          - {investigating: children.criminal_referral.in.declined > 0, title: 没有移送",
    ),
    Fault(
        ELSE,
        w("follow_up"),
        "- {else: publishing, title: 公安机关已立案",
        "- {publishing: form.administrative == true, title: 公安机关已立案",
        line="          - {filed: form.administrative",
    ),
    Fault(
        OUTCOME,
        w("penalty"),
        "{executing: case.outcome == 'treatment'}, {else: closing}",
        "{executing: case.outcome == 'treatment'}, {closing: case.outcome == 'treatment'}",
    ),
    # Read before written.
    Fault(READ, w("penalty"), "since: forms.case_decision.decided_on", "since: forms.payment.done_on"),
    Fault(READ, w("enforcement"), "since: forms.public_service.published_on", "since: forms.court_application.applied_on"),
    Fault(
        READ,
        w("training"),
        "    title: 待组织培训\n    for: [trainer, section_chief]\n",
        "    title: 待组织培训\n    for: attended\n",
    ),
    Fault(
        READ,
        w("penalty"),
        "{render: hearing_rights, as: draft, when: form.hearing}",
        "{render: hearing_rights, as: draft, when: filled(form.hearing) and forms.payment.how != ''}",
    ),
    # Conditions that are constant or contradict each other.
    Fault(
        CONSTANT,
        w("penalty"),
        "- telling: form.proposal in ['penalty', 'treatment']",
        "- telling: form.proposal == 'penalty' and form.proposal == 'treatment'",
    ),
    Fault(
        CONSTANT,
        f("paper_service"),
        "that: form.delivered_by != 'electronic' or form.consent",
        "that: form.delivered_by != 'electronic' or form.delivered_by != 'mail'",
    ),
    Fault(CONSTANT, f("batch_plan"), "that: form.team_size >= 2", "that: form.team_size >= 12"),
    Fault(
        CONSTANT,
        f("paper_service"),
        "when: form.delivered_by == 'leaving'",
        "when: form.delivered_by == 'leaving' and form.delivered_by == 'mail'",
    ),
    Fault(
        CONSTANT,
        w("follow_up"),
        "      - that: form.delivered_on < forms.rectification_order.due_on\n",
        "      - {that: form.delivered_on > forms.rectification_order.due_on, else: 甲, basis: 本局内部控制要求}\n"
        "      - that: form.delivered_on < forms.rectification_order.due_on\n",
        line="      - that: form.delivered_on < forms.rectification_order.due_on\n",
    ),
    # Names declared in one place and read in another.
    Fault(NAME, BUREAU, "forms: [onsite_check, no_activity, uncooperative], distinct", "forms: [onsite_chek, no_activity, uncooperative], distinct"),
    Fault(NAME, SITE, "list: [object_name, object_code, batch_title, finished_on,", "list: [object_name, object_code, batch_title, finish_on,"),
    Fault(NAME, BUREAU, "[submit_plan, approve_plan]", "[submit_plan, approve]"),
    Fault(NAME, w("supervision"), "where: filled(it.forms.publication.channels)", "where: filled(it.forms.publication.channel)"),
    Fault(NAME, BUREAU, "    rectify: 责令限期改正\n", "", seen_in=w("follow_up"), line="          - ordering: form.route == 'rectify'"),
    # Children.
    Fault(CHILD, w("annual_plan"), "join: {batch: [archived, terminated]}", "join: {batch: [archived]}"),
    Fault(CHILD, w("follow_up"), "join: {criminal_referral: [closed, declined, administrative]}", "join: {section_opinion: [given]}"),
    Fault(CHILD, w("penalty"), "join: {criminal_referral: [closed, declined, administrative]}", "join: {section_opinion: [given]}"),
    Fault(CHILD, w("annual_plan"), "            to: not_given\n            because: 计划退回修改", "            to: answering\n            because: 计划退回修改"),
    # Loops and dead ends.
    Fault(
        LOOP,
        w("follow_up"),
        "        to: penalising\n        automatic:\n",
        "        to: filed\n        automatic:\n",
    ),
    # Clocks.
    Fault(CLOCK, w("penalty"), "pauses_in: [telling_announced, hearing_called, hearing_approving, hearing_serving, hearing]", "pauses_in: [investigating]"),
    Fault(CLOCK, w("penalty"), "on_expiry: hearing_due", "on_expiry: payment_due"),
    Fault(CLOCK, w("penalty"), "{publish: follow_up, clock: penalty_publish_due}", "{publish: follow_up, clock: service_due}"),
    # Numbers.
    Fault(NUMBER, BUREAU, "  risk_based_share: 85%", "  risk_based_share: 85"),
    Fault(NUMBER, w("annual_plan"), "that: form.planned_coverage >= targets.coverage", "that: form.planned_coverage >= 5"),
    # Private made public.
    Fault(
        PRIVATE,
        w("penalty"),
        "{publish: follow_up, clock: penalty_publish_due}",
        '{publish: follow_up, clock: penalty_publish_due, title: "{{ forms.case_decision.content }}"}',
    ),
    Fault(PRIVATE, SITE, "备注, title_en: Remarks}", "备注, title_en: Remarks, value: forms.onsite_check.contact_phone}"),
    # Templates of texts.
    Fault(TEMPLATE, w("follow_up"), 'title: "{{ case.title }}·涉嫌犯罪移送"', 'title: "{{ it.title }}·涉嫌犯罪移送"'),
)  # fmt: skip
