"""Destroying what a draw holds of people once its term is over: rows, salts, why one was replaced and by which paper, the key.

What is left is the public form of the roster: lots and seals. The commitment, the log, the drawn objects and the teams verify
as before; that the right people were taken is computed by nobody any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.app.ports.audit.personal_values import DestroyedKey
from engine.app.session.unit_of_work import UnitOfWork
from engine.draw.v2.acts import is_forgotten, without_people
from engine.draw.v2.record import TEAMS_KEY, from_row, to_json
from engine.lifecycle.case import EventKind
from engine.lifecycle.command import ENGINE

if TYPE_CHECKING:
    from datetime import datetime

    from engine.app.ports.records import DrawRow
    from engine.app.ports.store import Transaction
    from engine.app.services import Services
    from engine.draw.v2.acts import Draw

#: What the subjects in the list of destroyed keys begin with, where they are draws: ``draw/CASE/NUMBER``.
DRAW = "draw/"


def draws_past(transaction: Transaction, before: datetime, limit: int) -> list[DestroyedKey]:
    """Return at most `limit` draws made before an instant that hold rows of people, of cases that are closed."""
    found = []
    for case_id, number in transaction.records.draws_before(before):
        case = transaction.cases.get(case_id)
        if case is None or case.open or not transaction.records.draw_key(case_id, number):
            continue
        row = transaction.records.draw(case_id, number)
        if row is not None:
            found.append(DestroyedKey(f"{DRAW}{case_id}/{number}", row.made_at))
        if len(found) == limit:
            break
    return found


def forget_draws(
    services: Services, transaction: Transaction, now: datetime, keys: Sequence[DestroyedKey]
) -> int:
    """Destroy the rows of people of these draws and enter it in the histories of their cases; return how many there were."""
    uow = UnitOfWork(services, transaction, now)
    count = 0
    for key in keys:
        case_id, _, number = key.subject.removeprefix(DRAW).rpartition("/")
        row, case = transaction.records.draw(case_id, int(number)), uow.case(case_id)
        if row is None or case is None or not row.public or row.made_at > key.until:
            continue
        draw = from_row(row.record, row.added)
        if is_forgotten(draw) and not transaction.records.draw_key(case_id, row.number):
            continue
        for why in draw.whys:
            transaction.records.forget_evidence(str(why["evidence"]))
        transaction.records.forget_draw_key(case_id, row.number)
        if not is_forgotten(draw):
            transaction.records.put_draw(_without_people(row, draw))
        body = {"title": "抽取记录里的人员名册和密钥过了留存期限，已销毁", "draw": row.number}
        uow.record(case, EventKind.RECORDED.value, ENGINE, body)
        count += 1
    uow.flush()
    return count


def _without_people(row: DrawRow, draw: Draw) -> DrawRow:
    left = without_people(draw)
    return replace(row, record={**row.record, "record": to_json(left), TEAMS_KEY: left.kept_key}, added=())
