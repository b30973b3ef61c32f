"""The pages, and tables of pages, that are made from the program: ``make docs`` writes them.

`PAGES` gives each page and the function that returns its text; a test compares them with the files.
"""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click
from cited_articles import cited_articles, claims, entries, fitting
from key_examples import KeyExample, examples
from running_documents import ROOT
from word_examples import EXAMPLES

from engine.cli.main import COMMANDS, cli
from engine.definition import keywords
from engine.definition.library import load_paths
from engine.definition.reader.citations import citations
from engine.definition.rules import RULES
from engine.language import defined, in_language
from engine.lifecycle.case import EventKind
from engine.lifecycle.model.articles import LawMark
from engine.lifecycle.verbs.spec import ArgumentKind, ReasonRule, VerbSpec
from engine.lifecycle.verbs.table import VERBS
from engine.yamltext.problem import Severity
from engine.yamltext.source import read_source

CLI_HEAD = {
    "en": """\
# The command line

[中文](cli.zh-CN.md)

This page is made from `ssj --help`; a test keeps it equal (`make docs` writes it anew).

* The deployment is named by `--home DIR`, by `SSJ_HOME`, or is the current folder.
* Standard output is data, standard error is talk. Listings take `--json`.
* Exit codes: 0 done · 1 refused, or problems found · 2 wrong usage · 3 environment (no deployment, no permission).
* Whoever acts is named by `--as ID`. Commands that act on cases take `--dry-run` (judge, do not keep) and
  `--request-id` (sent twice, it acts once and answers the same).
* Whoever reads is named by `--as ID` too, else by `SSJ_AS`, else by the person of a token, else it is the deployment's `reader`.
* `SSJ_LANG` chooses the language (`zh_CN`, `en`); `SSJ_TRACEBACK=1` shows the traceback of an internal error.
""",
    "zh_CN": """\
# 命令行

[English](cli.md)

本页由 `ssj --help` 生成，有测试核对（`make docs` 重写）。

* 部署由 `--home 目录` 或 `SSJ_HOME` 指明，不指明的就是当前目录。
* 标准输出是数据，标准错误是说明。列表都可以加 `--json`。
* 退出码：0 办成 · 1 被拒绝或发现问题 · 2 用法不对 · 3 环境不妥（没有部署、没有权限）。
* 谁办理由 `--as 编号` 写明。办理案件的命令可以加 `--dry-run`（只判断，不保存）和 `--request-id`（发两次也只办一次，答复相同）。
* 谁查看也由 `--as 编号` 写明，其次是 `SSJ_AS`，再次是令牌所属的人，最后是部署的 `reader`。
* `SSJ_LANG` 选择语言（`zh_CN`、`en`）；`SSJ_TRACEBACK=1` 显示内部错误的出处。
""",
}

RULES_HEAD = {
    "en": """\
# The rules of `ssj workflow check`

[中文](rules.zh-CN.md)

This page is made from `engine.definition.rules`; a test keeps it equal (`make docs` writes it anew). Each rule has a wrong and
a right example: a whole file, or those blocks of a workflow that matter. Errors keep a definition from being published,
warnings do not.
""",
    "zh_CN": """\
# `ssj workflow check` 的规则

[English](rules.md)

本页由 `engine.definition.rules` 生成，有测试核对（`make docs` 重写）。每条规则有一个错的和一个对的例子：一个完整的文件，或流程里有关的几段。
有错误的定义不能发布，有警告的可以。
""",
}


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Have the program say everything in `language` while the context is open."""
    before = os.environ.get("SSJ_LANG")
    os.environ["SSJ_LANG"] = language
    try:
        yield
    finally:
        os.environ.pop("SSJ_LANG")
        if before is not None:
            os.environ["SSJ_LANG"] = before


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command by its full name, in the order of `ssj --help`."""
    for name in COMMANDS:
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


def cli_page(language: str) -> str:
    """Return the page of commands."""
    with speaking(language):
        parts = [CLI_HEAD[language]]
        for name, command in commands():
            level = "##" if " " not in name else "###"
            parts.append(f"{level} ssj {name}\n\n```text\n{help_of(name, command)}\n```\n")
    return "\n".join(parts)


