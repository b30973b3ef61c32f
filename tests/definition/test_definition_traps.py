"""What goes wrong when people write YAML by hand: one clear sentence on the right line."""

from __future__ import annotations

import time

import pytest
from definition_examples import FILE, load_example, told, workflow_text
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definition.library import load_files
from engine.yamltext.nodes import MappingNode, ScalarNode
from engine.yamltext.source import MAX_BYTES, read_source


def first(text: str | bytes) -> tuple[int, int, str]:
    problem = read_source("f.yaml", text).problems[0]
    return problem.line, problem.column, problem.rule


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("title: 甲\nabout: x\ntitle: 乙\n", (3, 1, "duplicate-key")),
        ("名称： 甲\n起始: a\n", (1, 3, "full-width-punctuation")),
        ("a:\n　b: 1\n", (2, 1, "full-width-punctuation")),
        ("a:\n\tb: 1\n", (2, 1, "tab-indentation")),
        ("people:\n  - @张三\n", (2, 5, "quotes-needed")),
        ("说明: 注意: 先核对\n", (1, 7, "quotes-needed")),
        ("a: 1\n---\nb: 2\n", (2, 1, "yaml-feature")),
        ("a: &x 1\n", (1, 4, "yaml-feature")),
        ("a: *x\n", (1, 4, "yaml-feature")),
        ("a: !!python/object:os.system x\n", (1, 4, "yaml-feature")),
        ("<<: {a: 1}\n", (1, 1, "yaml-feature")),
        ("? [a, b]\n: 1\n", (1, 3, "yaml-feature")),
        ("%YAML 1.2\n---\na: 1\n", (1, 1, "yaml-feature")),
        ("a: [1, 2\nb: 3\n", (2, 2, "yaml-syntax")),
        ("a: 'b\n", (2, 1, "yaml-syntax")),
        ("a: 1\n b: 2\n", (2, 3, "yaml-syntax")),
        ("a: {p: f(x, 'id')}\n", (1, 9, "quotes-needed")),
        ("a: {that: x in [1, 2], else: 否}\n", (1, 16, "quotes-needed")),
        ("a: x\x00\n", (1, 5, "file-encoding")),
        ("说明: 张三".encode("gbk"), (1, 2, "file-encoding")),
    ],
)
def test_trap_is_told_where_it_stands(text, place):
    assert first(text) == place


def test_duplicate_key_names_both_lines():
    (problem,) = read_source("f.yaml", "a: 1\nb: 2\na: 3\n").problems
    assert "第 1 行" in str(problem.message)
    assert "第 3 行" in str(problem.message)


def test_gbk_is_called_by_its_name():
    (problem,) = read_source("f.yaml", "说明: 张三".encode("gbk")).problems
    assert "GBK" in str(problem.message)
    assert "UTF-8" in str(problem.hint)


def test_bom_and_windows_line_ends_are_accepted():
    source = read_source("f.yaml", b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert source.problems == ()
    assert isinstance(source.root, MappingNode)
    assert [key.text for key, _ in source.root.texts()] == ["a", "b"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("0", 0),
        ("-12", -12),
        ("0123", "0123"),
        ("0189", "0189"),
        ("12:30", "12:30"),
        ("1.10", "1.10"),
        ("1_000", "1_000"),
        ("2024-02-30", "2024-02-30"),
        ("2024-04-20", "2024-04-20"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("True", "True"),
        ("~", "~"),
        ("null", "null"),
        ("=", "="),
        ("'1'", "1"),
        ("9" * 30, "9" * 30),
        ("", None),
    ],
)
def test_only_true_false_and_whole_numbers_are_not_text(written, value):
    root = read_source("f.yaml", f"a: {written}\n").root
    assert isinstance(root, MappingNode)
    scalar = root.get("a")
    assert isinstance(scalar, ScalarNode)
    found = scalar.value
    assert found == value
    assert type(found) is type(value)


def test_on_yes_no_as_keys_stay_four_keys():
    root = read_source("f.yaml", "on: 1\noff: 2\nyes: 3\nno: 4\n").root
    assert isinstance(root, MappingNode)
    assert [key.text for key, _ in root.texts()] == ["on", "off", "yes", "no"]


#: A tenth of the size that is allowed.
HONEST = "".join(f"k{n}: {{a: [1, 2], b: text}}\n" for n in range(3_500))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("[" * 100_000, "nesting-depth"),
        ("{" * 100_000, "nesting-depth"),
        ("- " * 100_000, "nesting-depth"),
        ("? " * 100_000, "nesting-depth"),
        ("a" * 10_000_000, "file-size"),
        ("a: &a [x]\n" + "".join(f"k{i}: &k{i} [*a, *a, *a, *a]\n" for i in range(500)), "yaml-feature"),
    ],
    ids=["brackets", "braces", "dashes", "questions", "ten-megabytes", "alias-bomb"],
)
def test_hostile_files_are_refused_at_once(text, rule):
    problems = read_source("f.yaml", text).problems
    # What is refused at once costs no more than an honest file of the size that is allowed.
    hostile: list[float] = []
    honest: list[float] = []
    for _ in range(3):
        for content, spent in ((text, hostile), (HONEST, honest)):
            began = time.process_time()
            read_source("f.yaml", content)
            spent.append(time.process_time() - began)
    assert min(hostile) < min(honest)
    assert problems[0].rule == rule
    assert len(problems) <= 100


