"""``ssj register import``: a file of an office into a register, all of it or nothing."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.authentication import as_person
from engine.cli.exits import REFUSED, USAGE, CommandError, said
from engine.cli.options import as_json, request_id_option
from engine.cli.output import print_json, tabbed
from engine.cli.registers.confirming import (
    confirm_value,
    confirmations_from,
    confirming,
    how_to_confirm,
)
from engine.cli.registers.kinds import KINDS
from engine.cli.session import answered, application_of, ask_first, caller, confirm, home_of
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.commands.registers import ImportOutcome, RegisterFile
    from engine.app.queries.register_changes import Imported, ImportPreview
    from engine.register.columns import Profile
    from engine.register.import_result import HiddenParts, ImportResult
    from engine.register.problem import FileProblem

#: So many groups of look-alikes, and of missing ids, are listed one by one; the others are counted.
MAX_SHOWN = 20
#: So many rows are shown of what is about to be imported.
MAX_PREVIEWED = 5


@click.command("import")
@click.argument("kind", type=KINDS)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_person("以谁的身份导入；尚无任何人员时用 system")
@click.option(
    "--profile",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="导入方案（YAML）；不写时用部署目录 profiles/ 下同名的方案，没有则用自带的",
)
@click.option("--encoding", default=None, help="CSV 的编码（默认自动识别 UTF-8、GB18030）")
@click.option("--sheet", default=None, help="Excel 的工作表名")
@click.option("--skip-bad", is_flag=True, help="跳过有误的行，其余导入；跳过的另存一个文件")
@click.option(
    "--skipped", type=click.Path(dir_okay=False, path_type=Path), default=None, help="跳过的行存到哪里"
)
@click.option("--remove-missing", is_flag=True, help="文件里没有的从名录中移出（会再确认）")
@confirming
@click.option("--yes", is_flag=True, help="不再询问")
@request_id_option
@click.option("--dry-run", is_flag=True, help="只检查，不保存")
@click.option("--preview", is_flag=True, help="先看列的对应、头几行和与名录的差别，不保存")
@as_json
@click.pass_context
def import_file(
    ctx: click.Context,
    kind: str,
    file: Path,
    person: str,
    profile: Path | None,
    encoding: str | None,
    sheet: str | None,
    skip_bad: bool,
    skipped: Path | None,
    remove_missing: bool,
    confirm_values: tuple[str, ...],
    reason: str | None,
    confirmations: Path | None,
    hidden: str | None,
    yes: bool,
    request_id: str | None,
    dry_run: bool,
    preview: bool,
    json_output: bool,
) -> None:
    """把 CSV 或 Excel 文件导入名录；有一行不对就一行也不导入，逐行说明。

    文件里没有的列保持原样；文件里没有的条目留在名录中，除非 --remove-missing。

    例：ssj register import objects objects.csv --as registrar
    """
    from engine.app.commands.registers import RegisterFile, import_register
    from engine.app.queries.register_changes import (
        check_own_profile,
        codes_in_force,
        preview_import,
        settled_file,
    )
    from engine.files.reading import read_file
    from engine.kernel.budget import TEXT
    from engine.kernel.refusal import Refusal
    from engine.register.import_result import HiddenAnswer, ImportResult, read_register

    if skipped is not None and not skip_bad:
        raise click.UsageError(str(say("--skipped 须与 --skip-bad 同用")))
    confirmed = confirmations_from(confirm_values, reason, confirmations)
    answer = HiddenAnswer(hidden) if hidden is not None else None
    application = application_of(ctx)
    by = caller(person, request_id=request_id, dry_run=dry_run or preview)
    chosen = profile_of(ctx, kind, profile)
    codes = codes_in_force(application, person)
    if isinstance(codes, Refusal):
        # Whoever may not even read registers may not change one: the command says so, and keeps the refused attempt.
        nothing = RegisterFile(profile=chosen, reading=ImportResult(kind=kind), source=file.name)
        answered(import_register(application, by, kind, nothing))
    codes = answered(codes)
    if profile is None and (own := _own_profile(ctx, kind)) is not None:
        text = read_file(own, TEXT, "").decode("utf-8", "replace")
        answered(check_own_profile(application, person, kind, text))
    ask_first(application, by, f"register.change/{kind}", kind)
    reading = read_register(kind, file, chosen, encoding, sheet=sheet, codes=codes, hidden=answer)
    taken = RegisterFile(
        profile=chosen,
        reading=reading,
        source=file.name,
        skip_bad=skip_bad,
        remove_missing=remove_missing,
        hidden=answer,
    )
    if reading.problems and not reading.faults:
        settled = settled_file(application, person, kind, taken, confirmed)
        if isinstance(settled, Refusal):
            # The command refuses it in the same way, and keeps the refused attempt.
            answered(import_register(application, by, kind, taken, confirmed))
        reading = answered(settled).file.reading
    taken = _shown_whole(taken) if preview else taken
    _refuse_bad(file, reading, skip_bad, remove_missing, json_output)
    plan = preview_import(application, person, kind, taken, confirmed)
    if isinstance(plan, Refusal):
        # The command refuses it in the same way, and keeps the refused attempt. Nothing was agreed to.
        refused = replace(taken, agreed_removals=frozenset())
        answered(import_register(application, by, kind, refused, confirmed))
    plan = answered(plan)
    if preview and not json_output:
        _preview(reading, plan)
    for note in _notes(reading, plan):
        click.echo(said(note), err=True)
    if by.dry_run:
        _report(kind, reading, plan, plan.outcome, None, json_output)
        click.echo(str(say("仅试算，未保存。")), err=True)
        return
    if plan.outcome.removed:
        confirm(say("将从名录中移出 {count} 条。继续？", count=plan.outcome.removed), yes)
        taken = replace(taken, agreed_removals=frozenset(plan.outcome.missing))
    taken = replace(taken, agreed_changes=plan.mark)
    written = _written_skipped(reading, skipped or _free_name(file)) if reading.problems else None
    outcome = answered(import_register(application, by, kind, taken, confirmed))
    if outcome.repeated:
        click.echo(str(say("该请求此前已办理，未重复办理。")), err=True)
    _report(kind, reading, plan, outcome, written, json_output)


def _written_skipped(reading: ImportResult, file: Path) -> Path:
    from engine.register.import_result import write_skipped

    if os.path.lexists(file):
        raise CommandError(say("“{file}”已经存在；请用 --skipped 换一个文件名", file=file), USAGE)
    write_skipped(reading, file)
    return file


def _shown_whole(taken: RegisterFile) -> RegisterFile:
    """Return a file as its preview shows it: all of it, with a word that somebody will have to answer about the hidden."""
    from engine.register.import_result import HiddenAnswer

    if taken.reading.hidden is None or taken.hidden is not None:
        return taken
    click.echo(said(_ask_hidden(taken.reading.hidden)), err=True)
    return replace(taken, hidden=HiddenAnswer.INCLUDE)


def _ask_hidden(hidden: HiddenParts) -> Message:
    from engine.cli.next_actions import next_text
    from engine.kernel.refusal import NextAction
    from engine.register.import_result import hidden_sentence

    return say(
        "{reason}；{next}", reason=hidden_sentence(hidden), next=next_text(NextAction("answer_hidden"))
    )


def profile_of(ctx: click.Context, kind: str, file: Path | None) -> Profile:
    """Return the profile in `file`, else the deployment's own, else the built-in one; ends the command where it is wrong."""
    from engine.register.profile import built_in, load_profile

    file = file or _own_profile(ctx, kind)
    if file is None:
        return built_in(kind)
    found, problems = load_profile(file)
    if found is None:
        raise CommandError("\n".join(map(str, problems)), REFUSED)
    return found


