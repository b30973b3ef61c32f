"""The pages, and tables of pages, that are made from the program: ``python tests/docs/reference_pages.py`` writes them.

`PAGES` gives each page and the function that returns its text; a test compares them with the files.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.util import find_spec

import click
from running_documents import ROOT

from engine.cli.main import COMMANDS, cli
from engine.definition.rules import RULES
from engine.lifecycle.case import EventKind
from engine.lifecycle.verbs.spec import ArgumentKind, ReasonRule, VerbSpec
from engine.lifecycle.verbs.table import VERBS
from engine.yamltext.problem import Severity

CLI_HEAD = """\
# The command line

This page is made from `ssj --help`; a test keeps it equal (`python tests/docs/reference_pages.py` writes it anew).

* The deployment is named by `--home DIR`, by `SSJ_HOME`, or is the current folder.
* Standard output is data, standard error is talk. Listings take `--json`.
* Exit codes: 0 done · 1 refused, or problems found · 2 wrong usage · 3 environment (no deployment, no permission).
* Whoever acts is named by `--as ID`. Commands that act on cases take `--dry-run` (judge, do not keep) and
  `--request-id` (sent twice, it acts once and answers the same).
* `SSJ_LANG` chooses the language (`zh_CN`, `en`); `SSJ_TRACEBACK=1` shows the traceback of an internal error.
"""

RULES_HEAD = """\
# The rules of `ssj workflow check`

This page is made from `engine.definition.rules`; a test keeps it equal (`python tests/docs/reference_pages.py` writes
it anew). Each rule has a wrong and a right example: a whole file, or those blocks of a workflow that matter. Errors keep
a definition from being published, warnings do not.
"""


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command that is there, by its full name, in the order of `ssj --help`."""
    for name, (module, _, _) in COMMANDS.items():
        if find_spec(module) is None:
            continue
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            for inner in command.list_commands(click.Context(command)):
                yield f"{name} {inner}", command.commands[inner]


def help_of(name: str, command: click.Command) -> str:
    """Return what ``ssj NAME --help`` prints on a page 100 columns wide."""
    context = click.Context(cli, info_name="ssj")
    for part in name.split():
        here = command if part == name.rsplit(maxsplit=1)[-1] else None
        context = click.Context(here or click.Group(part), info_name=part, parent=context)
    context.terminal_width = 100
    context.help_option_names = ["-h", "--help"]
    # Click keeps the help option of whoever asked first; a test may have called the command without its groups.
    command._help_option = None
    lines = command.get_help(context).split("\n")
    return "\n".join(line.rstrip() for line in lines)


def cli_page() -> str:
    """Return the page of commands."""
    parts = [CLI_HEAD]
    for name, command in commands():
        level = "##" if " " not in name else "###"
        parts.append(f"{level} ssj {name}\n\n```text\n{help_of(name, command)}\n```\n")
    if absent := [name for name, (module, _, _) in COMMANDS.items() if find_spec(module) is None]:
        names = " ".join(f"`{name}`" for name in absent)
        parts.append(
            f"## Not there yet\n\nNamed in `ssj --help`, but this version does not hold them: {names}\n"
        )
    return "\n".join(parts)


_SEVERITIES: Mapping[Severity, str] = {
    Severity.ERROR: "错误 error",
    Severity.WARNING: "警告 warning",
    Severity.ADVICE: "建议 advice",
}


def rules_page() -> str:
    """Return the page of rules."""
    parts = [RULES_HEAD]
    for rule in sorted(RULES.values(), key=lambda rule: rule.id):
        module = inspect.getmodule(rule.check)
        own = module is not None and module.__name__.endswith(rule.id.replace("-", "_"))
        kind = "整个流程 whole workflow" if own else "逐处 where it is written"
        part = f"## {rule.id}\n\n{rule.text.render('zh_CN')}\n\n{_SEVERITIES[rule.severity]} · {kind}\n"
        for title, example in (("错 wrong", rule.wrong), ("对 right", rule.right)):
            if example.strip():
                part += f"\n{title}:\n\n```yaml\n{_visible(example)}\n```\n"
        parts.append(part)
    return "\n".join(parts)


