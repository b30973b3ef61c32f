"""Of a certificate that ends before a visit is made everybody of the visit is sent word, once."""

from __future__ import annotations

from datetime import date

from bureau_factories import BUREAU, Bureau

from engine.app.ports.records import RegisterEntry
from engine.app.registers.inspector_messages import ending_certificates, tell_of_ending_certificates

FLOW = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
parties: {inspectors: 检查人员}
states:
  open: {title: 待分派, for: clerk}
  to_visit: {title: 待检查, for: inspectors}
  done: {title: 办结, final: true}
transitions:
  - {do: send, title: 分派, from: open, to: to_visit, then: [{assign: {inspectors: "= ['insp-1', 'insp-2']"}}]}
  - {do: close, title: 办结, from: to_visit, to: done}
"""


def test_everybody_of_the_visit_is_sent_word_once() -> None:
    bureau = Bureau(BUREAU, FLOW)
    bureau.take(bureau.start("visit", section="north"), "send")
    bureau.start("visit", section="north")
    with bureau.store.write() as transaction:
        entries = [
            RegisterEntry("inspectors", f"insp-{n}", f"检查员{n}", "north", {"cert_valid_to": last})
            for n, last in ((1, "2024-09-12"), (2, "2030-12-31"), (3, "2024-09-12"))
        ]
        transaction.registers.put(entries, bureau.clock.now())
        found = ending_certificates(transaction, date(2024, 9, 2), 15)
    assert [entry.id for entry, _ in found] == ["insp-1", "insp-3"]
    for _ in range(2):
        assert tell_of_ending_certificates(bureau.application) == 1
    sent = [
        (one.recipient, one.payload["text"])
        for one in bureau.outbox()
        if "2024-09-12 到期" in one.payload["text"]
    ]
    assert sorted(str(person) for person, _ in sent) == ["insp-1", "insp-2"]


SHEET = """
form: sheet
title: 检查记录
fields: [{note: {title: 说明}}]
"""
#: As the shipped process: approval before the visit, entry of its result after it.
WHOLE = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
parties: {inspectors: 检查人员}
states:
  open: {title: 待分派, for: clerk, no deadline: 试}
  to_approve: {title: 待审批, for: deputy}
  to_visit: {title: 待检查, for: inspectors}
  to_enter: {title: 待录入, for: inspectors, no deadline: 试二}
  done: {title: 办结, final: true}
clocks: {visit_due: {title: 检查期限, during: [to_approve, to_visit], deadline: 20 working days, basis: 某法 第一条}}
transitions:
  - {do: send, title: 分派, from: open, to: to_approve, then: [{assign: {inspectors: "= ['insp-1', 'insp-2']"}}]}
  - {do: approve, title: 批准, from: to_approve, to: to_visit}
  - {do: visit, title: 检查, from: to_visit, to: to_enter, form: sheet, item_forms: true}
  - {do: close, title: 办结, from: to_enter, to: done}
"""
ABOVE = "untouched: {after: 3 working days, escalate: [chief, deputy]}\n"


def test_the_section_hears_once_of_each_certificate_while_visits_wait_and_nobody_after_the_visit() -> None:
    bureau = Bureau(BUREAU + ABOVE, SHEET, WHOLE)
    cases = [bureau.start("visit", section="north", title=f"企业{number}") for number in range(3)]
    for case in cases:
        bureau.take(case, "send")
    entry = RegisterEntry("inspectors", "insp-1", "检查员1", "north", {"cert_valid_to": "2024-09-12"})
    with bureau.store.write() as transaction:
        transaction.registers.put([entry], bureau.clock.now())
    bureau.take(cases[0], "approve", "dora")
    bureau.take(cases[0], "visit", "insp-1", answers={"note": "无"})
    # Two wait for approval still: their task is nobody's of the team, and the visit is ahead all the same.
    assert tell_of_ending_certificates(bureau.application) == 2
    found = [
        (str(one.recipient), str(one.payload["text"]))
        for one in bureau.outbox()
        if "执法证件 2024-09-12 到期" in str(one.payload["text"])
    ]
    assert sorted(person for person, _ in found) == ["carl", *["dora"] * 2, *["insp-1"] * 2, *["insp-2"] * 2]
    (chief,) = [text for person, text in found if person == "carl"]
    assert "名下还有 2 件待检查：“企业1”（visit-2）、“企业2”（visit-3）" in chief
    assert tell_of_ending_certificates(bureau.application) == 2
    assert len([one for one in bureau.outbox() if "检查员1" in str(one.payload["text"])]) == len(found)
    for case in cases[1:]:
        bureau.take(case, "approve", "dora")
        bureau.take(case, "visit", "insp-1", answers={"note": "无"})
    assert tell_of_ending_certificates(bureau.application) == 0
