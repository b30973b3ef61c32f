"""The English catalogue: translated sentences keep their places, and the compiled file is what the written one gives."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.pofile import read_po

from engine.language import catalogue
from engine.language.catalogue import MO, PO, check, faults, main, places, read, write
from engine.language.gathering import gather


@pytest.fixture(scope="module", autouse=True)
def gathered_once() -> Iterator[None]:
    """Gather the sentences of the program once: that takes longer than all that is asked of them."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(catalogue, "gather", cache(gather))
        yield


def test_translations_keep_the_places_of_the_sentence_and_no_chinese_punctuation() -> None:
    assert faults(read()) == []


def test_the_compiled_catalogue_is_what_the_written_one_gives() -> None:
    with PO.open("rb") as file:
        listed = {
            str(entry.id): [path for path, _ in entry.locations]
            for entry in read_po(file, locale="en")
            if entry.id
        }
    assert write(listed, read()) == (PO.read_bytes(), MO.read_bytes())


def test_braces_are_doubled_only_where_values_are_put_in() -> None:
    # A sentence without values is shown as it is written: people would copy both braces.
    assert [text for text in read() if "{{" in text and not places(text)] == ["文字模板里可写几个 {{ …… }}"]


def test_every_sentence_is_translated() -> None:
    # python -m engine.language.catalogue puts new sentences into ssj.po; translate them there and run it again.
    assert check() == []


def test_the_check_of_the_command_line_agrees(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0
    assert main(["--chek"]) == 2
    assert "usage" in capsys.readouterr().err


def test_places_are_found_with_their_formats() -> None:
    assert (
        places("案件 {case} 有 {count:,} 件")
        == places("{count:,} of case {case}")
        != places("{count} of {case}")
    )


def test_a_lost_place_and_full_width_punctuation_are_faults() -> None:
    assert len(faults({"没有“{name}”": "there is no name"})) == 1
    assert len(faults({"没有": "none。"})) == 1
    assert faults({"没有“{name}”": 'there is no "{name}"'}) == []
