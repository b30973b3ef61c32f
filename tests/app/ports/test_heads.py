"""What fails outside says so in a sentence."""

from __future__ import annotations

from engine.app.ports.audit.heads import SignerError, TimeStampError
from engine.language import say


def test_sentences() -> None:
    assert str(SignerError(say("该条读不出来：写入后被改动")).message) == "该条读不出来：写入后被改动"
    found = TimeStampError(say("该条读不出来：写入后被改动"), final=True)
    assert (found.final, str(found)) == (True, "该条读不出来：写入后被改动")
    assert not TimeStampError(found.message).final
