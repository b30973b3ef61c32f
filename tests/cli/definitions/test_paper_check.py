"""``check`` of templates: each is printed for the made-up case and held against what it must say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.cli.definitions.paper_check import names_papers, paper_problems
from engine.definition.library import Loaded, load_paths
from engine.definition.resources import forms_dir, workflows_dir


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load_paths([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")])


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """Return a folder of forms with two templates of its own."""
    own = tmp_path / "forms"
    (own / "templates").mkdir(parents=True)
    for name in ("rectification_order.html", "service_receipt.html"):
        shutil.copy(forms_dir() / "templates" / name, own / "templates" / name)
    return own


def said(path: Path, loaded: Loaded) -> list[str]:
    return [f"{one.rule} {one.message.render('zh_CN')}" for one in paper_problems([path], loaded)]


def test_templates_and_their_tests_are_no_definitions() -> None:
    assert names_papers(Path("forms/templates/notice.html"))
    assert names_papers(Path("forms/tests/papers.yaml"))
    assert not names_papers(Path("forms/notice.yaml"))
    assert not names_papers(Path("workflows/papers.yaml"))


def test_sound_templates_have_no_problem(forms: Path, loaded: Loaded) -> None:
    assert said(forms, loaded) == []
    assert said(forms / "templates" / "rectification_order.html", loaded) == []
    assert said(forms / "notice.yaml", loaded) == []


def test_a_part_that_was_taken_out_is_named_wherever_the_template_is_named(
    forms: Path, loaded: Loaded
) -> None:
    file = forms / "templates" / "rectification_order.html"
    file.write_text(
        file.read_text(encoding="utf-8").replace('{% include "_remedies.html" %}', ""), encoding="utf-8"
    )
    for path in (file, forms, forms.parent, forms / "templates"):
        found = said(path, loaded)
        assert len(found) == 4
        assert found[0] == (
            "missing-part 文书“rectification_order”缺少“救济”：正文里应有“六十日内”（《行政复议法》第二十条）"
        )
    assert said(forms / "templates" / "service_receipt.html", loaded) == []


def test_a_template_that_cannot_be_printed_is_named_itself(forms: Path, loaded: Loaded) -> None:
    file = forms / "templates" / "service_receipt.html"
    file.write_text("<body>{{ nobody.knows }}</body>", encoding="utf-8")
    (problem,) = paper_problems([file], loaded)
    assert (problem.file, problem.rule) == (str(file), "missing-part")
    assert "用到的值不存在" in problem.message.render("zh_CN")


@pytest.mark.parametrize(
    ("written", "line", "hint"),
    [
        ("<p>\n{{ case.titel }}</p>", 2, "是否想写“title”？"),
        ("<p>\n\n{{ offic.telephone }}</p>", 3, "是否想写“office”？"),
        ("{% for p in people %}\n{{ p.cert_num }}{% endfor %}", 2, "是否想写“cert_no”？"),
        ("<p>\n{% for p in parties.inspector %}{% endfor %}</p>", 2, "是否想写“inspectors”？"),
        ("<p>\n{{ shown.gone }}</p>", 2, ""),
    ],
)
def test_a_misspelt_name_is_named_on_its_line_and_its_likeness_with_it(
    forms: Path, loaded: Loaded, written: str, line: int, hint: str
) -> None:
    file = forms / "templates" / "service_receipt.html"
    file.write_text(f"<body>{written}</body>", encoding="utf-8")
    problem = paper_problems([file], loaded)[0]
    assert (problem.file, problem.line) == (str(file), line)
    assert hint in (problem.hint.render("zh_CN") if problem.hint else "")


def test_a_party_there_is_not_is_told_once_and_not_by_every_part_it_leaves_out(
    tmp_path: Path, loaded: Loaded
) -> None:
    own = tmp_path / "forms" / "templates"
    own.mkdir(parents=True)
    text = (forms_dir() / "templates" / "notice.html").read_text(encoding="utf-8")
    (own / "notice.html").write_text(
        text.replace("parties.inspectors", "parties.inspector"), encoding="utf-8"
    )
    (problem,) = paper_problems([own / "notice.html"], loaded)
    line = text[: text.index("parties.inspectors")].count("\n") + 1
    assert (problem.file, problem.line, problem.rule) == (str(own / "notice.html"), line, "unknown-template")


def test_a_part_that_is_not_there_is_told_with_its_line_and_its_likeness(forms: Path, loaded: Loaded) -> None:
    file = forms / "templates" / "service_receipt.html"
    file.write_text('<body>\n{% include "_contcat.html" %}</body>', encoding="utf-8")
    (problem,) = paper_problems([file], loaded)
    assert (problem.line, "_contact" in problem.message.render("zh_CN")) == (2, True)


def test_a_file_of_paper_tests_that_cannot_be_read_is_named(forms: Path, loaded: Loaded) -> None:
    (forms / "tests").mkdir()
    (forms / "tests" / "papers.yaml").write_text("papers: own\n", encoding="utf-8")
    (found,) = said(forms / "tests" / "papers.yaml", loaded)
    assert "请写 kinds（文书）和 example（样例）" in found


def test_a_process_that_is_switched_off_needs_no_papers(forms: Path, loaded: Loaded) -> None:
    without = load_paths([*forms_dir().glob("*.yaml"), workflows_dir() / "bureau.yaml"])
    assert said(forms, without) == []


def test_a_template_no_paper_is_made_from_is_read_all_the_same(forms: Path, loaded: Loaded) -> None:
    file = forms / "templates" / "circular.html"
    file.write_text("<h1>{{ title }}</h1>{{ say('{a!r}', a=title) }}", encoding="utf-8")
    for path in (file, forms, forms / "templates"):
        found = said(path, loaded)
        assert len(found) == 1
        assert "circular.html:1" in found[0]
        assert "“{a!r}”" in found[0]
    file.write_text("<h1>{{ title }}</h1>", encoding="utf-8")
    assert said(file, loaded) == []