_SEVERITIES: Mapping[str, Mapping[Severity, str]] = {
    "en": {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "advice"},
    "zh_CN": {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.ADVICE: "建议"},
}
#: Words of a rule: looks at the whole workflow; looks at each place; the two examples.
_RULE_WORDS = {
    "en": ("the whole workflow", "each place where it is written", "Wrong:", "Right:"),
    "zh_CN": ("整个流程", "逐处", "错：", "对："),
}


def rules_page(language: str) -> str:
    """Return the page of rules."""
    whole, each, wrong, right = _RULE_WORDS[language]
    parts = [RULES_HEAD[language]]
    for rule in sorted(RULES.values(), key=lambda rule: rule.id):
        module = inspect.getmodule(rule.check)
        own = module is not None and module.__name__.endswith(rule.id.replace("-", "_"))
        severity = _SEVERITIES[language][rule.severity]
        part = f"## {rule.id}\n\n{rule.text.render(language)}\n\n{severity} · {whole if own else each}\n"
        for title, example in ((wrong, rule.wrong), (right, rule.right)):
            if example.strip():
                part += f"\n{title}\n\n```yaml\n{_visible(example)}\n```\n"
        parts.append(part)
    return "\n".join(parts)


def _visible(example: str) -> str:
    """Return an example with the characters that cannot be seen written out."""
    return example.rstrip("\n").replace("\t", "→").replace("\ufeff", "<BOM>").replace("\0", "<NUL>")


WORDS_HEAD = {
    "en": """\
# Words of the language by example

[中文](words.zh-CN.md)

This page is made from a table (`tests/docs/word_examples.py`); a test loads every example (`make docs` writes the page anew). An example
is a form, or those blocks of a workflow that matter. The whole language: [the definition language](language.md).
""",
    "zh_CN": """\
# 语言的词，各举一例

[English](words.md)

本页由一张表（`tests/docs/word_examples.py`）生成，有测试读入每个例子（`make docs` 重写）。一个例子是一张表单，或流程里有关的几段。
整个语言见[定义语言](language.zh-CN.md)。
""",
}


def words_page(language: str) -> str:
    """Return the page of words with a right and a wrong example each."""
    right, wrong = ("Right:", "Wrong") if language == "en" else ("对：", "错")
    parts = [WORDS_HEAD[language]]
    for example in EXAMPLES:
        said = example.said[0 if language == "en" else 1]
        parts.append(
            f"## `{example.word}`\n\n{said}\n\n{right}\n\n```yaml\n{example.right.rstrip()}\n```\n"
            f"\n{wrong} (`{example.rule}`):\n\n```yaml\n{example.wrong.rstrip()}\n```\n"
        )
    return "\n".join(parts)


KEYS_HEAD = {
    "en": """\
# Every key with a right and a wrong example

[中文](keys.zh-CN.md)

This page is made from the tables of the reader (`engine/definition/grammar.py`, `engine/lifecycle/effects.py`); a test walks them, takes the shortest
use of each key in the definitions that are shipped, in those of the reference and in `tests/docs/keys`, puts what is wrong in its place, and holds that it is
refused at its line by the rule named here (`make docs` writes the page anew). {count} keys in {parts} parts. What the words of conditions do:
[words by example](words.md). The whole language: [the definition language](language.md).
""",
    "zh_CN": """\
# 每个键，对错各举一例

[English](keys.md)

本页由读取定义的表（`engine/definition/grammar.py`、`engine/lifecycle/effects.py`）生成：有测试逐个走过这些键，在随附的定义、参考流程和 `tests/docs/keys` 里取每个键
最短的用法，换上错的写法，核对它在那一行被这里写的规则指出来（`make docs` 重写）。共 {parts} 个部分、{count} 个键。条件里的词见[语言的词，各举一例](words.zh-CN.md)，
整个语言见[定义语言](language.zh-CN.md)。
""",
}
_KEY_WORDS = {
    "en": "| key | in Chinese | right | wrong | refused by |\n|---|---|---|---|---|\n",
    "zh_CN": "| 键 | 中文 | 对 | 错 | 规则 |\n|---|---|---|---|---|\n",
}
#: Of a right example a table shows so many lines of so many characters.
_KEY_LINES, _KEY_WIDTH = 3, 90


def keys_page(language: str) -> str:
    """Return the page of keys with a right and a wrong example each."""
    found = examples()
    parts = list(dict.fromkeys(one.part for one in found))
    said = [KEYS_HEAD[language].format(count=len(found), parts=len(parts))]
    for part in parts:
        said.append(f"\n## `{part}`\n\n{_KEY_WORDS[language]}")
        said += [_key_row(one, language) for one in found if one.part == part]
    return "".join(said)


