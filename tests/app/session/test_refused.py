from __future__ import annotations

import pytest

from engine.app.session.refused import CommandRefused
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say


def test_the_refusal_is_carried_out() -> None:
    refusal = Refusal("c-1", "办结", (RefusalReason("state", say("不在此环节")),))
    with pytest.raises(CommandRefused, match=r"^办结$") as found:
        raise CommandRefused(refusal)
    assert found.value.refusal is refusal
