"""What a draw holds of people is destroyed at its term; the rest verifies, and an older backup forgets it again."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from filed_cases import BEGIN, closed, office
from v2_factories import EVIDENCE, whole
from verifiers import python_says

from engine.app.audit.verify_deployment import verify
from engine.app.commands.application import Application
from engine.app.daemons.retention import AGAIN, DRAWS, terms
from engine.app.draws.v2 import stored
from engine.app.draws.v2.kits import auditor_files
from engine.app.draws.v2.view import public_report
from engine.app.history.journal import add_entry
from engine.app.history.paged_reading import PagedReading
from engine.app.ports.audit.personal_values import DestroyedKey
from engine.app.ports.records import DrawRow
from engine.app.registers.forgetting import forget
from engine.app.registers.forgetting_draws import draws_past, forget_draws
from engine.draw.refused import DrawRefused
from engine.draw.v2.kit import public_kit
from engine.draw.v2.log import PublicLog
from engine.kernel.refusal import Refusal

MADE = whole()
OVER = BEGIN + timedelta(days=3651)


def drawn() -> tuple[Application, str]:
    """Return an office with a closed case and its draw, one person replaced for a reason with a paper."""
    application = office()
    case = closed(application, "filed")
    keep(application, case)
    return application, case


def keep(application: Application, case: str) -> None:
    with application.store.write() as transaction:
        stored.write_log(transaction, PublicLog(MADE.log.bureau), MADE.log)
        stored.save(transaction, case, 1, "complete", MADE.draw, MADE.log, BEGIN)
        transaction.records.put_draw_key(case, 1, b"k" * 32)
        for why in MADE.draw.whys:
            transaction.records.put_evidence(str(why["evidence"]), EVIDENCE)
        add_entry(transaction, BEGIN, "drawn", "anna", {})


def row_of(application: Application, case: str) -> DrawRow:
    with application.store.read() as transaction:
        row = transaction.records.draw(case, 1)
    assert row is not None
    return row


def personal() -> list[str]:
    """Return what the roster of people holds and nobody is to have: ids, certificates, whom they avoid, salts, reasons."""
    assert MADE.draw.people is not None
    _, *lines = MADE.draw.people.decode().splitlines()
    columns = MADE.draw.people.decode().splitlines()[0].split("\t")
    rows = [dict(zip(columns, line.split("\t"), strict=True)) for line in lines]
    found = [row[name] for row in rows for name in ("person_id", "certificate", "salt") if row[name]]
    return [*found, *(str(why["salt"]) for why in MADE.draw.whys)]


def test_of_people_lots_and_seals_are_left_and_all_else_verifies(tmp_path: Path) -> None:
    application, case = drawn()
    before = json.dumps(dict(row_of(application, case).record))
    assert all(one in before for one in personal())
    noted: list[DestroyedKey] = []
    assert forget(application, OVER - timedelta(days=2), terms({}), note=noted.extend).get(DRAWS) is None
    assert forget(application, OVER, terms({}), note=noted.extend)[DRAWS] == 1
    assert [one for one in noted if one.subject.startswith("draw/")] == [
        DestroyedKey(f"draw/{case}/1", BEGIN)
    ]
    row = row_of(application, case)
    after = json.dumps(dict(row.record))
    assert [one for one in personal() if one in after] == []
    with application.store.read() as transaction:
        assert transaction.records.draw_key(case, 1) == b""
        assert {transaction.records.evidence(str(why["evidence"])) for why in MADE.draw.whys} == {b""}
        report = public_report(transaction, row)
        assert report.ok, str(report)
        assert any("留存期限" in str(one) for one in report.statements)
        with pytest.raises(DrawRefused, match="留存期限"):
            auditor_files(transaction, row)
        with pytest.raises(DrawRefused, match="密钥已不在"):
            stored.key_of(transaction, row)
        last = transaction.events.of(case)[-1]
    assert (last.actor, last.body["draw"]) == ("engine", 1)
    with PagedReading(application.store) as pages:
        assert list(verify(pages)) == []
    # The kit for everybody is byte for byte the one of before.
    draw = stored.draw_of(row)
    kit = public_kit(draw, MADE.log, visits_done=True)
    assert kit == public_kit(MADE.draw, MADE.log, visits_done=True)
    assert python_says(tmp_path, kit)[0] == 0
    assert forget(application, OVER, terms({})).get(DRAWS) is None


def test_what_was_destroyed_is_destroyed_again_in_an_older_database() -> None:
    application, case = drawn()
    listed = [DestroyedKey(f"draw/{case}/1", BEGIN), DestroyedKey("draw/other-1/1", BEGIN)]
    assert forget(application, BEGIN + timedelta(days=9), terms({}), listed)[AGAIN] == 1
    assert personal()[0] not in json.dumps(dict(row_of(application, case).record))


def test_a_draw_of_an_open_case_waits() -> None:
    application = office()
    from engine.app.session.new_case import NewCase

    started = application.start("filed", "anna", NewCase(title="某店", section="one"), {"name": "x"})
    assert not isinstance(started, Refusal)
    assert started.case is not None
    keep(application, started.case)
    with application.store.write() as transaction:
        assert draws_past(transaction, OVER, 9) == []
        assert forget_draws(application, transaction, OVER, []) == 0
