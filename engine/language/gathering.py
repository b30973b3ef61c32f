"""Finds every sentence a person may read: what `say` is given, what templates say, and the help of the command line."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

#: Calls whose first argument is a sentence.
_SAYING = frozenset({"say", "Message", "term", "Term"})
#: Every module that makes such a call has it.
_SAYS = re.compile(rf"\b(?:{'|'.join(sorted(_SAYING))})\b")
#: How a Chinese character may be written without one.
_ESCAPE = re.compile(r"\\[uUN]")

#: Module -> why it may hand `say` something else than a text written on the spot.
NOT_CONSTANT = {
    "engine/cli/main.py": "the help of a command stands in COMMANDS",
    "engine/cli/i18n.py": "translates the help of commands, gathered where it stands",
    "engine/definition/compiled/form.py": "makes the texts of definitions again, gathered where they stand",
    "engine/documents/archive_index.py": "hands templates the function `say`",
    "engine/documents/sandbox.py": "hands templates the function `say`",
    "engine/documents/form_sheet.py": "hands templates the function `say`",
    "engine/documents/week_sheet.py": "hands templates the function `say`",
    "engine/language/__init__.py": "defines `say` and `term`",
    "engine/authoring/describe_workflow.py": "fills sentences that stand in tables of the module",
    "engine/web/rendering.py": "hands templates the function `say`",
    "engine/site/pages.py": "hands templates the function `say`",
    "engine/yamltext/unusual_rules.py": "titles of rules, gathered from the tables they stand in",
    "engine/store/sql/error_messages.py": "fills sentences that stand in a table of the module",
}

#: Rooms and modules -> why Chinese may be put together there without `say`.
NOT_SAID = {
    "engine/cli/i18n.py": "the words of click in Chinese",
    "engine/authoring/diff.py": "an id that tells steps of one name apart",
    "engine/definition/library.py": "a pattern of what is read",
    "engine/definition/reader/deadlines/periods.py": "a pattern of what is read",
    "engine/demo/": "what made-up people write, in the language of the bureau",
    "engine/synthetic/form_filler.py": "what made-up people write, in the language of the bureau",
    "engine/documents/": "dates and lists in Chinese documents",
    "engine/app/audit/kit/": "given away, stands alone",
    "engine/draw/kit/": "given away, stands alone",
    "engine/draw/v2/kit/parts/": "given away, stands alone",
    "engine/calendars/import_file.py": "the sources of a calendar file",
    "engine/calendars/year.py": "the title of a calendar file",
    "engine/lifecycle/forms/in_words.py": "dates and lists of answers, as Chinese documents have them",
    "engine/app/execution/effects/publish.py": "what is published, in the language of the bureau",
    "engine/synthetic/registers.py": "made-up entries",
    "engine/register/values.py": "a list as a cell of a register holds it",
    "engine/register/sheet/writing.py": "a list as a cell of a register holds it",
    "engine/app/registers/people_entries.py": "a list as a cell of a register holds it",
    "engine/authoring/simulate/runner.py": "what made-up people write, in the language of the bureau",
    "engine/site/masking.py": "a pattern of what is read",
}

#: Modules of the command line whose Chinese texts are no sentences of ours.
_NO_HELP = frozenset({"engine/cli/i18n.py"})

_HAN = re.compile(r"[\u3400-\u9fff]")
#: Chinese characters, and the signs that are written between them.
_CHINESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff01-\uff60“”‘’…—]")


#: The title of a rule in a table of rules.
_TITLE = re.compile(r"^  title: (.+)$", re.MULTILINE)


@dataclass(slots=True)
class Gathered:
    """Sentences with the files they stand in, and what could not be gathered (``path:line: why``)."""

    sentences: dict[str, set[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(self, text: str, path: str) -> None:
        """Keep one sentence of `path`; an empty one says nothing in any language."""
        if text:
            self.sentences.setdefault(text, set()).add(path)


def is_chinese(text: str) -> bool:
    """Tell whether `text` holds a Chinese character or a sign of Chinese writing."""
    return _CHINESE.search(text) is not None


def gather(root: Path) -> Gathered:
    """Gather the sentences of the package ``engine`` below `root`.

    Needs Jinja2 for the templates. A text given to `say` that is not written on the spot is a problem, unless its
    module is in `NOT_CONSTANT`.
    """
    found = Gathered()
    for path in sorted((root / "engine").rglob("*.py")):
        name = path.relative_to(root).as_posix()
        source = path.read_text(encoding="utf-8")
        says, chinese = (
            _SAYS.search(source) is not None,
            is_chinese(source) or _ESCAPE.search(source) is not None,
        )
        if not (says or chinese):
            continue
        tree = ast.parse(source)
        if says:
            _said(tree, name, found)
        if chinese and not name.startswith(tuple(NOT_SAID)):
            _put_together(tree, name, found)
        if name.startswith("engine/cli/") and name not in _NO_HELP:
            for text in _help(tree):
                found.add(text, name)
    for path in sorted((root / "engine").rglob("unusual.yaml")):
        for title in _TITLE.findall(path.read_text(encoding="utf-8")):
            found.add(title, path.relative_to(root).as_posix())
    for path in sorted((root / "engine").rglob("*.html")):
        if path.parent.name != "kit":
            _of_template(path, path.relative_to(root).as_posix(), found)
    return found


def _said(tree: ast.Module, name: str, found: Gathered) -> None:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and node.args and _called(node.func) in _SAYING):
            continue
        match node.args[0]:
            case ast.Constant(value=str(text)):
                found.add(text, name)
            case _ if name not in NOT_CONSTANT:
                found.problems.append(
                    f"{name}:{node.lineno}: {ast.unparse(node.args[0])} is not a text written on the spot; "
                    "write the sentence here, or name the module and the reason in NOT_CONSTANT"
                )


def _put_together(tree: ast.Module, name: str, found: Gathered) -> None:
    """Report Chinese that is put together in an f-string or by ``join``: no catalogue can ever hold it."""
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr(values=parts):
                text = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="join")):
                pass
            case _:
                continue
        if is_chinese(text):
            found.problems.append(
                f"{name}:{node.lineno}: {text!r} is put together; give the whole sentence to say(), and lists as lists"
            )


def _called(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _help(tree: ast.Module) -> Iterator[str]:
    """Yield the Chinese texts of a module of commands, and the docstrings click shows as help."""
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            if not (node.body and isinstance(node.body[0], ast.Expr)):
                continue
            skipped.add(node.body[0].value)
            if isinstance(node, ast.FunctionDef) and _is_command(node):
                text = ast.get_docstring(node, clean=False) or ""
                if is_chinese(text):
                    yield inspect.cleandoc(text)
        elif isinstance(node, ast.JoinedStr):
            skipped.update(node.values)
        elif isinstance(node, ast.Call) and _called(node.func) in _SAYING:
            skipped.update(node.args)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in skipped:
            text = inspect.cleandoc(node.value)
            if _HAN.search(text):
                yield text


def _is_command(node: ast.FunctionDef) -> bool:
    return any(
        isinstance(decorator, ast.Call) and _called(decorator.func) in {"command", "group"}
        for decorator in node.decorator_list
    )


def _of_template(path: Path, name: str, found: Gathered) -> None:
    from jinja2 import Environment, nodes

    # Only parsed, never rendered: escaping has no part in it.
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    for call in tree.find_all(nodes.Call):
        if not (isinstance(call.node, nodes.Name) and call.node.name == "say" and call.args):
            continue
        first = call.args[0]
        if isinstance(first, nodes.Const) and isinstance(first.value, str):
            found.add(first.value, name)
        else:
            found.problems.append(f"{name}:{call.lineno}: say() is not given a text written on the spot")