def _own_profile(ctx: click.Context, kind: str) -> Path | None:
    """Return the deployment's own way of reading a register; None where it has none."""
    file = home_of(ctx).path / "profiles" / f"{kind}.yaml"
    return file if file.is_file() else None


def _preview(reading: ImportResult, plan: ImportPreview) -> None:
    """Show how the columns are read, what the first rows become, and what differs from the register."""
    click.echo(str(say("列的对应：")))
    for title, column, meaning in reading.mapping:
        click.echo("  " + tabbed(title, column, meaning))
    click.echo(str(say("头几行：")))
    for entry in plan.entries[:MAX_PREVIEWED]:
        shown = " ".join(f"{name}={value}" for name, value in entry.data.items())
        click.echo("  " + tabbed(entry.id, entry.name, entry.section or "-", shown))
    if plan.changed:
        click.echo(str(say("与名录不同的：")))
    for entry_id, columns in list(plan.changed.items())[:MAX_SHOWN]:
        for name, (old, new) in columns.items():
            change = f"{'-' if old is None else old} → {'-' if new is None else new}"
            click.echo("  " + tabbed(entry_id, name, change))


def _refuse_bad(
    file: Path, reading: ImportResult, skip_bad: bool, remove_missing: bool, json_output: bool
) -> None:
    """Print everything that is wrong; ends the command where nothing may be imported."""
    if json_output and not reading.ok and (reading.faults or not skip_bad):
        print_json({"file": str(file), "imported": False, **_problems(reading)})
    lines: list[object] = [
        say("{file}：{message}", file=file, message=_fault_text(fault)) for fault in reading.faults
    ]
    lines += [say("{file}：{message}", file=file, message=problem) for problem in reading.problems]
    if reading.faults:
        raise CommandError("\n".join(map(said, [*lines, say("没有导入任何内容。")])), REFUSED)
    if not reading.problems:
        return
    if not skip_bad:
        lines += how_to_confirm(reading)
        lines.append(
            say(
                "共 {rows} 行，{bad} 行有误，没有导入任何内容。请改正后重新导入，或加 --skip-bad 跳过这些行",
                rows=reading.rows,
                bad=len(reading.bad_rows),
            )
        )
        raise CommandError("\n".join(map(said, lines)), REFUSED)
    if remove_missing:
        lines.append(
            say(
                "有误的行会被当作“文件里没有”而移出名录，因此 --skip-bad 与 --remove-missing 不能同用；请先改正"
            )
        )
        raise CommandError("\n".join(map(said, lines)), REFUSED)
    click.echo("\n".join(map(said, lines)), err=True)


