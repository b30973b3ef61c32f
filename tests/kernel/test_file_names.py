"""Names of files every system can hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.file_names import MAX_BYTES, folded, is_device, safe_file_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("01-notice.html", "01-notice.html"),
        ("回函.pdf", "回函.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\secret\\a.txt", "a.txt"),
        ("a\nb\x1b[31m.txt", "a-b-31m.txt"),
        ("a\u202egpj.exe", "a-gpj.exe"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("COM1.html", "_COM1.html"),
        ("lpt¹", "_lpt¹"),
        ("console.txt", "console.txt"),
        ("..", "file"),
        ("", "file"),
        ("a. ", "a"),
        ("a/", "a"),
        (".hidden", "hidden"),
        ("\udcff.pdf", "pdf"),
    ],
)
def test_names_that_are_none_become_some(name: str, safe: str) -> None:
    assert safe_file_name(name) == safe


def test_a_long_name_keeps_its_ending() -> None:
    cut = safe_file_name("示" * 300 + ".html")
    assert cut.endswith("示.html")
    assert len(cut.encode()) <= MAX_BYTES
    assert safe_file_name("a" * 300 + "." + "b" * 300) == "a" * MAX_BYTES


def test_names_that_differ_by_capitals_alone_are_told_apart() -> None:
    taken = {folded("Notice.html"), folded("notice-2.html")}
    assert safe_file_name("NOTICE.html", taken) == "NOTICE-3.html"


@given(st.text(max_size=300), st.sampled_from(["", "con", "nul.", "a/", "\\", ".", "示" * 90]))
def test_whatever_is_asked_for_a_name_comes_out(rest: str, begin: str) -> None:
    name = safe_file_name(begin + rest)
    assert 0 < len(name.encode()) <= MAX_BYTES
    assert not is_device(name)
    assert not set(name) & set('/\\:*?"<>|\0')
    assert name.isprintable()
    assert not name.startswith(".")
    assert not name.endswith((".", " "))
    assert safe_file_name(name) == name
