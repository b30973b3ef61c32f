"""``ssj case kit`` and ``case kit-import``: a form without a network, and what it has saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.authentication import viewing
from engine.cli.cases.answers.own_draft import refuse
from engine.cli.exits import REFUSED, USAGE, CommandError
from engine.cli.new_file import require_new, write_new
from engine.cli.options import acting
from engine.cli.output import tabbed
from engine.cli.session import answered, application_of, caller, report_answer, source_of
from engine.kernel.plain_text import visible
from engine.language import say

if TYPE_CHECKING:
    from engine.app.queries.papers.offline import RecordComparison
    from engine.documents.offline.record import OfflineRecord


@click.command("kit")
@click.argument("case")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@viewing
@click.pass_context
def kit(ctx: click.Context, case: str, file: Path, viewer: str) -> None:
    """写出离线表单：一个 HTML 文件，在手机或电脑上不联网就能打开填写。

    填完点“保存文件”，把保存的文件带回，用 case kit-import 导入。

    例：ssj case kit inspection-17 检查.html --as insp-01
    """
    from engine.app.queries.papers.offline import offline_forms
    from engine.documents.offline.kit import kit_page

    require_new(file)
    page = kit_page(answered(offline_forms(source_of(ctx), viewer, case, viewer)))
    write_new(file, page)
    click.echo(str(file))


@click.command("kit-import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--draft", is_flag=True, help="存成本人的草稿，不办理")
@click.option("--replace", is_flag=True, help="与 --draft 同用：代替已有的草稿")
@acting
@click.pass_context
def kit_import(
    ctx: click.Context,
    file: Path,
    draft: bool,
    replace: bool,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """导入离线表单保存的文件：存入其中的照片，办理那一步。同一个文件再导入一次，什么也不变。

    案件在此期间已经办过这一步的不导入，逐项并列显示已存的和文件里的。
    本人在这一步另有内容不同的草稿时，--draft 也不导入，同样并列显示；加 --replace 才代替草稿。
    """
    if replace and not draft:
        raise CommandError(say("--replace 与 --draft 同用"), USAGE)
    from engine.documents.offline.brought_back import compared, keep_as_draft, notes_on, take_step
    from engine.documents.offline.record import OfflineRecordError, read_record
    from engine.files.reading import read_file
    from engine.kernel.budget import OFFLINE_RECORD, BudgetExceededError
    from engine.kernel.refusal import Refusal

    try:
        record = read_record(read_file(file, OFFLINE_RECORD))
    except (OfflineRecordError, BudgetExceededError) as problem:
        raise CommandError(problem.message, REFUSED) from None
    application = application_of(ctx)
    found = answered(compared(source_of(ctx), person, record, request_id))
    if found.imported:
        click.echo(str(say("这个文件此前已导入，没有改动。")), err=True)
        return
    if not found.current and not draft:
        _refuse(record, found)
        return
    for note in notes_on(record, found, person):
        click.echo(visible(str(note)), err=True)
    who = caller(person, request_id=request_id, dry_run=dry_run)
    if draft:
        outcome = keep_as_draft(application, who, record, found, None if replace else "")
        if isinstance(outcome, Refusal) and outcome.reasons[0].code == "conflict":
            refuse(ctx, person, record.case, record.step, record.answers)
        for note in answered(outcome):
            click.echo(visible(str(note)), err=True)
        click.echo(tabbed(record.case, record.step))
        return
    report_answer(take_step(application, who, record, found), dry_run)


def _refuse(record: OfflineRecord, found: RecordComparison) -> None:
    """Show what is kept and what the file says side by side; end the command unless they are the same."""
    if found.same:
        click.echo(str(say("案件里已是同样的内容，没有改动。")), err=True)
        return
    for title, kept, mine in found.differing:
        click.echo(tabbed(visible(title), visible(kept) or "-", visible(mine) or "-"))
    message = say(
        "“{case}”的这一步在此期间已经办过或不再需要，文件没有导入；不同之处并列如上（栏目、已存的、文件里的）",
        case=record.case,
    )
    raise CommandError(message, REFUSED)
