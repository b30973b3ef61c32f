"""``ssj draw run``: the draw, step by step, or as a guided ceremony before witnesses, without any network."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from engine.cli.authentication import authenticate_by_password
from engine.cli.draws import acts as draw_acts
from engine.cli.draws.asking import ask
from engine.cli.exits import REFUSED, USAGE, CommandError
from engine.cli.new_file import require_new_folder, write_new_folder
from engine.cli.options import acting
from engine.cli.session import answered, application_of, caller
from engine.language import Message, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.app.commands import Caller
    from engine.app.commands.application import Application
    from engine.app.queries.draws import Ceremony
    from engine.draw.commitment import Commitment

#: How often two people may type before the ceremony is broken off.
MAX_TRIES = 3

_OUT = click.option(
    "--out",
    "directory",
    default=None,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="笔录另写到该目录（HTML 和文本），供打印签字。",
)


@click.command("run")
@click.argument("case")
@click.option("--form", "form", default=None, metavar="FILE", help="表单内容（YAML 或 JSON）")
@click.option("--reason", default=None, help="理由")
@click.option(
    "--ceremony", is_flag=True, help="引导式抽取仪式：显示承诺、两人分别录入、比对、抽取、出笔录；不联网。"
)
@click.option("--witness", default=None, metavar="ID", help="仪式上复录的见证人。")
@_OUT
@acting
@click.pass_context
def run(
    ctx: click.Context,
    case: str,
    form: str | None,
    reason: str | None,
    ceremony: bool,
    witness: str | None,
    directory: Path | None,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """用公开随机源抽取对象或人员；--ceremony 为当众举行的引导式仪式。

    \b
    例：ssj draw run batch-1 --ceremony --as drawer --witness witness --out 笔录/
    """
    if not ceremony:
        if witness is not None or directory is not None:
            raise CommandError(say("--witness 和 --out 与 --ceremony 一起用"), USAGE)
        draw_acts.take(ctx, "run", case, form, reason, person, request_id, dry_run)
        return
    from engine.app.commands.access import ask_case

    if witness is None:
        raise CommandError(say("抽取仪式须有见证人；请加 --witness ID"), USAGE)
    # Before anybody types anything.
    require_new_folder(directory, empty=False)
    if form is not None or reason is not None or request_id is not None or dry_run:
        raise CommandError(
            say("抽取仪式由两人当场录入，不用 --form、--reason、--request-id、--dry-run"), USAGE
        )
    if witness == person:
        raise CommandError(say("复录的见证人不能是录入人本人（“{person}”）", person=person), REFUSED)
    application = application_of(ctx)
    if (refused := ask_case(application, caller(person), case, "")) is not None:
        answered(refused)
    question = say("{person} 的口令", person=witness)
    authenticate_by_password(application, witness, lambda: ask(question, hidden=True))
    _hold(application, case, person, witness, directory)


@click.command("minutes")
@click.argument("batch")
@_OUT
@acting
@click.pass_context
def minutes(
    ctx: click.Context,
    batch: str,
    directory: Path | None,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """打印一次抽取的笔录并归入案件：摘要、名额、最大中签号、首末随机号、签字栏；内容相同的不重复归入。

    例：ssj draw minutes batch-1 --as drawer --out 笔录/
    """
    _file_minutes(
        application_of(ctx), caller(person, request_id=request_id, dry_run=dry_run), batch, directory
    )


def _hold(application: Application, case_id: str, person: str, witness: str, directory: Path | None) -> None:
    from engine.app.queries.draws import PublicCeremony, open_ceremony
    from engine.cli.draws.public_ceremony import hold_in_public

    ceremony = answered(open_ceremony(application, person, case_id, witness))
    if isinstance(ceremony, PublicCeremony):
        hold_in_public(application, ceremony, person, witness)
        _file_minutes(application, caller(person), case_id, directory)
        _print(
            say("请用另一台设备打开核验包核对首末随机号和结果摘要：ssj draw kit {case} 目录", case=case_id)
        )
        return
    _hold_first(application, cast("Ceremony", ceremony), person, witness, directory)


def _hold_first(
    application: Application, ceremony: Ceremony, person: str, witness: str, directory: Path | None
) -> None:
    """Hold the ceremony of a draw of ssj-draw/1, which an earlier version committed to."""
    case_id = ceremony.case.id
    _show_commitment(ceremony.commitment)
    entropy = _typed_by_two(ceremony, person, witness)
    _print(say("两人录入一致："))
    _print(f"  {entropy}/batch:{ceremony.commitment.batch_id}")
    obtained = _instant(application, ask(say("取得时刻（如 2026-03-02 14:30；直接回车为现在）")))
    source = ask(say("出处（开奖公告、掷骰记录等）")) or str(say("当众产生"))
    codes = [
        ask(say("请{name}输入代码（不显示）", name=custodian.name), hidden=True)
        for custodian in ceremony.commitment.custodians
    ]
    if ask(say("以上与原始记录逐字相符，现在抽取？输入 y 抽取")).lower() != "y":
        raise CommandError(say("未确认，没有抽取，也没有保存任何录入"), REFUSED)
    outcome = application.advance_together(
        case_id, _steps(ceremony, person, witness, entropy, obtained, source, codes)
    )
    answered(outcome)
    _file_minutes(application, caller(person), case_id, directory)
    _print(say("请用另一台设备打开核验包核对首末随机号和结果摘要：ssj draw kit {case} 目录", case=case_id))


def _steps(
    ceremony: Ceremony,
    person: str,
    witness: str,
    entropy: str,
    obtained: str,
    source: str,
    codes: list[str],
) -> list[tuple[str, str, Mapping[str, object] | None]]:
    return [
        (ceremony.typing, person, ceremony.answers(entropy, obtained, source, codes)),
        (ceremony.drawing, witness, ceremony.confirmation(entropy)),
    ]


def _show_commitment(commitment: Commitment) -> None:
    digests = commitment.digests()
    _print(say("{purpose}：{batch} 第 {number} 次抽取", **_head(commitment)))
    for title, digest in ((say("承诺 SHA-256"), digests.sha256), (say("承诺 SM3"), digests.sm3)):
        _print(title)
        eights = [digest[place : place + 8] for place in range(0, 64, 8)]
        _print(f"  {' '.join(eights[:4])}")
        _print(f"  {' '.join(eights[4:])}")
    for quota in commitment.quotas:
        _print(
            say(
                "层 {name}：在册 {listed}，可抽 {eligible}，名额 {quota}",
                name=quota.stratum,
                listed=quota.listed,
                eligible=quota.eligible,
                quota=quota.quota,
            )
        )
    _print(say("随机源规则：{rule}", rule=commitment.entropy_rule))
    _print(say("请见证人与事先公布的摘要核对，可拍照留存。"))


def _head(commitment: Commitment) -> dict[str, object]:
    return {
        "purpose": commitment.purpose,
        "batch": commitment.batch_id,
        "number": commitment.draw_no,
    }


def _typed_by_two(ceremony: Ceremony, person: str, witness: str) -> str:
    """Return the entropy once two people have typed the same, and it is of the committed form."""
    from engine.draw.refused import DrawRefused

    for _ in range(MAX_TRIES):
        first = _typing(ceremony.commitment, person)
        second = _typing(ceremony.commitment, witness)
        try:
            return ceremony.entropy(first, second)
        except DrawRefused as refused:
            click.echo(str(refused), err=True)
            click.echo(str(say("没有保存任何录入；请两人各自对照原始记录重新录入。")), err=True)
    raise CommandError(say("录入 {count} 次仍不一致或不合规定，仪式中止，没有抽取", count=MAX_TRIES), REFUSED)


def _typing(commitment: Commitment, person: str) -> dict[str, str]:
    typed = {}
    for source in commitment.entropy_sources:
        word = source.split(":", maxsplit=1)[0]
        typed[word] = ask(
            say("{person}录入 {source}（不显示）", person=person, source=source), hidden=True
        ).removeprefix(f"{word}:")
    return typed


def _instant(application: Application, text: str) -> str:
    """Return the instant somebody typed in the zone of the bureau as ISO text."""
    zone = application.definitions.time.zone
    if not text:
        return application.clock.now().astimezone(zone).replace(microsecond=0).isoformat()
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone).isoformat()
    except ValueError:
        raise CommandError(
            say("取得时刻读不出：“{seen}”；请写成 2026-03-02 14:30。没有抽取", seen=text), REFUSED
        ) from None


def _file_minutes(application: Application, who: Caller, case_id: str, directory: Path | None) -> None:
    """File the minutes, print them, and write them into `directory` where one is given."""
    from engine.app.commands.draws import file_minutes

    filed = answered(file_minutes(application, who, case_id))
    _print(filed.text.rstrip("\n"))
    if who.dry_run:
        click.echo(str(say("仅试算，未保存。")), err=True)
        return
    for document_id, name in filed.documents:
        _print(say("已归入案件：{name}（{id}）", name=name, id=document_id))
    if directory is not None:
        from engine.app.queries.draws import filed_minutes

        ids = [document_id for document_id, _ in filed.documents]
        papers = answered(filed_minutes(application, who.person, case_id, ids))
        write_new_folder(directory, {paper.name: paper.content for paper in papers}, empty=False)


def _print(line: Message | str) -> None:
    click.echo(str(line))
