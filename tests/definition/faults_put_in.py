"""Faults put one by one into the shipped files: where, what is changed, and on which line the check should say something.

Each is one change of one file. `line` is a text on the line the fault is seen at; empty: the line that was changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.definition.file_discovery import templates_beside

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Fault:
    """One change of a shipped file."""

    kind: str
    file: str
    old: str
    new: str
    #: Which occurrence of `old`, from 0.
    at: int = 0
    #: The file the check speaks of, and a text on the line it names; empty: those of the change.
    seen_in: str = ""
    line: str = ""


READ = "read before written"
ELSE = "a choice without else"
CONSTANT = "constant or contradicting conditions"
OUTCOME = "outcomes that never have their turn"
CHILD = "children"
CLOCK = "clocks"
PEOPLE = "people and roles"
LOOP = "loops and dead ends"
PRIVATE = "private made public"
NAME = "names declared elsewhere"
NUMBER = "numbers"
FORM = "forms"

J, F, B, C = "inspection", "follow_up", "batch", "criminal_referral"
A, R, S, L, T, K = "annual_plan", "referral", "supervision", "library", "training", "callback"


def w(name: str) -> str:
    return f"workflows/{name}.yaml"


def f(name: str) -> str:
    return f"forms/{name}.yaml"


FAULTS = (
    # A choice without else.
    Fault(ELSE, w(J), "{else: closed}], automatic, when: children.finding_corrected.open == 0}",
          "{else: closed}], automatic, when: case.problem_count == 0}", line="  published:\n    title: 已公示"),
    Fault(ELSE, w(F), "          - else: transferring\n", "          - transferring: form.route == 'rectify'\n", line="          - publishing: form.route == 'corrected'"),
    Fault(ELSE, w(J), "{else: to_declare}], reason", "{to_declare: case.change_from == 'to_declare'}], reason"),
    # Read before written.
    Fault(READ, w(J), "that: actor.id not in collect(inspectors, it.id)", "that: forms.publication.late_reason == 'a'"),
    Fault(READ, w(J), "that: form.no_conflict", "that: forms.publication.platform_no == 'a'"),
    Fault(READ, w(J), "that: form.rights_told\n            else: 通知书须", "that: forms.publication.late_reason != 'a'\n            else: 通知书须"),
    Fault(READ, w(J), "forms.notice.sent_on <= form.visited_on", "forms.publication.platform_no != 'a'"),
    Fault(READ, w(J), "actor.id != case.entered_by", "actor.id != case.change_asked_by and forms.publication.late_reason != 'x'"),
    Fault(READ, w(J), "deadline: on case.inspect_to", "deadline: on forms.onsite_check.finished_on"),
    Fault(READ, w(F), "since: forms.rectification_order.ordered_on", "since: forms.recheck.checked_on"),
    Fault(READ, w(F), "deadline: on first_filled(case.term_ends, forms.rectification_order.due_on)", "deadline: on forms.recheck.checked_on"),
    Fault(READ, w(C), "since: forms.police_receipt.received_on", "since: forms.police_decision.notified_on"),
    Fault(READ, w(R), "form.received_on >= forms.referral_sent.sent_on", "form.received_on >= forms.referral_reply.replied_on"),
    Fault(READ, w(B), 'title: "{{ forms.batch_plan.title }}"', 'title: "{{ forms.archive_check.complete }}"'),
    Fault(READ, w(B), "that: actor.id != case.listed_by", "that: actor.id != case.listed_by and forms.archive_check.complete"),
    Fault(READ, w(B), "entropy: = form.entropy\n          - notify: [section_chief]", "entropy: = forms.archive_check.complete\n          - notify: [section_chief]"),
    Fault(READ, w(A), 'title: "{{ forms.annual_plan.title }}"', 'title: "{{ forms.plan_revision.title }}"'),
    Fault(READ, w(A), "each: forms.annual_plan.batches", "each: forms.plan_revision.added_batches"),
    Fault(READ, w(S), "that: draw.committed", "that: forms.supervision_findings.formalism"),
    Fault(READ, w(C), "          - {assign: {team: = form.members}, certified}\n", "          - set: {result: forming}\n", line="  reporting:"),
    Fault(READ, w(J), ", change_asked_by: = actor.id}", "}", line="asked_by: = case.change_asked_by"),
    Fault(READ, w(L), "forms.library_report.labelled", "forms.library_refresh.changed"),
    # Constant and contradicting conditions.
    Fault(CONSTANT, w(F), "{publishing: form.rectified,", "{publishing: form.rectified or not form.rectified,"),
    Fault(CONSTANT, w(C), "{handing_over: form.filed,", "{handing_over: form.filed and not form.filed,"),
    Fault(CONSTANT, w(F), "- filed: form.route == 'filed'", "- filed: form.route == 'filed' and form.route == 'refer'"),
    Fault(CONSTANT, w(F), "that: form.due_on > form.ordered_on", "that: form.due_on > form.ordered_on and form.due_on < form.ordered_on"),
    Fault(CONSTANT, w(J), "that: form.badge_shown and form.certificates_shown", "that: form.badge_shown and not form.badge_shown"),
    Fault(CONSTANT, w(J), "          - that: form.badge_shown and", "          - {that: not form.badge_shown, else: 甲, basis: 条例}\n          - that: form.badge_shown and", line="      - that: count(inspectors, it.id"),
    Fault(CONSTANT, f("onsite_check"), "that: form.left_at > form.arrived_at", "that: form.left_at > form.arrived_at and form.left_at <= form.arrived_at"),
    Fault(CONSTANT, f("onsite_check"), "that: form.signed_on >= form.visited_on", "that: form.finished_on < form.visited_on"),
    Fault(CONSTANT, f("result_entry"), "that: \"'no_problem' not in form.result_codes or 'none' in form.measures\"", "that: \"'no_problem' in form.result_codes and 'no_problem' not in form.result_codes\""),
    Fault(CONSTANT, w(S), "not form.formalism and not form.careless_entry", "not form.formalism and form.formalism"),
    Fault(CONSTANT, w(C), "that: form.transfer_letter and form.investigation_report and form.item_list and form.other_materials and (form.test_report or form.test_not_needed)", "that: form.test_report or not form.test_report"),
    Fault(CONSTANT, w(J), "not clocks.publish_due.late or filled(form.late_reason)", "clocks.publish_due.late or not clocks.publish_due.late"),
    # Outcomes.
    Fault(OUTCOME, w(F), "- ordering: form.route == 'rectify'", "- ordering: form.route == 'corrected'"),
    Fault(OUTCOME, w(F), "- referring: form.route == 'refer'", "- referring: form.route in ['filed', 'rectify']"),
    Fault(OUTCOME, w(J), "{to_notify: case.change_from == 'to_notify'}", "{to_notify: case.change_from == 'to_visit'}"),
    Fault(OUTCOME, w(J), "when: case.to_refer", "when: case.to_follow_up"),
    # Children.
    Fault(CHILD, w(J), "join: {follow_up: [closed]}", "join: {follow_up: [judging]}", line="join: {follow_up: [judging]}"),
    Fault(CHILD, w(B), "join: {training: [to_archive, archived]}", "join: {training: [preparing]}"),
    Fault(CHILD, w(S), "        join: {callback: [done]}\n", "        by: leading_office\n", line="to: archived"),
    Fault(CHILD, w(B), "to: to_archive, join: {supervision: [archived]}}", "to: to_archive, by: leading_office}", line="- start: supervision"),
    Fault(CHILD, w(B), "            parties: {inspectors}\n", "", line="- start: inspection"),
    Fault(CHILD, w(S), "            parties: {callers: = it.inspectors}\n", "", line="- start: callback"),
    Fault(CHILD, w(B), ", inspect_to: = forms.batch_plan.inspect_to}", "}", line="inspect_from: = forms.batch_plan.inspect_from"),
    Fault(CHILD, w(F), "with: {department, copied: false, matter: = form.reasons}", "with: {department: market, copied: false, matter: = form.reasons}"),
    Fault(CHILD, w(J), "with: {department: market_regulation,", "with: {department: \"'market_regulation'\","),
    Fault(CHILD, w(J), "          - start: referral\n", "          - start: inspection\n", line="        with: {department: market_regulation"),
    # Clocks.
    Fault(CLOCK, w(J), "during: [to_approve, refused, to_declare, changing, to_notify, to_visit]", "during: [to_approve, refused, to_declare, to_notify, to_visit]", line="deadline: on case.inspect_to"),
    Fault(CLOCK, w(A), "during: [draft, consulting, reviewing, approving, reporting, publishing]", "during: [draft, consulting, approving, reporting, publishing]", line="deadline: by 10-31"),
    Fault(CLOCK, w(J), "during: [approving_after, to_enter, to_review, to_publish]", "during: [approving_after, to_enter, to_publish]", line="deadline: 20 working days\n    since"),
    Fault(CLOCK, w("penalty"), "extend: {by: [handlers, section_chief], clock: investigation_due", "extend: {by: [handlers, section_chief], clock: payment_due"),
    Fault(CLOCK, w(C), "remind: [12, 4 hours before]", "remind: [36, 4 hours before]"),
    Fault(CLOCK, w(C), "    deadline: 3 days\n    basis: 行政执法机关移送涉嫌犯罪案件的规定 第五条\n    remind: [1 day before, on the day]\n    overdue:\n      at once: [bureau_head", "    deadline: 3 days\n    basis: 行政执法机关移送涉嫌犯罪案件的规定 第五条\n    remind: [3 working days before, on the day]\n    overdue:\n      at once: [bureau_head", line="remind: [3 working days"),
    # People and roles.
    Fault(PEOPLE, w(J), "actor.id != case.entered_by", "actor.id != case.outcome"),
    Fault(PEOPLE, w(B), "that: actor.id != case.void_asked_by", "that: actor.id != case.void_asked_for"),
    Fault(PEOPLE, w(J), "that: actor.id != forms.inspector_change.leaving", "that: actor.id != forms.inspector_change.facts"),
    Fault(PEOPLE, w(F), "that: length(form.signed_by) >= 2", "that: actor.id not in form.signed_by"),
    Fault(PEOPLE, w(A), "        title: 年度总结并归档\n        to: archived\n", "        title: 年度总结并归档\n        to: archived\n        by: archivist\n", line="  completed:"),
    Fault(PEOPLE, w(S), "        title: 督导资料归档\n        to: archived\n", "        title: 督导资料归档\n        to: archived\n        by: leading_office\n", line="  to_archive:"),
    # Loops and dead ends.
    Fault(LOOP, w(J), "{else: closed}], automatic, when: children.finding_corrected.open == 0}", "{else: closed}], after: 1 days}\n      again: {title: 再公示, to: published, after: 1 days}", line="      again:"),
    Fault(LOOP, w(L), "    from: [refreshing, active]\n    to: active\n    form: library_refresh\n", "    from: refreshing\n    to: active\n    after: 5 days\n", line="      quarter_passed:"),
    Fault(LOOP, w(F), "      conclude_transfer:\n", "      back_to_work: {title: 恢复查处, to: filed, automatic}\n      conclude_transfer:\n", line="      conclude_transfer:"),
    # Private made public.
    Fault(PRIVATE, w(J), "{publish: result, clock: publish_due}", '{publish: result, clock: publish_due, title: "{{ forms.onsite_check.contact }}"}', line='title: "{{ forms.onsite_check.contact }}"'),
    Fault(PRIVATE, w(F), "          - publish: follow_up\n", '          - publish: follow_up\n            title: "{{ form.joint_sanctions }}"\n', line="form.joint_sanctions }}"),
    Fault(PRIVATE, w(J), '            title: "{{ case.title }}"\n            with: {result_codes', '            title: "{{ forms.onsite_check.legal_representative }}"\n            with: {result_codes', line="legal_representative }}"),
    Fault(PRIVATE, w(A), 'title: "{{ forms.plan_revision.title }}"', 'title: "{{ forms.annual_plan.group_head }}"'),
    Fault(PRIVATE, w(B), "with: {items, risk_class", "with: {items: = forms.batch_plan.labels, risk_class"),
    # Names declared elsewhere.
    Fault(NAME, w(J), "          - render: record\n", "          - render: recrod\n"),
    Fault(NAME, w(J), "because: = forms.inspector_change.reason_code", "because: = forms.inspector_change.reason"),
    Fault(NAME, w("bureau"), "part: {field: risk_based}", "part: {cases: inspections, field: risk_based}"),
    Fault(NAME, w(B), "with: {items, risk_class", "with: {item: = it.items, risk_class"),
    Fault(NAME, f("onsite_check"), "- business_address: {", "- work_address: {", seen_in="forms/templates/record.html", line="business_address"),
    Fault(NAME, w(J), "then: [{render: approval}]", "then: [{render: aproval}]"),
    Fault(NAME, w(B), 'title: "{{ it.name }}"', 'title: "｛｛ it.name ｝｝"'),
    # Numbers.
    Fault(NUMBER, w("bureau"), "  coverage: 5%", "  coverage: 5"),
    Fault(NUMBER, w(S), "that: form.ratio >= '10%'", "that: form.ratio >= '10'"),
    Fault(NUMBER, w(B), "registers.inspectors.active >= 2", "registers.inspectors.active < 0"),
    # Forms.
    Fault(FORM, f("onsite_check"), "when: form.recusal_asked, basis", "when: form.recusal_asked and not form.recusal_asked, basis"),
    Fault(FORM, f("onsite_check"), "- recusal_asked: {title: 检查对象申请回避, boolean}", "- recusal_asked: {title: 检查对象申请回避, boolean, when: filled(form.recusal_handled)}"),
    Fault(FORM, f("onsite_check"), "- object_signed: {title: 被检查单位已签章, boolean}", "- object_signed: {title: 被检查单位已签章, boolean, when: empty(form.refusal_note)}"),
)  # fmt: skip


@cache
def _templates() -> Mapping[str, str]:
    return templates_beside([ROOT / "forms/notice.yaml"])


def templates() -> dict[str, str]:
    """Return the shipped templates of papers; they are read once."""
    return dict(_templates())


@cache
def _texts() -> Mapping[str, str]:
    return {
        f"{folder}/{path.name}": path.read_text(encoding="utf-8")
        for folder in ("workflows", "forms")
        for path in sorted((ROOT / folder).glob("*.yaml"))
    }


def texts() -> dict[str, str]:
    """Return the shipped files; they are read once."""
    return dict(_texts())


#: The pages with the figures.
PAGES = ("docs/reference/check-faults.md", "docs/reference/check-faults.zh-CN.md")


def put_in(fault: Fault) -> tuple[str, int]:
    """Return the file with the fault, and the number of the line where it should be seen."""
    text = texts()[fault.file]
    start = -1
    for _ in range(fault.at + 1):
        start = text.index(fault.old, start + 1)
    changed = text[:start] + fault.new + text[start + len(fault.old) :]
    if fault.line:
        source = (ROOT / fault.seen_in).read_text(encoding="utf-8") if fault.seen_in else changed
        return changed, source[: source.index(fault.line)].count("\n") + 1
    skipped = len(fault.new) - len(fault.new.lstrip())
    return changed, changed[: start + skipped].count("\n") + 1