def _visible(example: str) -> str:
    """Return an example with the characters that cannot be seen written out."""
    return example.rstrip("\n").replace("\t", "→").replace("\ufeff", "<BOM>").replace("\0", "<NUL>")


def events_page() -> str:
    """Return the page of events: as it stands, with the rows of the verbs made from their table."""
    made = {spec.event.value: _event_row(spec) for spec in VERBS.values() if spec.event is not None}
    head, rows, tail = _table((ROOT / EVENTS).read_text(encoding="utf-8"), "| kind | when | actor |")
    written = {row.split("`")[1]: row for row in rows}
    kinds = [kind.value for kind in EventKind if kind.value in {**written, **made}]
    return "\n".join([*head, *(made.get(kind) or written[kind] for kind in kinds), *tail])


def _event_row(spec: VerbSpec) -> str:
    body = ["step title" if spec.reason is ReasonRule.NONE else "step title reason"]
    if spec.word == "deny":
        body.append("asked_by")
    what = f"{spec.happened.render('en')} ({spec.title})"
    shown = ", ".join(f"`{names}`" for names in body)
    return f"| `{spec.event}` | {what} | {spec.by_whom.render('en')} | {shown} |"


#: Kind of argument -> how the guides write it, in English and in Chinese.
_PLACES: Mapping[ArgumentKind, tuple[str, str]] = {
    ArgumentKind.TEXT: ("TEXT", "文字"),
    ArgumentKind.INTEGER: ("N", "数量"),
    ArgumentKind.STATE: ("STATE", "环节"),
    ArgumentKind.STEP: ("STEP", "步骤"),
    ArgumentKind.CLOCK: ("CLOCK", "时限"),
    ArgumentKind.PERSON: ("ID", "人"),
    ArgumentKind.ANYBODY: ("ID", "人"),
    ArgumentKind.APPROVABLE: ("VERB", "操作"),
}


def verbs_page(name: str, language: str) -> str:
    """Return a guide to the verbs: as it stands, with the rows of its table made from the table of verbs."""
    english = language == "en"
    first = "| verb | command |" if english else "| 操作 | 命令 |"
    head, rows, tail = _table((ROOT / name).read_text(encoding="utf-8"), first)
    # Signing is a step, no verb; its row is written by hand.
    by_hand = [row for row in rows if "`ssj task advance " in row]
    made = [_guide_row(spec, language) for spec in VERBS.values()]
    return "\n".join([*head, *by_hand, *made, *tail])


def _guide_row(spec: VerbSpec, language: str) -> str:
    english = language == "en"
    words = ["ssj task", spec.word.replace("_", "-"), "CASE" if english else "案件"]
    for argument in spec.arguments:
        place = _PLACES[argument.kind][0 if english else 1]
        if not argument.option:
            words.append(place)
        elif argument.required:
            words.append(f"--{argument.shown_name} {place}")
    if spec.reason is ReasonRule.REQUIRED:
        words.append("--reason …")
    title = f"{spec.word.replace('_', ' ')} {spec.title}" if english else spec.title
    return f"| {title} | `{' '.join(words)}` | {spec.note.render(language)} |"


def _table(text: str, first: str) -> tuple[list[str], list[str], list[str]]:
    """Return the lines before the rows of the table that begins with `first`, its rows, and the lines after them."""
    lines = text.split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(first)) + 2
    end = next(number for number in range(start, len(lines)) if not lines[number].startswith("|"))
    return lines[:start], lines[start:end], lines[end:]


EVENTS = "docs/reference/events.md"
PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/cli.md": cli_page,
    "docs/reference/rules.md": rules_page,
    EVENTS: events_page,
    "docs/howto/task-verbs.md": partial(verbs_page, "docs/howto/task-verbs.md", "en"),
    "docs/howto/task-verbs.zh-CN.md": partial(verbs_page, "docs/howto/task-verbs.zh-CN.md", "zh_CN"),
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (ROOT / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
