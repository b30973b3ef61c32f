"""What became of every commitment, and lines that do not follow the protocol."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from v2_factories import EVIDENCE, START, anchored, committed, whole

from engine.draw.v2.story import progress_of

AFTER = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)


def test_a_draw_from_commitment_to_replacement_follows_the_protocol() -> None:
    made = whole()
    found, problems = progress_of(made.log)
    one = found[made.draw.name]
    assert problems == []
    assert [
        one.kinds[kind] for kind in ("commit", "typed", "entropy", "objects", "remove", "people", "replace")
    ] == [1] * 7
    assert one.state("2099-01-01") == "drawn"
    assert one.typed_by == "drawer"


def test_an_open_commitment_is_lapsed_after_its_last_day() -> None:
    draw, log = committed()
    one = progress_of(log)[0][draw.name]
    assert (one.state("2026-03-31"), one.state("2026-04-01")) == ("open", "lapsed")


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("entropy", {"values": ["x"]}, "次序不对"),
        ("objects", {"sha256": "0" * 64}, "次序不对"),
        ("people", {"sha256": "0" * 64}, "次序不对"),
        ("replace", {"sha256": "0" * 64, "second": "chief"}, "次序不对"),
        ("remove", {"lot": "0" * 32, "reason": "moved", "evidence": "0" * 64, "second": "chief"}, "次序不对"),
        ("lapse", {}, "最迟抽取日未过"),
        ("void", {"reason": "x", "evidence": "0" * 64, "second": "office"}, "同一人"),
    ],
)
def test_a_line_out_of_order_is_found(kind: str, body: dict[str, object], words: str) -> None:
    draw, log = committed()
    log = anchored(log).append(kind, {"commitment": draw.name, **body}, AFTER, "office")
    _, problems = progress_of(log)
    assert any(words in str(problem) for problem in problems)


def test_lines_of_no_commitment_and_anchors_over_nothing_are_found() -> None:
    _, log = committed()
    log = log.append("typed", {"commitment": "0" * 64, "sha256": "0" * 64}, AFTER, "drawer")
    body = {
        "size": 9,
        "root": "0" * 64,
        "party": "x",
        "key": "0" * 64,
        "at": log.lines[0].at,
        "signature": "0" * 128,
    }
    log = log.append("anchor", body, AFTER, "office")
    assert len(progress_of(log)[1]) == 2


def test_a_second_draw_of_a_batch_needs_the_first_void_or_lapsed() -> None:
    draw, log = committed()
    again = {**log.lines[0].body, "commitment": "1" * 64, "draw_no": 2}
    assert progress_of(log.append("commit", again, START, "office"))[1]
    void = {"commitment": draw.name, "reason": "x", "evidence": "0" * 64, "second": "chief"}
    log = log.append("void", void, START, "office")
    assert progress_of(log.append("commit", again, START, "office"))[1] == []
    assert progress_of(log.append("commit", again | {"draw_no": 3}, START, "office"))[1]
    late = START + timedelta(days=10)
    assert progress_of(log.append("commit", again, late, "office"))[1]
    assert EVIDENCE
