"""Signatures of parties outside, taken into the public log."""

from __future__ import annotations

import json

import pytest
from public_fixtures import KEY, NOTARY, PublicDesk

from engine.app.draws.v2.anchoring import SIGNATURE, signatures, take_signature
from engine.app.session.unit_of_work import UnitOfWork
from engine.draw.refused import DrawRefused


def test_a_signature_of_a_listed_party_is_entered_in_the_log_and_in_the_case(notary: PublicDesk) -> None:
    notary.committed()
    assert signatures(notary.log()) == []
    content = notary.signed().read_bytes()
    with notary.application() as application, application.store.write() as transaction:
        uow = UnitOfWork(application, transaction, application.clock.now())
        made = take_signature(uow, notary.row(), content, "drawer")
        uow.flush()
    assert (made.form, made.by, made.sha256) == (SIGNATURE, NOTARY, KEY)
    assert signatures(notary.log()) == [made]
    assert notary.events()[-1].body["anchor"] == made.as_json()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"party": "另一处"}, "签名的不是承诺书所列的签名方"),
        ({"key": "0" * 64}, "签名的不是承诺书所列的签名方"),
        ({"root": "0" * 64}, "签名所盖的日志头不是本局公开日志的"),
        ({"signature": "0" * 128}, "签名"),
    ],
)
def test_another_party_another_log_and_another_signature_are_refused(
    notary: PublicDesk, change: dict[str, str], said: str
) -> None:
    notary.committed()
    body = {**json.loads(notary.signed().read_bytes()), **change}
    with notary.application() as application, application.store.write() as transaction:
        uow = UnitOfWork(application, transaction, application.clock.now())
        with pytest.raises(DrawRefused, match=said):
            take_signature(uow, notary.row(), json.dumps(body).encode(), "drawer")
    assert signatures(notary.log()) == []
