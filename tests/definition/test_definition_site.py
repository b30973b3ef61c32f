"""Page types are checked as other definitions are: what is wrong, where, and what was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from definition_examples import BUREAU, FILES, FORM, workflow_text

from engine.definition.file_discovery import definition_files, site_file, standard_site
from engine.definition.library import Loaded, load_files, load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.yamltext.problem import Severity

PUBLISHING = workflow_text(
    """\
fields:
  - share: {title: 占比, type: ratio, public: true}
transitions:
  - {do: finish, title: 办结, from: open, to: done, by: clerk, form: onsite_check, then: [{publish: visit}]}
"""
)
PUBLIC_FORM = FORM.replace("title: 结束日期, type: date,", "title: 结束日期, type: date, public: true,")
SITE = """\
site: public
private: [method]
columns:
  position: {title: 序号, value: publication.position}
  name: {title: 名称, title_en: Name, value: [subject.name, publication.title]}
  finished: {title: 结束日期, value: finished_on, format: date}
pages:
  visit:
    title: 检查
    title_en: Visits
    path: visits
    list: [position, name, finished]
    csv: [position, name, finished, share]
    details: [name]
    sort: finished
    descending: true
    columns:
      share: {title: 占比, value: case.share, format: ratio}
"""


def load(site: str) -> Loaded:
    """Load a site file beside a workflow that publishes `visit`."""
    files = {**FILES, "forms/onsite_check.yaml": PUBLIC_FORM, "workflows/demo.yaml": PUBLISHING}
    return load_files({"site.yaml": site}, context=files)


def test_a_sound_site() -> None:
    loaded = load(SITE)
    assert [str(problem.message) for problem in loaded.problems] == []
    assert loaded.site is not None
    page = loaded.site.pages["visit"]
    assert [column.id for column in page.listed] == ["position", "name", "finished"]
    assert [column.id for column in page.exported] == ["position", "name", "finished", "share"]
    assert (page.link, page.sort and page.sort.id, page.descending) == ("name", "finished", True)
    assert page.private == {"method"}
    assert page.listed[1].heading(True) == "Name"
    assert page.listed[2].heading(True) == "结束日期"
    assert [column.id for column in page.columns] == ["position", "name", "finished", "share"]


def test_what_is_written_in_chinese_is_the_same() -> None:
    english = {
        "site: public": "公示网站: public",
        "private:": "不公开:",
        "columns:": "列:",
        "title_en:": "英文名称:",
        "title:": "名称:",
        "value:": "值:",
        "format: date": "格式: 日期",
        "format: ratio": "格式: 比例",
        "pages:": "栏目:",
        "path:": "网址:",
        "list:": "列出:",
        "csv:": "数据列:",
        "details:": "正文列:",
        "sort:": "排序:",
        "descending:": "降序:",
    }
    chinese = SITE
    for key, word in english.items():
        chinese = chinese.replace(key, word)
    assert load(chinese).site == load(SITE).site


@pytest.mark.parametrize(
    ("old", "new", "at", "rule", "hint"),
    [
        ("    path: visits", "    pfad: visits", "pfad: visits", "unknown-key", ""),
        ("    sort: finished", "    srot: finished", "srot: finished", "unknown-key", "sort"),
        ("value: finished_on", "value: finshed_on", "finshed_on, format", "undeclared-field", "finished_on"),
        ("value: case.share", "value: case.shara", "case.shara", "undeclared-field", "case.share"),
        (
            "value: finished_on",
            "value: forms.onsite_check.finishd_on",
            "forms.",
            "undeclared-field",
            "finished_on",
        ),
        ("value: finished_on", "value: staff", "staff, format", "type-mismatch", ""),
        ("value: finished_on, format: date", "value: subject.nam", "subject.nam}", "unknown-name", "name"),
        ("value: finished_on, format: date", "value: subjct.name", "subjct.name", "unknown-name", "subject"),
        ("list: [position, name, finished]", "list: [position, nmae]", "nmae]", "unknown-name", "name"),
        ("    sort: finished", "    sort: visited", "visited", "unknown-name", ""),
        ("    path: visits", "    path: ../visits", "../visits", "bad-name", ""),
        ("    path: visits", "    path: check", "check", "bad-name", ""),
        ("    sort: finished", "    link: share", "share", "unknown-name", ""),
        ("format: date", "format: dates", "dates", "unknown-word", "date"),
    ],
)
def test_what_is_wrong_and_where(old: str, new: str, at: str, rule: str, hint: str) -> None:
    assert old in SITE
    text = SITE.replace(old, new, 1)
    found = [
        (text.split("\n")[one.line - 1][one.column - 1 :], one.rule, str(one.hint or ""))
        for one in load(text).problems
        if one.severity is Severity.ERROR
    ]
    assert [one for one in found if one[0].startswith(at) and one[1] == rule and hint in one[2]], found


def test_fields_nobody_may_see_and_kinds_nobody_publishes_are_warned_of() -> None:
    hidden = load(SITE.replace("value: finished_on", "value: visited_on"))
    assert [(one.line, one.severity) for one in hidden.problems] == [(6, Severity.WARNING)]
    unused = load(SITE + "  gossip: {title: 传闻, path: gossip, list: [name]}\n")
    assert [(one.rule, one.severity) for one in unused.problems] == [("unknown-word", Severity.WARNING)]
    twice = load(SITE + "  visit_two: {title: 又一个, path: visits, list: [name]}\n")
    assert "duplicate-name" in {one.rule for one in twice.problems}


def test_what_is_published_needs_a_page_type() -> None:
    wrong = PUBLISHING.replace("publish: visit", "publish: visti")
    loaded = load_files({"workflows/demo.yaml": wrong}, context={**FILES, "site.yaml": SITE})
    (problem,) = (one for one in loaded.problems if one.severity is Severity.ERROR)
    assert problem.rule == "unknown-word"
    assert "visit" in str(problem.hint)
    # A version that was published is read alone, and asks for no page type.
    assert load_files({"workflows/demo.yaml": wrong, **FILES}, partial=True).workflows


def test_there_is_one_site() -> None:
    loaded = load_files({"a.yaml": SITE, "b.yaml": SITE, "bureau.yaml": BUREAU})
    assert "duplicate-definition" in {problem.rule for problem in loaded.problems}


def test_a_deployment_without_page_types_has_the_standard_ones(tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()
    assert site_file(tmp_path) == standard_site()
    own = tmp_path / "workflows" / "pages.yaml"
    own.write_text(SITE, encoding="utf-8")
    assert site_file(tmp_path) == own
    loaded = load_paths([*definition_files(workflows_dir()), *definition_files(forms_dir())])
    assert loaded.sound
    assert loaded.site is not None
    assert list(loaded.site.pages) == ["plan", "batch_plan", "draw", "result", "follow_up", "circular"]
