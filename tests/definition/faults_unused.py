"""Thirty faults of the kinds sections make, in processes and places no earlier list had, written down before the first was tried.

They have the shape of those of `faults_put_in`. The figure of their first try is kept.
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
    w,
)

TEMPLATE = "templates of texts"
OBJECTION, CALLBACK, TRAINING, REFERRAL, PENALTY, FOLLOW = (
    w(name) for name in ("objection", "callback", "training", "referral", "penalty", "follow_up")
)

UNUSED = (
    # A choice without else, an outcome that is never taken.
    Fault(OUTCOME, PENALTY, "          - else: deciding\n            title: 法制审核通过\n", "          - deciding: form.passed and form.discussion\n            title: 法制审核通过\n"),
    Fault(ELSE, PENALTY, "          - else: legal_reviewing\n            title: 调查终结，拟不予", "          - legal_reviewing: form.proposal == 'no_penalty'\n            title: 调查终结，拟不予"),
    # Read before written.
    Fault(READ, OBJECTION, "since: forms.objection_entry.received_on", "since: forms.objection_answer.answered_on"),
    Fault(READ, REFERRAL, "since: forms.referral_sent.sent_on", "since: forms.referral_receipt.received_on"),
    Fault(READ, PENALTY, '{that: "form.chair not in collect(handlers, it.id)"', "{that: forms.legal_review.passed"),
    Fault(READ, TRAINING, "地点：{{ form.place }}", "地点：{{ forms.training_record.attended }}"),
    Fault(READ, TRAINING, "    title: 待制定培训安排\n    for: [trainer, section_chief]", "    title: 待制定培训安排\n    for: attended", line="  preparing:"),
    # Conditions that are constant or contradict each other.
    Fault(CONSTANT, FOLLOW, "that: form.due_on > form.ordered_on", "that: form.due_on > form.due_on"),
    Fault(CONSTANT, REFERRAL, "as: draft, when: not (case.copied == true)}", "as: draft, when: case.copied == true and not (case.copied == true)}"),
    Fault(CONSTANT, PENALTY, "that: length(form.handled_by) >= 2", "that: length(form.handled_by) >= 0"),
    Fault(CONSTANT, TRAINING, "that: length(form.attended) >= 2", "that: length(form.attended) < 0"),
    Fault(CONSTANT, FOLLOW, "that: form.delivered_on < forms.rectification_order.due_on", "that: form.delivered_on < forms.rectification_order.due_on and form.delivered_on >= forms.rectification_order.due_on"),
    # People.
    Fault(PEOPLE, OBJECTION, "that: actor.id != case.checked_by", "that: actor.name != case.checked_by"),
    Fault(PEOPLE, OBJECTION, "    title: 异议待核实\n    for: section_chief", "    title: 异议待核实\n    for: inspectors", line="          - that: actor.id not in collect(inspectors, it.id)"),
    # Names declared elsewhere.
    Fault(NAME, CALLBACK, "            party: callers", "            party: caller"),
    Fault(NAME, PENALTY, "with: {department, copied: false, matter}", "with: {department, copied: false, matters: form.matter}"),
    Fault(NAME, OBJECTION, "{paper: objection_answer, title", "{paper: objection_answers, title"),
    Fault(NAME, CALLBACK, "          - render: callback_record", "          - render: calback_record"),
    # Children.
    Fault(CHILD, FOLLOW, "join: {referral: [closed, refused]}", "join: {referral: [drafting]}"),
    Fault(CHILD, FOLLOW, '            with: {problem_list}\n            parties: {handlers: "= collect(inspectors, it.id)"}', "            with: {problem_list}", line="          - start: penalty"),
    Fault(CHILD, FOLLOW, "when: some(children.penalty, it.outcome == 'penalty')", "when: some(children.penalty, it.outcome == 'penalised')"),
    # Loops and dead ends.
    Fault(LOOP, FOLLOW, "        to: penalising\n        automatic:", "        to: filed\n        automatic:", line="      open_penalty:"),
    Fault(LOOP, OBJECTION, "from: [checking, deciding], to: dropped,", "from: [checking, deciding], to: deciding,", line="  dropped: {title: 异议已撤回, final}"),
    # Clocks.
    Fault(CLOCK, OBJECTION, "during: [checking, deciding, publishing, answering]", "during: [checking, publishing, answering]"),
    Fault(CLOCK, REFERRAL, "remind: [5, 2 working days before]\n    overdue:\n      at once: {notify: [inspectors, section_chief], every: 5 working days}", "remind: [15 working days before]\n    overdue:\n      at once: {notify: [inspectors, section_chief], every: 5 working days}"),
    Fault(CLOCK, CALLBACK, "remind: [3, 1 working days before]", "remind: [20, 1 days before]"),
    Fault(CLOCK, PENALTY, "clock: investigation_due, max: 30 working days", "clock: hearing_due, max: 30 working days"),
    # Numbers, privacy, texts.
    Fault(NUMBER, FOLLOW, "max: 30 days, times: 2", "max: 30, times: 2"),
    Fault(PRIVATE, OBJECTION, "          - {publish: result, above}", '          - {publish: result, above, title: "{{ case.title }}·{{ case.checked_by }}"}'),
    Fault(TEMPLATE, TRAINING, "定于 {{ form.held_on }}，", "定于 ｛｛ form.held_on ｝｝，"),
)  # fmt: skip
