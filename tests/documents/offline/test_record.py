"""A saved record: read within bounds, its files taken out, the same for the same answers."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from engine.documents.offline.record import MAX_FILES, OfflineRecordError, read_record, with_files


def body(**more: Any) -> bytes:
    data = {
        "format": "ssj-offline-record/1",
        "kit": "a",
        "case": "c-1",
        "workflow": "w",
        "version": 1,
        "state": "s",
        "entered_at": "t",
        "step": "do",
        "person": "p",
        "device": "d",
        "saved_at": "x",
        "answers": {"a": ["1"]},
        "files": {"f": {"name": "x.png", "data": "data:image/png;base64,iVBORw=="}},
        **more,
    }
    return json.dumps(data).encode()


def test_the_same_answers_are_the_same_record() -> None:
    first = read_record(body())
    assert first.files["f"].content == base64.b64decode("iVBORw==")
    assert read_record(body(saved_at="later", device="other")).digest == first.digest
    assert read_record(body(answers={"a": ["2"]})).digest != first.digest
    assert read_record(body(files={})).digest != first.digest


def test_files_are_named_by_what_was_kept() -> None:
    answers = {
        "photos": [{"offline": "f", "name": "x"}],
        "rows": [{"photo": {"offline": "f"}}],
        "n": {"offline": "g"},
    }
    file = {"name": "x.jpg", "sha256": "ab" * 32}
    assert with_files(answers, {"f": file}) == {
        "photos": [file],
        "rows": [{"photo": file}],
        "n": {"offline": "g"},
    }


def test_what_is_not_in_the_record_is_named_and_no_answer() -> None:
    """A form made before files had places of their own named them in its answers all the same."""
    answers = {
        "photos": [{"offline": "f", "name": "x.jpg"}, {"offline": "g", "name": "y.jpg"}],
        "rows": [{"what": "a", "photo": {"offline": "h"}}],
        "pad": {"offline": "i", "name": ["z"]},
    }
    record = read_record(body(answers=answers, missing=[{"question": "照片", "name": "w.jpg"}]))
    assert record.answers == {"photos": [{"offline": "f", "name": "x.jpg"}], "rows": [{"what": "a"}]}
    assert record.missing == [("照片", "w.jpg"), ("", "y.jpg"), ("", "h"), ("", "i")]


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_there() -> None:
    large = base64.b64encode(bytes(50_000_001)).decode()
    files = {
        "f": {"name": "x.png", "data": "data:image/png;base64,iVBORw=="},
        "g": {"name": "y.pdf", "data": f"data:;base64,{large}"},
        "h": {"name": "z.pdf", "data": "data:;base64,%%"},
        "i": {"name": "w.txt", "data": "data:text/html,<script>"},
    }
    answers = {
        "a": {"offline": "f"},
        "b": [{"offline": "g"}],
        "c": {"d": {"offline": "h"}},
        "e": {"offline": "i"},
    }
    record = read_record(body(answers=answers, files=files))
    assert record.answers == {"a": {"offline": "f"}, "b": [], "c": {}}
    assert [(name, str(why)) for name, why in record.unfit] == [
        ("y.pdf", "有 51 MB，最多 50 MB"),
        ("z.pdf", "内容已损坏"),
        ("w.txt", "内容已损坏"),
    ]
    assert (list(record.files), record.missing) == (["f"], [])


@pytest.mark.parametrize(
    "more",
    [
        {"missing": 1},
        {"missing": ["x.jpg"]},
        {"missing": [{"name": "x.jpg"}]},
        {"missing": [{"question": "q", "name": 1}]},
        {"format": "other"},
        {"version": "x"},
        {"answers": 1},
        {"files": {"f": {"name": 1, "data": "data:;base64,AA=="}}},
        {"case": None},
        {"answers": {"a": float("nan")}},
        {"files": {str(n): {"name": "a", "data": "data:;base64,"} for n in range(MAX_FILES + 1)}},
    ],
)
def test_what_is_none_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(OfflineRecordError):
        read_record(body(**more))


def test_a_number_with_a_point_is_read_as_it_is_written() -> None:
    assert read_record(body(answers={"a": 0.1})).answers == {"a": "0.1"}


@pytest.mark.parametrize("named", [[], {}, ["f"], {"a": []}, None, 1])
def test_a_file_that_is_named_by_no_text_is_left_to_the_form(named: Any) -> None:
    answers = {"photos": [{"offline": named, "name": "x"}]}
    assert with_files(answers, {"f": {"name": "x", "sha256": "ab"}}) == answers
