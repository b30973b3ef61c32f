"""What a web page does not show."""

from __future__ import annotations

import time

import pytest

from engine.register.sheet.html_hidden import attributes_of, hidden_names, hides, is_flat, is_hidden


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
    assert hidden_names(page) == {".d", ".f", ".g", "td", ".i"}


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


@pytest.mark.parametrize(
    "style",
    [
        *(
            "opacity:0",
            "OPACITY: .0 !important",
            "opacity:0%",
            "filter:alpha(opacity=0)",
            "filter: opacity(0)",
        ),
        *(
            "position:absolute;left:-9999px",
            "text-indent:-1000em",
            "margin-left:-99in",
            "transform:translateX(-9999px)",
        ),
        *(
            "clip:rect(0,0,0,0)",
            "clip: rect(1px 1px 1px 1px)",
            "clip-path:inset(100%)",
            "clip-path: circle(0)",
        ),
        *(
            "height:0;overflow:hidden",
            "max-height:0px; overflow-y:hidden",
            "transform:scale(0)",
            "transform: scaleY(0)",
        ),
        *(
            "color:#fff;background:#FFFFFF",
            "background-color:white;color:rgb(255, 255, 255)",
            "color:transparent",
        ),
        *(
            "color:rgba(0,0,0,0)",
            "font-size:1px",
            "font:0/0 a",
            "font-size:5%",
            "display:/**/none",
            "content-visibility:hidden",
        ),
        *("zoom:0", "visibility:collapse"),
    ],
)
def test_what_a_browser_does_not_show(style: str) -> None:
    assert hides(style)
    assert is_hidden(attributes_of(f" style='{style}'"), frozenset())
    assert hidden_names(f"<style>tr > .x{{{style}}}</style>") == {".x"}


@pytest.mark.parametrize(
    "style",
    [
        *(
            "opacity:0.5",
            "opacity:.15",
            "left:-5px",
            "text-indent:-2em",
            "clip:auto",
            "clip-path:none",
            "height:0",
        ),
        *(
            "height:12px;overflow:hidden",
            "color:white",
            "background:#fff;color:#000",
            "color:#ffffff;background:url(x.png)",
        ),
        *(
            "font:12px/0 宋体",
            "font-size:100%",
            "font-size:x-small",
            "transform:scale(0.5)",
            "color:rgb(0,0,0)",
            "",
            ";;:",
            "zoom:100%",
        ),
        *(
            "border:0;margin:0",
            "mso-number-format:'0'",
            "filter:alpha(opacity=100)",
            "color:rgba(0,0,0,1)",
            "transform:none",
        ),
    ],
)
def test_what_a_browser_shows(style: str) -> None:
    assert not hides(style)


def test_elements_that_are_closed_and_words_of_entities() -> None:
    assert is_hidden({}, frozenset(), "details")
    assert not is_hidden(attributes_of(" open"), frozenset(), "details")
    assert is_hidden(attributes_of(" style='display&#58;n&#111;ne'"), frozenset())
    assert is_hidden({}, frozenset({"tr"}), "tr")
    assert hidden_names("<style>tr:nth-child(3){opacity:0} a{display:none}</style>") == {"tr", "a"}


@pytest.mark.parametrize(
    "sheet",
    ["a{b:/*" * 16000, "a{filter:opacity(" + "0" * 64000, "a{color:rgba(0," + " " * 64000, "a{clip:rect(" + "0" * 64000, "a{clip-path:polygon(" + "0" * 64000 + "!}", "a{opacity:" + "0" * 64000 + "x}", "a{width:" + "1" * 64000 + "x}"],
    ids=range(7),
)  # fmt: skip
def test_a_style_sheet_is_read_once(sheet: str) -> None:
    began = time.process_time()
    assert hidden_names(f"<style>{sheet}</style>") <= {"a"}
    assert time.process_time() - began < 1


def test_a_comment_that_is_not_closed_ends_with_the_sheet() -> None:
    assert hidden_names("<style>.a{display:/* */none} .b{display:/*none} .c{display:none}</style>") == {".a"}


@pytest.mark.parametrize(
    "style",
    [
        *(
            "d\\69 splay:none",
            "display:n\\6fne",
            "display:var(--gone)",
            "--gone:none;display:var(--gone,block)",
        ),
        *(
            "color:#00000000",
            "color:#0f08",
            "color:rgba(0,0,0,.04)",
            "-webkit-text-fill-color:white",
            "opacity:.07",
        ),
        *(
            "mask:url(a.svg)",
            "-webkit-mask-image:linear-gradient(black,white)",
            "inset:0 100% 0 0",
            "translate:0 -90vh",
        ),
        *(
            "position:fixed;bottom:3px",
            "top:-70vh",
            "margin-top:calc(-1px*9999)",
            "z-index:-1",
            "all:revert",
            "rotate:90deg",
        ),
        *(
            "width:min(0px,1px)",
            "content:'a;b';colour:red",
            "font:var(--f)",
            "text-shadow:0 0 9px red",
            "clip-path:url(#a)",
        ),
        "content:'not closed\n;display:none",
    ],
)
def test_what_is_not_understood_counts_as_hidden(style: str) -> None:
    assert hides(style)


@pytest.mark.parametrize(
    ("sheet", "names"),
    [
        ("[lang=zh]{display:none}", {"*"}),
        (":nth-child(4){opacity:0}", {"*"}),
        ("td:not(.kept)[headers]{visibility:hidden}", {"td"}),
        (".a:not(.b) > *{color:transparent}", {"*"}),
        ("t\\64{display:none}", {"*"}),
        ("\\.x{display:none}", {"*"}),
        ("html{visibility:hidden} body .c{mask:none;zoom:2}", {"*", ".c"}),
        ("@import 'other.css';", {"*"}),
        ("<!-- .xl66{mso-number-format:'\\;}';white-space:nowrap} -->", set()),
        ("*{margin:0;padding:0;box-sizing:border-box}", set()),
    ],
)
def test_a_selector_that_is_not_understood_means_everything(sheet: str, names: set[str]) -> None:
    assert hidden_names(f"<style>{sheet}</style>") == names
    assert is_hidden({}, frozenset(names), "tr") is ("*" in names)


def test_a_style_sheet_in_another_file_may_hide_everything() -> None:
    assert hidden_names("<LINK href=s.css rel='stylesheet'>") == {"*"}
    assert hidden_names("<link title='<' rel=style&#115;heet href=s.css>") == {"*"}
    assert (
        hidden_names("<link rel=File-List href=filelist.xml><link rel=Edit-Time-Data href=e.mso>")
        == frozenset()
    )


@pytest.mark.parametrize(
    "style",
    [
        "padding:0px;mso-ignore:padding;color:black;font-size:11.0pt;font-family:宋体, serif;mso-number-format:General;mso-protection:locked visible",
        'mso-number-format:"\\#\\,\\#\\#0\\;\\[Red\\]\\-0";border-top:.5pt solid windowtext;background:#FFFF00;mso-pattern:black none',
        "vnd.ms-excel.numberformat:@;width:83.5pt;height:14.25pt;margin:1.0in .75in 1.0in .75in;mso-header-margin:.5in",
        "position:relative;z-index:2;color:rgba(0, 0, 0, 0.85);background-color:rgba(0,0,0,0);font:bold 12px/1.5 'Microsoft YaHei'",
    ],
)
def test_what_offices_and_platforms_write_is_understood(style: str) -> None:
    assert not hides(style)
