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
