"""The page types of the public site of a deployment: those of its own YAML, else the standard ones."""

from __future__ import annotations

from pathlib import Path

from engine.deployment.home import Home
from engine.language import Message, say
from engine.lifecycle.page_types import PageTypes


class PageTypesError(Exception):
    """The file of the page types has errors; `message` names the first and how to see all of them."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message.render()


def page_types_of(home: Home) -> PageTypes:
    """Return the page types of a deployment. Raises PageTypesError."""
    from engine.definition.file_discovery import site_file

    return _read(site_file(home.path))


def standard_page_types() -> PageTypes:
    """Return the page types that come with the product."""
    from engine.definition.file_discovery import standard_site

    return _read(standard_site())


def _read(file: Path) -> PageTypes:
    from engine.definition.library import load_paths
    from engine.yamltext.problem import Severity

    loaded = load_paths([file], partial=True)
    if loaded.site is not None:
        return loaded.site
    wrong = next((one for one in loaded.problems if one.severity is Severity.ERROR), None)
    raise PageTypesError(
        say(
            "{file} 第 {line} 行：{problem}；原来的网站没有变动。请用 ssj workflow check 查看并改正",
            file=str(file),
            line=wrong.line if wrong else 1,
            problem=wrong.message if wrong else say("文件里没有定义"),
        )
    )
