"""A pass over XML: local names, a count over all parts, no document type, and nothing but one error for what is no XML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.parsers import expat

import pytest

from engine.register.sheet.book.container import TooMuchError, WorkbookContainerError
from engine.register.sheet.book.xml_pass import ElementCount, attribute, read_elements


def heard(*pieces: bytes, most: int = 10) -> list[str]:
    """Return what a pass says of pieces of XML, in order."""
    said: list[str] = []

    def start(tag: str, found: Mapping[str, str]) -> None:
        said.append(f"<{tag} {dict(found)}>" if found else f"<{tag}>")

    read_elements(pieces, ElementCount(most), start, lambda tag: said.append(f"</{tag}>"), said.append)
    return said


def test_elements_come_by_their_local_names_however_the_pieces_are_cut() -> None:
    whole = b'<a:row xmlns:a="x" n="1"><a:c>ab</a:c></a:row>'
    expected = ["<row {'xmlns:a': 'x', 'n': '1'}>", "<c>", "ab", "</c>", "</row>"]
    assert heard(whole) == expected
    assert heard(whole[:12], whole[12:28], whole[28:]) == expected


def test_elements_are_counted_over_all_parts_of_a_file() -> None:
    count = ElementCount(3)
    read_elements([b"<a><b/></a>"], count, lambda _tag, _found: None)
    assert count.left == 1
    with pytest.raises(TooMuchError) as refused:
        read_elements([b"<a><b/></a>"], count, lambda _tag, _found: None)
    assert refused.value.what == "elements"


@pytest.mark.parametrize(
    "piece",
    [
        b"<a>",
        b"",
        b"<a></b>",
        b"no xml",
        b'<?xml version="1.0" encoding="klingon"?><a/>',
        b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
        b"<a>\xff\xfe</a>",
    ],
)
def test_what_is_no_plain_xml_is_one_error(piece: bytes) -> None:
    with pytest.raises(WorkbookContainerError):
        heard(piece)


def test_a_parser_that_was_prepared_keeps_prefixes_and_counts_nothing() -> None:
    tags: list[str] = []
    parsers: list[expat.XMLParserType] = []
    count = ElementCount(0)
    read_elements([b"<x:a><x:b/></x:a>"], count, lambda tag, _found: tags.append(tag), begin=parsers.append)
    assert (tags, count.left, len(parsers)) == (["x:a", "x:b"], 0, 1)


def test_an_attribute_is_found_whatever_its_prefix() -> None:
    assert attribute({"r:id": "1", "name": "甲"}, "name") == "甲"
    assert attribute({"r:id": "1", "idx": "2"}, "id") == "1"
    assert attribute({"r:idx": "1"}, "id") is None


@pytest.mark.parametrize("begun", [b"0", b"<a", b"<!-- ", b"<a b='"])
def test_what_does_not_end_is_not_looked_at_again_and_again(begun: bytes) -> None:
    given = 0

    def pieces() -> Iterator[bytes]:
        nonlocal given
        yield begun
        while True:
            given += 1
            yield b"0" * 65536

    with pytest.raises(WorkbookContainerError):
        read_elements(pieces(), ElementCount(10), lambda _tag, _found: None)
    assert given <= 20


def test_a_long_text_and_long_blanks_are_no_piece_without_an_end() -> None:
    count = ElementCount(10)
    read_elements(
        [b" " * 65536] * 40 + [b"<a>", *[b"b " * 32768] * 40, b"</a>"], count, lambda _tag, _found: None
    )
    assert count.left == 9