def _key_row(example: KeyExample, language: str) -> str:
    name = example.use.written.partition(":")[0]
    chinese = keywords.KEYS.get(example.key, ("",))[0]
    rules = (", " if language == "en" else "、").join(f"`{rule}`" for rule in example.rules)
    wrong = _cell(f"{name}: {example.wrong}".rstrip())
    return f"| `{example.key}` | {chinese} | {_cell(example.use.written)} | {wrong} | {rules} |\n"


def _cell(written: str) -> str:
    lines = written.split("\n")
    cut = [line if len(line) <= _KEY_WIDTH else f"{line[:_KEY_WIDTH]}…" for line in lines[:_KEY_LINES]]
    more = "<br>…" if len(lines) > _KEY_LINES else ""
    return "<br>".join(f"`{line}`".replace("|", "\\|") for line in cut) + more


ARTICLES_HEAD = {
    "en": """\
# The articles a basis may cite

[中文](articles.zh-CN.md)

This page is made from `workflows/articles.yaml` and the shipped definitions (`make docs` writes it anew). Titles are summaries of
ours, not the text of the law. A basis that cites what is not here is reported by `ssj workflow check` (`unknown-article`). The
mark says what a text is: law, a local rule, a suggestion, or still to be checked by the bureau's lawyer.
""",
    "zh_CN": """\
# 依据可以引用的条文

[English](articles.md)

本页由 `workflows/articles.yaml` 和随附的定义生成（`make docs` 重写）。内容是自拟的概括，不是条文原文。引了这里没有的条文，
`ssj workflow check` 会指出来（`unknown-article`）。每部法规标明效力：法律、本地规定、建议值，或待法律顾问核对。
""",
}
_ARTICLE_WORDS = {
    "en": (
        "Edition: {0}",
        "mark: {0}",
        "| article | subject | cited in |",
        "## For the lawyer: duties beside the words of the article",
        "| cited | where | duty | words of the article |",
        "## For the lawyer: texts that were not read in the original",
        "## For the lawyer: claims that the article as read does not settle",
    ),
    "zh_CN": (
        "版本：{0}",
        "效力：{0}",
        "| 条 | 内容 | 引用之处 |",
        "## 供法律顾问核对：义务与条文原文对照",
        "| 所引 | 引用之处 | 义务 | 条文原文片段 |",
        "## 供法律顾问核对：没有读到原文的",
        "## 供法律顾问核对：读到的条文没有写明的",
    ),
}


def articles_page(language: str) -> str:
    """Return the page of articles: each with its subject and the files that cite it, then three lists for the lawyer.

    Words of an article stand beside the claims that they speak of, and no other.
    """
    edition, mark, columns, duties, duty_columns, unread, unsettled = _ARTICLE_WORDS[language]
    english = language == "en"
    loaded = load_paths(_shipped())
    table = loaded.library.articles
    assert table is not None
    cited: dict[tuple[str, str | None], list[tuple[str, str]]] = {}
    for name, text in sorted(loaded.sources.items()):
        root = read_source(name, text).root
        for duty, basis in claims(root) if root is not None else ():
            for citation in citations(basis, table):
                if citation.law is not None:
                    cited.setdefault((citation.law.id, citation.article), []).append((Path(name).name, duty))
    parts = [ARTICLES_HEAD[language]]
    beside = [
        f"| {f'{one.law} {one.article} {one.part}'.rstrip()} | `{one.file}` | {_in_words(one.claim, language)} | {entry.words} |"
        for one in cited_articles(table)
        for entry in fitting(one)
        if entry.words
    ]
    asked = [f"* {law} {number}：{entry.ask}" for law, number, entry in entries() if entry.ask]
    unchecked: list[str] = []
    for law in table.laws:
        title = f"{law.title}" + (f" ({law.title_en})" if english and law.title_en else "")
        words = keywords.LAW_MARKS
        said = law.mark.value if english else words[law.mark.value]
        lines = [
            f"## {title}",
            "",
            " · ".join([*([edition.format(law.edition)] if law.edition else []), mark.format(said)]),
        ]
        if law.articles:
            lines += ["", columns, "|---|---|---|"]
        for number, article in law.articles.items():
            places = cited.get((law.id, number), [])
            files = ", ".join(f"`{one}`" for one in dict.fromkeys(file for file, _ in places))
            lines.append(f"| {number} | {article.title_en if english else article.title} | {files} |")
        if law.mark is LawMark.TO_CHECK:
            files = ", ".join(
                f"`{one}`" for one in dict.fromkeys(file for file, _ in cited.get((law.id, None), []))
            )
            unchecked.append(f"* {title}: {files}" if english else f"* {title}：{files}")
        parts.append("\n".join(lines) + "\n")
    parts.append("\n".join([duties, "", duty_columns, "|---|---|---|---|", *dict.fromkeys(beside)]) + "\n")
    parts.append("\n".join([unsettled, "", *asked]) + "\n")
    parts.append("\n".join([unread, "", *unchecked]) + "\n")
    return "\n".join(parts)


