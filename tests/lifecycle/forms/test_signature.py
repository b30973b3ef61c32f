"""Signatures: whose they count as, and how they are kept."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from engine.lifecycle.forms.signature import Signature, Signing

AT = datetime(2024, 9, 2, 2, tzinfo=UTC)
OWN, FOR_CARL = Signature("anna", AT), Signature("eva", AT, "carl")
NAMES = st.lists(st.sampled_from(["anna", "bela", "carl"]), max_size=3).map(tuple)
SIGNINGS = st.builds(
    Signing,
    signed=st.lists(
        st.builds(Signature, st.sampled_from(["anna", "eva"]), st.just(AT), st.none() | st.just("carl")),
        max_size=3,
    ).map(tuple),
    added=NAMES,
    dropped=NAMES,
    answers=st.none() | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def test_a_signature_counts_for_whom_the_signer_stood_in_for() -> None:
    assert (OWN.counts_for, FOR_CARL.counts_for) == ("anna", "carl")
    assert Signing(signed=(OWN, FOR_CARL, OWN)).people == {"anna", "carl"}


def test_what_is_kept() -> None:
    assert OWN.as_json() == {"person": "anna", "at": "2024-09-02T02:00:00.000000Z"}
    assert FOR_CARL.as_json() == {"person": "eva", "at": "2024-09-02T02:00:00.000000Z", "for": "carl"}
    assert Signing().as_json() == {}
    assert Signing(signed=(OWN,), added=("bela",), dropped=("carl",), answers={}).as_json() == {
        "signed": [OWN.as_json()],
        "added": ["bela"],
        "dropped": ["carl"],
        "answers": {},
    }


@given(SIGNINGS)
def test_what_is_written_is_read_again(signing: Signing) -> None:
    assert Signing.from_json(signing.as_json()) == signing
