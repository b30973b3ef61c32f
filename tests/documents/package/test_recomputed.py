"""Answers, personal texts and signatures are computed anew from a history."""

from __future__ import annotations

from typing import Any

from engine.documents.package.recomputed import (
    MARK,
    canonical,
    differing,
    recomputed,
    sha256_of,
)
from engine.lifecycle.chain import canonical as canonical_text
from engine.lifecycle.forms.personal import texts_digest

KEPT = {"key": "k", "texts": {"i": "138"}}
BOUND = texts_digest("k", KEPT["texts"])  # type: ignore[arg-type]


def event(seq: int, kind: str, **body: Any) -> dict[str, Any]:
    return {"stream": "visit-1", "seq": seq, "kind": kind, "body": body}


STARTED = event(1, "started", version=3)
GIVEN = event(
    2,
    "advanced",
    form="visit",
    answers={"a": 1, "phone": {MARK: "i"}},
    texts_sha256=BOUND,
    signatures=[{"person": "p", "at": "x"}],
)
VERSION = {
    "answers": {"a": 1, "phone": {MARK: "i"}},
    "definition": 3,
    "form": "visit",
    "texts": BOUND,
}


def row(**more: Any) -> dict[str, Any]:
    return {
        "id": "visit-1/E2-1",
        "person": "p",
        "record": "visit",
        "sha256": sha256_of(VERSION),
        "title": "t",
        "earlier": False,
        "way": "step",
        "device": "",
        "at": "x",
        "by": "p",
        **more,
    }


def test_what_fits_is_not_named() -> None:
    said = {"visit": {"a": 1, "phone": "138"}}
    assert recomputed([STARTED, GIVEN], said, KEPT, [row()]) == []


def test_a_personal_text_is_held_against_its_digest() -> None:
    kept = {"key": "k", "texts": {"i": "139"}}
    found = recomputed([STARTED, GIVEN], {"visit": {"a": 1, "phone": "139"}}, kept, [row()])
    assert found == [("text", {"seq": 2})]
    found = recomputed([STARTED, GIVEN], {"visit": {"a": 1, "phone": "139"}}, KEPT, [row()])
    assert found == [("answer", {"form": "visit", "field": "phone"})]


def test_what_was_destroyed_after_its_term_is_no_fault() -> None:
    gone = event(3, "recorded", forgotten=1)
    said = {"visit": {"a": 1, "phone": "（已过留存期限）"}}
    assert recomputed([STARTED, GIVEN, gone], said, {"key": "", "texts": {}}, [row()]) == []


def test_forms_and_rows_put_in_or_taken_out_are_named() -> None:
    said = {"visit": {"a": 1, "phone": "138"}, "more": {"b": 1}}
    found = recomputed([STARTED, GIVEN], said, KEPT, [])
    assert found[0] == ("answer", {"form": "more", "field": "*"})
    assert found[1][0] == "unsigned"
    assert list(differing({"rows": [{"x": 1}]}, {"rows": [{"x": 2}]})) == ["rows[0].x"]
    assert list(differing(1, True)) == [""]


def test_a_value_is_written_as_the_product_writes_it() -> None:
    for value in ({"b": [1, "甲\ud800"], "a": None}, VERSION):
        assert canonical(value) == (canonical_text(value) + "\n").encode("utf-8", "backslashreplace")