def _in_words(claim: str, language: str) -> str:
    """Return what is claimed in a language: the name and the contents of an item each by itself; as it is where it has no translation."""
    with in_language(language):
        whole = defined(claim)
        return whole if whole != claim else "：".join(map(defined, claim.split("：")))


def _shipped() -> list[Path]:
    return [*sorted((ROOT / "workflows").glob("*.yaml")), *sorted((ROOT / "forms").glob("*.yaml"))]


DECISIONS_HEAD = """\
# Decisions

Why it is so and not otherwise, one page each: context, decision, consequences. Pages are not rewritten; a later page replaces an
earlier one and both say so. English only. This list is made from the pages (`make docs` writes it anew).

| number | decision | date | status |
|---|---|---|---|
"""


def decisions_page() -> str:
    """Return the index of decisions: number, title, date and status of each page."""
    rows = []
    for page in sorted((ROOT / "docs/adr").glob("0*.md")):
        text = page.read_text(encoding="utf-8")
        number, title = text.split("\n", 1)[0].removeprefix("# ").split(". ", 1)
        date, status = (re.findall(rf"^{word}: (.*)$", text, re.MULTILINE) for word in ("Date", "Status"))
        rows.append(f"| {number} | [{title}]({page.name}) | {date[0]} | {status[0]} |\n")
    return DECISIONS_HEAD + "".join(rows)


def events_page(name: str, language: str) -> str:
    """Return a page of events: as it stands, with the rows of the verbs made from their table."""
    made = {spec.event.value: _event_row(spec, language) for spec in VERBS.values() if spec.event is not None}
    first = "| kind | when | actor |" if language == "en" else "| 种类 | 何时 | 谁 |"
    head, rows, tail = _table((ROOT / name).read_text(encoding="utf-8"), first)
    written = {row.split("`")[1]: row for row in rows}
    kinds = [kind.value for kind in EventKind if kind.value in {**written, **made}]
    return "\n".join([*head, *(made.get(kind) or written[kind] for kind in kinds), *tail])


def _event_row(spec: VerbSpec, language: str) -> str:
    english = language == "en"
    body = ["step title" if spec.reason is ReasonRule.NONE else "step title reason"]
    if spec.word == "deny":
        body.append("asked_by")
    happened = spec.happened.render(language)
    what = f"{happened} ({spec.title})" if english else f"{happened}（{spec.title}）"
    shown = (", " if english else "、").join(f"`{names}`" for names in body)
    return f"| `{spec.event}` | {what} | {spec.by_whom.render(language)} | {shown} |"


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


PAGES: dict[str, Callable[[], str]] = {"docs/adr/README.md": decisions_page}
for _end, _language in ((".md", "en"), (".zh-CN.md", "zh_CN")):
    PAGES[f"docs/reference/cli{_end}"] = partial(cli_page, _language)
    PAGES[f"docs/reference/articles{_end}"] = partial(articles_page, _language)
    PAGES[f"docs/reference/words{_end}"] = partial(words_page, _language)
    PAGES[f"docs/reference/keys{_end}"] = partial(keys_page, _language)
    PAGES[f"docs/reference/rules{_end}"] = partial(rules_page, _language)
    PAGES[f"docs/reference/events{_end}"] = partial(events_page, f"docs/reference/events{_end}", _language)
    PAGES[f"docs/howto/task-verbs{_end}"] = partial(verbs_page, f"docs/howto/task-verbs{_end}", _language)


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (ROOT / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
