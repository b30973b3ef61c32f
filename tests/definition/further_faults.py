"""Thirty further faults of the shipped files, thought of when the check was written: the figure of their first try stands.

They have the shape of those of `faults_put_in`; none of them was used while a rule was made.
"""

from __future__ import annotations

from faults_put_in import (
    CHILD,
    CLOCK,
    CONSTANT,
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

RECEIPT = "          - that: form.received_on >= forms.referral_sent.sent_on"
ATTENDED = "          - that: length(form.attended) >= 2"

FURTHER = (
    # Read before written.
    Fault(
        READ, w("referral"), RECEIPT, "          - that: form.received_on >= forms.referral_reply.answered_on"
    ),
    Fault(
        READ,
        w("training"),
        "定于 {{ form.held_on }}",
        "定于 {{ forms.training_record.held_on }}",
        line='message: "“{{ case.title }}”的检查前培训定于',
    ),
    Fault(
        READ,
        w("library"),
        '        message: "“{{ case.title }}”被退回：{{ reason }}"',
        '        message: "“{{ case.title }}”被退回：{{ forms.library_change.what }}"',
    ),
    Fault(
        READ,
        w("referral"),
        "on: = form.sent_on,",
        "on: = forms.referral_receipt.received_on,",
    ),
    Fault(
        READ,
        w("inspection"),
        "that: forms.notice.sent_on <= form.visited_on",
        "that: forms.visit_moved.planned_on <= form.visited_on",
    ),
    # Conditions that are constant or contradict each other.
    Fault(CONSTANT, w("training"), ATTENDED, "          - that: length(form.attended) >= 0"),
    Fault(
        CONSTANT,
        w("follow_up"),
        "{publishing: form.rectified,",
        "{publishing: form.rectified and not form.rectified,",
    ),
    Fault(
        CONSTANT,
        w("training"),
        "          - that: form.platform_trained\n",
        "          - that: form.platform_trained == true or form.platform_trained == false\n",
    ),
    Fault(
        CONSTANT,
        w("follow_up"),
        "          - that: form.due_on > form.ordered_on",
        "          - that: form.due_on > form.due_on",
    ),
    Fault(
        CONSTANT,
        w("library"),
        "forms.library_start.kind not in ['objects', 'inspectors', 'experts']",
        "(forms.library_start.kind != 'objects' or forms.library_start.kind != 'experts')",
    ),
    # Outcomes.
    Fault(
        OUTCOME,
        w("follow_up"),
        "- ordering: form.route == 'rectify'",
        "- ordering: form.route == 'corrected'",
    ),
    # Children.
    Fault(CHILD, w("batch"), "join: {supervision: [archived]}", "join: {supervision: [planning]}"),
    Fault(
        CHILD,
        w("supervision"),
        "join: {callback: [done]}",
        "join: {callback: [calling]}",
    ),
    Fault(
        CHILD,
        w("supervision"),
        "            parties: {callers: = it.inspectors}\n",
        "",
        line="          - start: callback",
    ),
    Fault(CHILD, w("supervision"), "          - start: callback", "          - start: supervision"),
    # Clocks.
    Fault(CLOCK, w("training"), "remind: [3, 1 working days before]", "remind: [15, 1 working days before]"),
    Fault(CLOCK, w("library"), "during: [drafting, checking, reviewing]", "during: [drafting, reviewing]"),
    Fault(
        CLOCK,
        w("supervision"),
        "extend: {by: section_chief, clock: rectifying",
        "extend: {by: section_chief, clock: accepting",
    ),
    # People and roles.
    Fault(PEOPLE, w("callback"), "    for: callers\n", "    for: witnesses\n"),
    Fault(
        PEOPLE,
        w("supervision"),
        "actor.id != case.entropy_by, else: 复录人",
        "actor.id != case.draw_known_on, else: 复录人",
    ),
    Fault(
        PEOPLE,
        w("referral"),
        "    for: inspectors\n    deadline: suggested 3",
        "    for: inspector_team\n    deadline: suggested 3",
    ),
    # Loops and dead ends.
    Fault(
        LOOP,
        w("training"),
        "        to: to_archive\n        form: training_record",
        "        to: preparing\n        form: training_record",
        line="  archived: {title: 已归档, final}",
    ),
    Fault(
        LOOP,
        w("referral"),
        "    from: [sent, received]\n    to: closed\n",
        "    from: [sent, received, closed]\n    to: closed\n",
    ),
    # Private made public.
    Fault(
        PRIVATE,
        w("supervision"),
        '            title: "{{ forms.circular.title }}"',
        '            title: "{{ case.approved_by }}"',
    ),
    # Names.
    Fault(
        NAME,
        w("referral"),
        "{approved: referral_letter,",
        "{approved: referral_leter,",
    ),
    Fault(NAME, w("training"), "          - notify: [inspector]", "          - notify: [inspektor]"),
    Fault(NAME, f("callback_visit"), "form.matches == 'no'", "form.match == 'no'"),
    # Numbers.
    Fault(NUMBER, f("callback_visit"), "unit: 分钟", "unit: 分钟, min: 10, max: 5"),
    # Forms.
    Fault(FORM, f("callback_visit"), "form.came == 'no'", "form.came == 'nope'"),
    Fault(
        FORM,
        f("recheck"),
        "date, max: today}",
        "date, constraint: [{that: form.facts <= today, else: 复查日期不能晚于今天}]}",
    ),
)
