"""Makes a document from a template and values, or says in one sentence where the template is wrong."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from jinja2 import Template, TemplateError, TemplateNotFound, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.loaders import BaseLoader
from jinja2.utils import missing

from engine.documents.parts.template_diagnosis import in_words
from engine.documents.sandbox import AbsentError, Sandbox, make_sandbox, refused_node, wrong_sentence
from engine.documents.steps import STEPS, StepBudgetError, counted, too_deep
from engine.documents.template_folder import Folder, TextFolder, content_of, names_in
from engine.kernel.budget import TEMPLATE, BudgetExceededError
from engine.kernel.did_you_mean import did_you_mean, nearest
from engine.language import Message, say

#: Largest template, in bytes; largest document, in bytes.
TEMPLATE_BYTES = TEMPLATE.bytes
OUTPUT_BYTES = 2_000_000
#: Letters of what Jinja2 or Python says of a template.
_WHY = 300

#: What a wrong template can end in, besides what Jinja2 names. Its compiler makes Python, which may know a name too late
#: (NameError), and holds some of what it expects by assertions.
_BROKEN = (
    *(TemplateError, ArithmeticError, TypeError, ValueError, LookupError, AttributeError),
    *(MemoryError, SyntaxError, NameError, RuntimeError, AssertionError),
)


class RenderError(Exception):
    """No document was made; `message` says where the template is wrong and what to do.

    `file` and `line` are that place, as far as it is known; `hint` is what a name that is not there may have meant.
    """

    def __init__(self, message: Message, where: str = "", hint: Message | None = None) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint
        file, _, line = where.rpartition(":")
        self.file, self.line = (file, int(line)) if line.isdecimal() else (where, 1)

    def __str__(self) -> str:
        return self.message.render()


def render(
    template: str,
    context: Mapping[str, Any],
    folders: Sequence[Folder],
    language: str | None = None,
    *,
    steps: int = STEPS,
    drafts: Mapping[str, str] | None = None,
) -> bytes:
    """Return the document of ``<template>.html``, looked for in `folders` in order, as UTF-8 HTML.

    `drafts` are texts of templates that are not in a folder yet, by their names: they go before all folders.
    Everything from `context` is escaped unless it is `Markup`. Raises `RenderError` for a template that is
    missing, too large, wrong, asks for a name that is not there, makes too much or costs more than `steps`.
    """
    language = language or "zh_CN"
    name = template if template.endswith(".html") else f"{template}.html"
    sandbox = (
        make_sandbox(_Folders(folders, drafts), language) if drafts else _sandbox(tuple(folders), language)
    )
    with _explaining(name, folders, context), counted(steps):
        return _whole(sandbox, name, {**context, "language": language})


def check_template(template: str, folders: Sequence[Folder]) -> None:
    """Raise `RenderError` where ``<template>.html`` cannot be read; what it makes of which values is not looked at."""
    name = f"{template}.html"
    with _explaining(name, folders):
        _sandbox(tuple(folders), "zh_CN").get_template(name)


@contextmanager
def _explaining(name: str, folders: Sequence[Folder], known: Iterable[str] = ()) -> Iterator[None]:
    """Raise `RenderError`, with the place, for what a template can end in; `known` are the names of the values."""
    try:
        yield
    except StepBudgetError as problem:
        where = _place(problem, name)
        message = say("模板 {where} 要做的太多：{why}。", where=where, why=problem.message)
        raise RenderError(message, where) from None
    except RecursionError as problem:
        where = _place(problem, name)
        raise RenderError(say("模板 {where} 的写法嵌套太深，请拆开写。", where=where), where) from None
    except TemplateNotFound as problem:
        raise RenderError(_missing(str(problem.name), folders), _place(problem, name)) from None
    except TemplateSyntaxError as problem:
        where = f"{problem.name or name}:{problem.lineno}"
        message = say(
            "模板 {where} 写错了：{why}。请对照随产品提供的模板改正。",
            where=where,
            why=in_words(problem.message or ""),
        )
        raise RenderError(message, where) from None
    except SyntaxError as problem:
        # Jinja2 takes digits of every script for a number, and Python, which it asks, does not.
        message = say("模板 {where} 写错了：{why}。请对照随产品提供的模板改正。", where=name, why=problem.msg)
        raise RenderError(message, name) from None
    except UndefinedError as problem:
        where = _place(problem, name)
        message = say(
            "模板 {where} 用到的值不存在：{why}。请核对名称；可能没有的值写成 {fix}。",
            where=where,
            why=problem.message,
            fix="{{ x | default('') }}",
        )
        raise RenderError(message, where, _meant(problem, known)) from None
    except SecurityError as problem:
        where = _place(problem, name)
        message = say(
            "模板 {where} 用了不允许的写法：{why}。模板只能读取值，不能调用程序。",
            where=where,
            why=problem.message,
        )
        raise RenderError(message, where) from None
    except _BROKEN as problem:
        where = _place(problem, name)
        why = (str(problem) or type(problem).__name__)[:_WHY]
        raise RenderError(say("模板 {where} 生成不了文书：{why}", where=where, why=why), where) from None


def _meant(problem: UndefinedError, known: Iterable[str]) -> Message | None:
    """Return what a name that is not there may have meant: one of `known`, or of those the value it was looked up in has."""
    if not isinstance(problem, AbsentError):
        return None
    if problem.looked_in is missing:
        names = list(known)
    else:
        names = [str(name) for name in problem.looked_in] if isinstance(problem.looked_in, Mapping) else []
    return did_you_mean(str(problem.name), names)


def templates(folders: Sequence[Folder], *, parts: bool = False) -> list[str]:
    """Return the names of the templates in `folders`, without ``.html``; or of the `parts`, which begin with ``_``."""
    found = {
        name.removesuffix(".html")
        for folder in folders
        for name in names_in(folder, ".html")
        if name.startswith("_") == parts
    }
    return sorted(found)


@lru_cache(maxsize=16)
def _sandbox(folders: tuple[Folder, ...], language: str) -> Sandbox:
    # Kept, so that a thousand notices compile their template once; a changed file is read again.
    return make_sandbox(_Folders(folders), language)


def _whole(sandbox: Sandbox, name: str, context: Mapping[str, Any]) -> bytes:
    out: list[bytes] = []
    size = 0
    for piece in sandbox.get_template(name).generate(context):
        made = piece.encode("utf-8", "replace")
        size += len(made)
        if size > OUTPUT_BYTES:
            raise SecurityError(say("文书超过 {most} 字节", most=OUTPUT_BYTES).render())
        out.append(made)
    return b"".join(out)


#: What the file names of compiled templates begin with.
_MADE = "template:"


class _Folders(BaseLoader):
    """Templates from folders: the first folder that has one wins, so a bureau's own goes before the standard one."""

    def __init__(self, folders: Sequence[Folder], drafts: Mapping[str, str] | None = None) -> None:
        self._folders = folders
        self._drafts = drafts or {}

    def load(
        self,
        environment: Any,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's
    ) -> Template:
        """Return a template, compiled from the tree that was looked at. Raises TemplateError."""
        tree, unchanged = self._looked_at(environment, name)
        code = environment.compile(tree, name, _MADE + name)
        found: Template = environment.template_class.from_code(environment, code, globals or {}, unchanged)
        return found

    def _looked_at(self, environment: Any, template: str) -> tuple[nodes.Template, Callable[[], bool]]:
        """Return the tree of a template in which nothing is refused, and what tells whether its text is still so."""
        parts = PurePosixPath(template).parts
        if len(parts) != 1 or parts[0] in ("", ".", "..") or "\\" in template or ":" in template:
            raise TemplateNotFound(template)
        text, unchanged = self.read(template)
        tree = environment.parse(text, template)
        if refused := refused_node(tree):
            line, written = refused
            raise TemplateSyntaxError(
                say("文书模板里不能用 {written}", written=written).render(), line, template
            )
        if wrong_said := wrong_sentence(tree):
            line, wrong = wrong_said
            raise TemplateSyntaxError(wrong, line, template)
        if deep := too_deep(tree):
            line, wrong = deep
            raise TemplateSyntaxError(wrong, line, template)
        return tree, unchanged

    def read(self, template: str) -> tuple[str, Callable[[], bool]]:
        """Return the text of a template, and what tells whether it is still so. Raises TemplateError."""
        if template in self._drafts:
            text = self._drafts[template]
            if len(text.encode("utf-8", "replace")) > TEMPLATE_BYTES:
                raise _too_large(template)
            return text, lambda: True
        for folder in self._folders:
            try:
                content = content_of(folder, template)
            except BudgetExceededError:
                raise _too_large(template) from None
            if content is None:
                continue
            try:
                return content.decode("utf-8-sig"), _same_as_now(folder, template)
            except UnicodeDecodeError as problem:
                line = content[: problem.start].count(b"\n") + 1
                raise TemplateSyntaxError(
                    say("不是 UTF-8 文件，请另存为 UTF-8").render(), line, template
                ) from None
        raise TemplateNotFound(template)