def _notes(reading: ImportResult, plan: ImportPreview) -> list[Message]:
    outcome = plan.outcome
    notes = list(reading.notes)
    notes += [one.sentence() for one in plan.confirmed]
    if reading.ignored_columns:
        notes.append(say("以下各列名录里没有，未导入：{columns}", columns=list(reading.ignored_columns)))
    if plan.kept:
        notes.append(say("文件里没有的列，原有条目保持原样：{columns}", columns=list(plan.kept)))
    notes += [say("请核对是否重复：{group}", group=str(group)) for group in plan.lookalikes[:MAX_SHOWN]]
    if len(plan.lookalikes) > MAX_SHOWN:
        rest = len(plan.lookalikes) - MAX_SHOWN
        notes.append(say("另有 {count} 组可能重复；用 --json 查看全部", count=rest))
    if outcome.missing:
        shown = list(outcome.missing[:MAX_SHOWN])
        if outcome.removed:
            notes.append(
                say("文件里没有、将移出的：{ids} 等 {count} 条", ids=shown, count=len(outcome.missing))
            )
        else:
            notes.append(
                say("文件里没有、名录里仍保留的：{ids} 等 {count} 条", ids=shown, count=len(outcome.missing))
            )
    return notes


def _report(
    kind: str,
    reading: ImportResult,
    plan: ImportPreview,
    outcome: Imported | ImportOutcome,
    written: Path | None,
    json_output: bool,
) -> None:
    if json_output:
        print_json(
            {
                "kind": kind,
                "imported": True,
                "rows": reading.rows,
                "added": outcome.added,
                "changed": outcome.changed,
                "same": outcome.same,
                "missing": list(outcome.missing),
                "removed": outcome.removed,
                "skipped": len(reading.bad_rows),
                "skipped_file": str(written) if written else None,
                "near_duplicates": [
                    {"ids": list(g.ids), "names": list(g.names), "reason": g.reason.value}
                    for g in plan.lookalikes
                ],
                **({"confirmed": [one.as_json() for one in plan.confirmed]} if plan.confirmed else {}),
                **({"hidden": reading.hidden.as_json()} if reading.hidden is not None else {}),
                **_problems(reading),
            }
        )
    else:
        click.echo(
            str(
                say(
                    "新增 {added}，改动 {changed}，未变 {same}，缺少 {missing}（移出 {removed}），跳过 {skipped}",
                    added=outcome.added,
                    changed=outcome.changed,
                    same=outcome.same,
                    missing=len(outcome.missing),
                    removed=outcome.removed,
                    skipped=len(reading.bad_rows),
                )
            )
        )
    if written is not None:
        click.echo(
            str(
                say(
                    "跳过的 {count} 行存于 {file}，改正后可直接导入",
                    count=len(reading.bad_rows),
                    file=written,
                )
            ),
            err=True,
        )


def _problems(reading: ImportResult) -> dict[str, Any]:
    return {
        "faults": [_fault_text(fault) for fault in reading.faults],
        "problems": [
            {
                "row": p.row,
                "column": p.column,
                "seen": p.seen,
                "expected": str(p.expected),
                "hint": str(p.hint) if p.hint else None,
                **({"confirm": confirm_value(p)} if p.unusual is not None else {}),
            }
            for p in reading.problems
        ],
    }


def _fault_text(fault: FileProblem) -> str:
    """Return what is wrong with a file, with the option that helps where there is one."""
    if fault.next is None:
        return str(fault)
    from engine.cli.next_actions import next_text

    return str(replace(fault, hint=next_text(fault.next)))


def _free_name(file: Path) -> Path:
    """Return a name beside `file` that nothing stands under."""
    number, name = 1, file.with_name(f"{file.stem}-skipped.csv")
    while name.exists():
        number += 1
        name = file.with_name(f"{file.stem}-skipped-{number}.csv")
    return name
