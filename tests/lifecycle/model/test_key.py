"""The keys of a definition."""

from __future__ import annotations

import pytest

from engine.lifecycle.model.key import DefinitionKey, KeyKind


def test_a_key_says_what_it_holds_and_may_say_more() -> None:
    key = DefinitionKey(kind=KeyKind.PERIOD)
    assert (key.chinese, key.required, key.least, key.sentence) == ("", False, 0, None)
    with pytest.raises(TypeError, match="kind"):
        DefinitionKey(chinese="期限")  # type: ignore[call-arg]


def test_one_and_several_are_two_kinds() -> None:
    for one in ("clock", "state", "role"):
        assert KeyKind(one) != KeyKind(one + "s")
