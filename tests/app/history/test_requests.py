from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.app.history.requests import CommandRequest, CommandResult, command_digest, command_text

ORDER = CommandRequest("advance", "visit-1", "anna", {"step": "report", "answers": {"n": 1}})


@pytest.mark.parametrize(
    ("verb", "words", "attempt"),
    [
        ("advance", {"step": "report"}, "report"),
        ("claim", {}, "领取"),
        ("claim", {"step": "report"}, "report"),
        ("start", {}, "visit-1"),
        ("start", {"step": ""}, "visit-1"),
    ],
)
def test_what_an_order_is_called_in_a_refusal(verb: str, words: dict[str, str], attempt: str) -> None:
    assert CommandRequest(verb, "visit-1", "anna", words).attempt == attempt


RESULTS = st.builds(
    CommandResult,
    case=st.text(max_size=5),
    state=st.text(max_size=5),
    rev=st.integers(1),
    title=st.text(max_size=5),
    closed=st.booleans(),
    warnings=st.lists(st.text(max_size=5), max_size=3).map(tuple),
    started=st.integers(0),
)


@given(RESULTS, st.booleans())
def test_an_answer_comes_back_from_plain_values(result: CommandResult, repeated: bool) -> None:
    body = result.as_json()
    assert "repeated" not in body
    assert body["warnings"] == list(result.warnings)
    assert CommandResult.from_json(body, repeated=repeated) == replace(result, repeated=repeated)


def test_an_answer_in_plain_values() -> None:
    assert CommandResult(case="c", state="s", rev=2, title="甲", started=3).as_json() == {
        "case": "c",
        "state": "s",
        "rev": 2,
        "title": "甲",
        "closed": False,
        "warnings": [],
        "started": 3,
    }


def test_the_digest_of_an_order_is_of_everything_that_was_asked() -> None:
    digest = command_digest(ORDER)
    assert command_digest(ORDER, command_text(ORDER)) == digest
    assert command_text(replace(ORDER, words={"answers": object()})) == ""
    assert digest == "a7bc0031ff1ef9a7fe9c92a5aaefbc4688c9e1f22971af963fb3282056380645"
    again = CommandRequest("advance", "visit-1", "anna", {"answers": {"n": 1}, "step": "report"})
    assert command_digest(again) == digest
    others = [
        replace(ORDER, verb="claim"),
        replace(ORDER, about="visit-2"),
        replace(ORDER, person="anton"),
        replace(ORDER, words={**ORDER.words, "answers": {"n": 2}}),
        replace(ORDER, words={}),
    ]
    assert len({digest, *map(command_digest, others)}) == len(others) + 1
