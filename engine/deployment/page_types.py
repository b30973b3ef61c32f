"""The page types of the public site of a deployment: those that are published, else the standard ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.deployment.home import Home
from engine.language import Message, say
from engine.lifecycle.page_types import PageTypes

if TYPE_CHECKING:
    from engine.app.ports.documents import PublishedTexts
    from engine.definition.library import Loaded


class PageTypesError(Exception):
    """The file of the page types has errors; `message` names the first and how to see all of them."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message.render()


def page_types_of(home: Home, published: PublishedTexts | None) -> PageTypes:
    """Return the page types of a deployment; where nothing was ever published those of its folder. Raises PageTypesError."""
    from engine.definition.file_discovery import PAGE_TYPES, site_file
    from engine.definition.library import load_files

    if published is None:
        return _read(site_file(home.path))
    text = published.texts.get(PAGE_TYPES)
    if text is None:
        return standard_page_types()
    return _made(load_files({PAGE_TYPES: text}, partial=True), PAGE_TYPES)


def standard_page_types() -> PageTypes:
    """Return the page types that come with the product."""
    from engine.definition.file_discovery import standard_site

    return _read(standard_site())


def _read(file: Path) -> PageTypes:
    from engine.definition.library import load_paths

    return _made(load_paths([file], partial=True), str(file))


def _made(loaded: Loaded, file: str) -> PageTypes:
    from engine.yamltext.problem import Severity

    if loaded.site is not None:
        return loaded.site
    wrong = next((one for one in loaded.problems if one.severity is Severity.ERROR), None)
    raise PageTypesError(
        say(
            "{file} 第 {line} 行：{problem}；原来的网站没有变动。请用 ssj workflow check 查看并改正",
            file=file,
            line=wrong.line if wrong else 1,
            problem=wrong.message if wrong else say("文件里没有定义"),
        )
    )