def _too_large(template: str) -> TemplateSyntaxError:
    return TemplateSyntaxError(say("模板超过 {most} 字节", most=TEMPLATE_BYTES).render(), 1, template)


def template_text(name: str, folders: Sequence[Folder]) -> str:
    """Return the text of a template in `folders`; "" where none has it, or it cannot be read."""
    try:
        return _Folders(folders).read(f"{name}.html")[0]
    except (TemplateNotFound, TemplateSyntaxError):
        return ""


def _same_as_now(folder: Folder, template: str) -> Callable[[], bool]:
    if isinstance(folder, TextFolder):
        return lambda: True
    file = folder / template

    def stamp() -> tuple[int, int] | None:
        try:
            seen = file.stat()
        except OSError:
            return None
        return seen.st_mtime_ns, seen.st_size

    before = stamp()
    return lambda: before is not None and stamp() == before


def _missing(name: str, folders: Sequence[Folder]) -> Message:
    known = templates(folders, parts=name.startswith("_"))
    near = nearest(name.removesuffix(".html"), known)
    if near:
        return say("没有文书模板“{name}”。是不是“{near}”？", name=name, near=near)
    return say(
        "没有文书模板“{name}”。现有：{known}；查找目录：{folders}",
        name=name,
        known=known,
        folders=[str(folder) for folder in folders],
    )


def _place(problem: BaseException, name: str) -> str:
    """Return file:line of the innermost template the problem came from."""
    made = [f for f in traceback.extract_tb(problem.__traceback__) if f.filename.startswith(_MADE)]
    if not made:
        return name
    return f"{made[-1].filename.removeprefix(_MADE)}:{made[-1].lineno}"