def test_limits_are_inclusive():
    assert read_source("f.yaml", "a: " + "x" * (MAX_BYTES - 3)).problems == ()
    assert read_source("f.yaml", "[" * 60 + "]" * 60).problems == ()
    assert read_source("f.yaml", "[" * 61 + "]" * 61).problems[0].rule == "nesting-depth"


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ("title：示例", "2:6 full-width-punctuation"),
        ("parties: {inspectors：检查人员}", "2:11 full-width-punctuation"),
        ("start: {by: [clerk， section_chief]}", "2:14 full-width-punctuation"),
        ("states:\n  open：待办\n", "3:3 full-width-punctuation"),
        ("states:\n  open: title:待办\n  done: {title: 办结, final: true}", "3:9 wrong-shape"),
        ("title: [甲, 乙]", "2:8 wrong-shape"),
        ("title:", "2:1 missing-value"),
        ("titel: 示例\ntitle: 示例", "2:1 unknown-key"),
        ("题目: 示例", "2:1 unknown-key"),
        ("title: 示例\n名称: 又一个", "3:1 duplicate-key"),
        ("initial: 'true'\n", "2:10 unknown-state"),
    ],
)
def test_shape_problems_of_a_workflow(blocks, expected):
    assert expected in told(blocks)


def test_a_comma_that_cuts_an_expression_is_explained():
    blocks = (
        "transitions:\n  - {do: go, title: 办, from: open, to: done, when: disjoint(case.title, today)}\n"
    )
    assert "3:60 expression-syntax" in told(blocks)


def test_full_width_colon_on_the_first_line_of_a_file():
    loaded = load_files({"f.yaml": "流程：demo\n名称：示例\n"})
    assert [(p.line, p.column, p.rule) for p in loaded.problems] == [(1, 3, "full-width-punctuation")]


@pytest.mark.parametrize("text", ["", "# 空\n", "- 甲\n", "甲", "settings: 1\n"])
def test_a_file_that_defines_nothing_says_so(text):
    (problem,) = load_files({"f.yaml": text}).problems
    assert problem.rule == "unknown-kind"


def test_a_broken_file_is_still_known_by_its_first_line():
    loaded = load_files(
        {
            FILE: workflow_text("transitions:\n  - {do: go, title: 办, from: open, to: done, form: other}\n"),
            "other.yaml": "form: other\ntitle: 甲: 乙\n",
        }
    )
    assert "unknown-form" not in {problem.rule for problem in loaded.problems}
    assert "quotes-needed" in {problem.rule for problem in loaded.problems}
    assert "demo" not in loaded.workflows


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_no_bytes_ever_raise(content):
    loaded = load_files({"f.yaml": content})
    assert loaded.problems
    for problem in loaded.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert str(problem.message)


PIECES = st.sampled_from(
    [
        "workflow:",
        "form:",
        "bureau:",
        "title:",
        "states:",
        "transitions:",
        "-",
        "do:",
        "from:",
        "to:",
        "[a]",
        "{a:",
        "1}",
        "open",
        "done",
        "true",
        "12",
        "clerk",
        "when:",
        "that:",
        "all:",
        "{field:",
        "form.x,",
        "op:",
        "'==',",
        "value:",
        "1}",
        "then:",
        "-",
        "{set:",
        "{a:",
        "b}}",
        "deadline:",
        "名称：",
        "，",
        "\n",
        "\n",
        "",
        "\n",
        "",
        "",
        "",
        "'",
        '"',
        "#",
        "|",
        ">",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_no_mixture_of_the_language_ever_raises(pieces):
    load_files({FILE: workflow_text(" ".join(pieces))})
    load_example("form: x\n" + " ".join(pieces))
