"""Thirty faults of what parts of a definition mean for each other, all written down before the first was tried: that figure stands.

They have the shape of those of `faults_put_in`; none of their kinds is among those of `faults_put_in`, `further_faults` and
`thirty_more_faults`: papers nobody prints, numbers that are not told apart, days that never come, people who cannot be meant.
"""

from __future__ import annotations

from faults_put_in import Fault, f, w

PAPER, PUBLIC, SIGN, CHILD = (
    "papers and archives",
    "publications",
    "signatures",
    "children that cannot be there",
)
PEOPLE, DAYS, NUMBERS, CONDITION = "people", "days and clocks", "numbers of papers", "conditions"
INSPECTION, PENALTY, PLAN, TRAINING = w("inspection"), w("penalty"), w("annual_plan"), w("training")
BUREAU, SITE = w("bureau"), w("page_types")

BETWEEN = (
    # Papers and archives.
    Fault(PAPER, PENALTY, "then: [{render: hearing_notice, as: draft}]", "then: [{render: service_receipt}]", line="        then: [{served: hearing_notice,"),
    Fault(PAPER, INSPECTION, "- {paper: record, title: 检查笔录", "- {paper: hearing_record, title: 检查笔录"),
    Fault(PAPER, INSPECTION, "{keep: 10 years, notice: 3 months}", "{keep: 10 years, notice: 12 years}"),
    # Publications.
    Fault(PUBLIC, INSPECTION, "- {publish: result, title: 检查结果公示}", "- {publish: circular, title: 检查结果公示}"),
    Fault(PUBLIC, INSPECTION, "      - withdraw: result\n", "      - withdraw: follow_up\n"),
    Fault(PUBLIC, w("supervision"), "          - publish: circular\n", "          - publish: plan\n"),
    Fault(PUBLIC, SITE, "object_code, batch_title, finished_on, result]\n", "object_code, batch_title, finished_on, result]\n    link: remark\n", line="    link: remark\n"),
    # Signatures.
    Fault(SIGN, INSPECTION, "- {form: conflict_declaration, title: 回避声明, signed: signed_by", "- {form: conflict_declaration, title: 回避声明, signed: no_conflict"),
    Fault(SIGN, INSPECTION, "sign: signed_by", "sign: no_conflict"),
    # Children that cannot be there.
    Fault(CHILD, PLAN, "      - end: section_opinion\n        to: not_given\n        because: 计划已作废", "      - end: batch\n        to: terminated\n        because: 计划已作废"),
    Fault(CHILD, PLAN, "that: children.section_opinion.open == 0", "that: children.batch.open == 0"),
    # People.
    Fault(PEOPLE, TRAINING, "          - notify: [inspector]\n", "          - notify: [attended]\n"),
    Fault(PEOPLE, TRAINING, "    deadline: suggested 5 working days\n", "    deadline: suggested 5 working days\n    overdue: {at once: [attended]}\n"),
    Fault(PEOPLE, TRAINING, "5 working days: escalate leading_office", "5 working days: escalate section_chief"),
    Fault(PEOPLE, w("library"), "    help: 动态调整的定期核对。\n", "    help: 动态调整的定期核对。\n    verbs: [withdraw]\n", line="    verbs: [withdraw]\n    remind: [3, 1"),
    Fault(PEOPLE, w("supervision"), "{that: actor.id != case.void_asked_by, else", "{that: \"'deputy_head' not in actor.roles\", else"),
    Fault(PEOPLE, INSPECTION, "    by: reviewer\n    reason:\n", "    by: reviewer\n", line='        message: "“{{ case.title }}”的检查结果被退回修改'),
    # Days and clocks.
    Fault(DAYS, BUREAU, "2026-02-14..2026-02-23", "2026-02-23..2026-02-14"),
    Fault(DAYS, BUREAU, "  lapse_days: 20\n", "  lapse_days: 0\n"),
    Fault(DAYS, w("library_year"), "  on: 03-01\n", "  on: 02-29\n"),
    Fault(DAYS, PENALTY, "deadline: 7 working days, since: forms.case_decision", "deadline: 7 working days, roll: forward, since: forms.case_decision"),
    Fault(DAYS, INSPECTION, "during: [correcting, reviewing_correction, publishing_correction]", "during: [archived]"),
    Fault(DAYS, f("hearing_notice"), "held_on: {", "held_on: {optional: true, ", seen_in=PENALTY, line="  hearing:\n    title: 待举行听证"),
    Fault(DAYS, f("hearing_request"), "asked_on: {title: 提出日期, date,", "asked_on: {title: 提出日期, date, when: form.asked_by == 'mail',", seen_in=PENALTY, line="  call_due:"),
    # Numbers of papers.
    Fault(NUMBERS, BUREAU, "papers: [rectification_order]}", "papers: [rectification_order, notice]}"),
    Fault(NUMBERS, BUREAU, "{agency}函〔{year}〕{n}号", "{agency}函〔{year}〕号"),
    # Conditions.
    Fault(CONDITION, TRAINING, "          - that: form.platform_trained\n", "          - that: length(form.attended) >= 2\n"),
    Fault(CONDITION, PENALTY, "            title: 法制审核通过\n            require: [", "            title: 法制审核通过\n            require: [{that: form.discussion, else: 未提请集体讨论, basis: 本局内部控制要求}, ", line="            require: [{that: form.discussion"),
    Fault(CONDITION, PENALTY, "{withdrawing: case.published == true}", "{withdrawing: case.state == 'deciding'}"),
    Fault(CONDITION, INSPECTION, "{to_visit: case.change_from == 'to_visit'}", "{to_visit: case.change_from == 'to_enter'}"),
)  # fmt: skip
