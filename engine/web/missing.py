"""The libraries of the workbench come with the extra ``web``."""

from __future__ import annotations

from importlib.util import find_spec

from engine.language import Message, say

LIBRARIES = ("starlette", "uvicorn", "python_multipart")


class WebMissingError(Exception):
    """The workbench cannot be served here; `message` says what to install."""

    def __init__(self) -> None:
        self.message: Message = say('没有安装工作台所需的库；请运行 pip install "shuangsuiji[web]"')
        super().__init__(self.message.text)


def is_installed() -> bool:
    """Tell whether the libraries are there."""
    return all(find_spec(name) is not None for name in LIBRARIES)


def require_web() -> None:
    """Raise WebMissingError where the libraries are not installed."""
    if not is_installed():
        raise WebMissingError
