"""No act reads a file of the definitions' folder that is not published: what is edited there prints and shows nothing.

Who reads that folder at run time stands in a list, each with the reason why nothing acts by it.
"""

from __future__ import annotations

import ast
from pathlib import Path

from command_fixtures import done, ssj

import engine

ENGINE = Path(engine.__path__[0])

#: Where the folders of a deployment are read: (file, folder) -> why no act follows from what is not published.
READERS = {
    ("cli/cases/task.py", "forms"): "only while nothing was ever published",
    ("cli/definitions/form_print.py", "forms"): "fonts",
    ("cli/records/document.py", "forms"): "names of templates, fonts; only while nothing was ever published",
    ("deployment/jobs/handlers.py", "forms"): "fonts",
    ("deployment/jobs/packing.py", "forms"): "fonts",
    ("deployment/message_templates.py", "forms"): "only while nothing was ever published",
    ("deployment/open.py", "forms"): "only while nothing was ever published",
    ("web/pages/studio/previews.py", "forms"): "previews for authors: made-up cases",
    ("web/pages/studio/stories.py", "workflows"): "stories for authors: played in memory",
}
#: Calendars are adopted by two and have a check of their own.
CALENDARS = "calendars"
FOLDERS = ("forms", "workflows", CALENDARS)


def test_who_reads_the_folder_is_known() -> None:
    found = set()
    for file in ENGINE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in FOLDERS and _is_home(node.value):
                found.add((file.relative_to(ENGINE).as_posix(), node.attr))
    assert {one for one in found if one[1] != CALENDARS} == set(READERS)


def _is_home(node: ast.expr) -> bool:
    """Tell whether an expression is a deployment: ``home``, ``x.home``, ``home_of(ctx)``."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "home_of"
    return "home" in (getattr(node, "id", ""), getattr(node, "attr", ""))


def test_an_edited_template_prints_and_an_edited_page_shows_nothing_before_it_is_published(
    home: Path, tmp_path: Path
) -> None:
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    template = home / "forms" / "templates" / "supervision_circular.html"
    template.write_text("<p>FORGED {{ internal }}</p>\n", encoding="utf-8")
    pages = home / "workflows" / "page_types.yaml"
    text = pages.read_text(encoding="utf-8")
    pages.write_text(text.replace("主办单位:", "FORGED:"), encoding="utf-8")

    def rendered(name: str) -> str:
        file = tmp_path / name
        done("document", "render", "batch-1", "supervision_circular", file, "--as", "leading", home=home)
        return file.read_text(encoding="utf-8")

    def site() -> str:
        done("site", "build", "--as", "leading", home=home)
        return "".join(one.read_text(encoding="utf-8") for one in (home / "public").rglob("*.html"))

    named = ssj("doctor", "--as", "leading", home=home).out
    assert "forms/templates/supervision_circular.html" in named
    assert "workflows/page_types.yaml" in named
    assert "FORGED" not in rendered("before.html")
    assert "FORGED" not in site()
    said = done("workflow", "publish", "--as", "leading", home=home).out
    assert "forms/templates/supervision_circular.html\t文件\t新" in said
    assert "workflows/page_types.yaml\t文件\t新" in said
    assert "FORGED" in rendered("after.html")
    assert "FORGED" in site()
