"""What a web page does not show."""

from __future__ import annotations

import pytest

from engine.register.sheet.html_hidden import attributes_of, hidden_names, is_flat, is_hidden


def test_attributes_with_and_without_quotes_and_values() -> None:
    assert attributes_of(""" ID=a Class="b c" style='x > y' hidden data-x""") == {
        "id": "a",
        "class": "b c",
        "style": "x > y",
        "hidden": "",
        "data-x": "",
    }
    assert attributes_of(" align=left") == {}


def test_the_names_that_style_sheets_hide() -> None:
    page = (
        "<STYLE>.a, tr.b:not(.x) td.c{color:red} .d{Display: None}</STYLE><p><style media=all>"
        "@media screen{ #e .f , .g{visibility:collapse}} /* .h{display:none} */ td{display:none}</style><style>.i{display:none"
    )
    assert hidden_names(page) == {".d", ".f", ".g", ".i"}


@pytest.mark.parametrize(
    "body",
    [
        " hidden",
        " style='display:none'",
        " class='x off'",
        " id=top",
        " style='font-size: 0.0pt'",
        " style=mso-hide:all",
    ],
)
def test_what_is_hidden(body: str) -> None:
    assert is_hidden(attributes_of(body), frozenset({".off", "#top"}))


@pytest.mark.parametrize(
    "body",
    [
        "",
        " style='overflow:hidden'",
        " class=hidden",
        " aria-hidden=true",
        " style='font-size:0.5em'",
        " style=font-size:09pt",
    ],
)
def test_what_is_shown(body: str) -> None:
    assert not is_hidden(attributes_of(body), frozenset({".off", "#top"}))


@pytest.mark.parametrize("body", [" height=0", " style='HEIGHT: 0.0pt; color:red'", " height='0px'"])
def test_rows_without_a_height(body: str) -> None:
    assert is_flat(attributes_of(body), "height")
    assert not is_flat(attributes_of(body), "width")


@pytest.mark.parametrize("body", ["", " height=19", " style='line-height:0;height:10pt'", " height"])
def test_rows_with_a_height(body: str) -> None:
    assert not is_flat(attributes_of(body), "height")
