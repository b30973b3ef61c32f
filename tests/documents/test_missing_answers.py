"""What a template asks for and is not given is noted; what it is given is not."""

from __future__ import annotations

import pytest

from engine.documents.missing_answers import noting


def test_a_name_that_is_not_there_is_noted() -> None:
    context, asked = noting({"forms": {"notice": {"a": 1}}, "shown": {"notice": {}}, "number": "1"})
    assert (context["number"], context["forms"]["notice"]["a"], list(asked)) == ("1", 1, [])
    with pytest.raises(KeyError):
        context["shown"]["notice"]["place"]
    assert list(asked) == [("notice", "place")]
