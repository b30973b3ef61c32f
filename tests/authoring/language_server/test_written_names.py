"""Names read from a text in which something is wrong."""

from __future__ import annotations

from engine.authoring.language_server.written_names import WrittenName, written_names

TEXT = """workflow: errand
parties: {team: 检查组}
fields:
  - day: {title: 日期, basis: 某条}
states:
  open: {title: 待办, deadline: 3 days}

  closed:
    title: 办结
    help: 到此为止

clocks:
  whole: {title: 总期限}
"""


def test_names_with_what_is_written_of_them() -> None:
    assert list(written_names(TEXT, "states").values()) == [
        WrittenName("open", "待办", deadline="3 days"),
        WrittenName("closed", "办结", help="到此为止"),
    ]
    assert list(written_names(TEXT, "clocks")) == ["whole"]
    assert written_names(TEXT, "fields")["day"] == WrittenName("day", "日期", basis="某条")
    assert written_names(TEXT, "parties") == {"team": WrittenName("team", "检查组")}
    assert written_names(TEXT.replace("states:", "环节:"), "states").keys() == {"open", "closed"}


def test_of_a_text_that_is_no_yaml_the_names_of_its_section_alone() -> None:
    broken = TEXT.replace("title: 待办", "title: [待办")
    assert list(written_names(broken, "states")) == ["open", "closed"]
    assert list(written_names(broken, "clocks")) == ["whole"]
    assert written_names("", "states") == {}
