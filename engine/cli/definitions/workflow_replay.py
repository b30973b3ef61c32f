"""``replay``: the cases of a period, tried by the text of a process that is not published yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.authentication import viewing
from engine.cli.definitions.workflow_migrate import rename_options, renames_given
from engine.cli.exits import REFUSED, USAGE, CommandError
from engine.cli.options import as_json
from engine.cli.output import print_json
from engine.cli.session import answered, home_of, source_of
from engine.kernel.plain_text import visible
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.queries.definitions import TriedCase, TriedCases

#: Cases shown one by one where nobody says how many.
SHOWN = 20


@click.command("replay")
@click.argument("workflow")
@click.option("--year", type=click.IntRange(2000, 9998), default=None, help="哪一年的案件")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), default=None, help="期间的第一天")
@click.option("--until", "last", type=click.DateTime(["%Y-%m-%d"]), default=None, help="期间的最后一天")
@rename_options
@click.option("--limit", type=click.IntRange(0), default=SHOWN, show_default=True, help="逐件列出多少件")
@viewing
@as_json
@click.pass_context
def replay(
    ctx: click.Context,
    workflow: str,
    year: int | None,
    first: date | None,
    last: date | None,
    map_file: Path | None,
    renames: tuple[str, ...],
    limit: int,
    viewer: str,
    json_output: bool,
) -> None:
    """拿办过的真实案件试改动：按目录里改过的流程，把一段时间的案件逐步重算一遍，说明哪些会办得不一样。

    每一步单独看：案件当时的样子、当时的人、当时的填写，换了新写法能不能办、转到哪里、时限到哪天、还要填什么。
    办结的和在办的都算，只算看得到的案件；不保存，不改任何案件。

    例：ssj workflow replay inspection --year 2024

    退出码：0 没有不同；1 有不同。
    """
    from engine.app.queries.definitions import try_on_cases
    from engine.deployment.set_up import load_definitions

    if year is not None and first is None and last is None:
        days = (date(year, 1, 1), date(year, 12, 31))
    elif year is None and first is not None and last is not None:
        days = (date(first.year, first.month, first.day), date(last.year, last.month, last.day))
    else:
        raise CommandError(say("请写 --year，或者 --from 和 --until"), USAGE)
    known = renames_given(workflow, map_file, renames)
    loaded = load_definitions(home_of(ctx))
    found = answered(
        try_on_cases(source_of(ctx), viewer, loaded, workflow, *days, renames=known, limit=limit)
    )
    if json_output:
        print_json(found.as_json())
    else:
        for line in _lines(found):
            click.echo(str(line))
    if found.otherwise:
        raise SystemExit(REFUSED)


def _lines(found: TriedCases) -> Iterator[Message | str]:
    from engine.lifecycle.migration.decided_by_other import OTHERWISE_WORDS, OtherwiseKind

    for case in found.cases:
        yield from _of_case(case)
    if found.otherwise > len(found.cases):
        yield say("……另有 {count} 件", count=found.otherwise - len(found.cases))
    yield say(
        "试了 {looked} 件，{otherwise} 件会有不同；比对 {compared} 步，{unknown} 步无从比对",
        looked=found.looked,
        otherwise=found.otherwise,
        compared=found.compared,
        unknown=found.unknown,
    )
    for kind, count in sorted(found.kinds.items()):
        yield say("  {kind}：{count} 件", kind=OTHERWISE_WORDS[OtherwiseKind(kind)], count=count)


def _of_case(case: TriedCase) -> Iterator[Message | str]:
    from engine.lifecycle.migration.decided_by_other import OTHERWISE_WORDS

    yield say("{case}  {title}", case=case.case, title=visible(case.title))
    for one in case.found:
        words = {"day": one.on, "step": one.step, "kind": OTHERWISE_WORDS[one.kind]}
        yield say("  {day} {step}：{kind}：{sentence}", sentence=one.sentence, **words)
