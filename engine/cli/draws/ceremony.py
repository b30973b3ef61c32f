"""``ssj draw run``: the draw, step by step, or as a guided ceremony before witnesses, without any network."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.draws import acts as draw_acts
from engine.cli.exits import ENVIRONMENT, REFUSED, USAGE, CommandError
from engine.cli.options import acting
from engine.cli.session import application_of
from engine.language import Message, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.app.commands.application import Application
    from engine.app.draws.ceremony import Ceremony
    from engine.draw.commitment import Commitment

#: How often two people may type before the ceremony is broken off.
TRIES = 3

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
    if witness is None:
        raise CommandError(say("抽取仪式须有见证人；请加 --witness ID"), USAGE)
    if form is not None or reason is not None or request_id is not None or dry_run:
        raise CommandError(
            say("抽取仪式由两人当场录入，不用 --form、--reason、--request-id、--dry-run"), USAGE
        )
    if witness == person:
        raise CommandError(say("复录的见证人不能是录入人本人（“{person}”）", person=person), REFUSED)
    application = application_of(ctx)
    _prove(application, witness)
    _hold(application, case, person, witness, directory)


@click.command("minutes")
@click.argument("batch")
@_OUT
@click.pass_context
def minutes(ctx: click.Context, batch: str, directory: Path | None) -> None:
    """打印一次抽取的笔录并归入案件：摘要、名额、最大中签号、首末随机号、签字栏。"""
    _write_minutes(application_of(ctx), batch, directory)


def _prove(application: Application, witness: str) -> None:
    """Ask the witness for the password where the deployment asks for proof; a token in the environment is the other's."""
    from engine.cli.authentication import REQUIRED

    if application.settings.get("sign_in") != REQUIRED:
        return
    from engine.app.sign_in.passwords import PasswordsMissingError
    from engine.app.sign_in.sign_in import NotSignedIn, sign_in_with_password

    try:
        outcome = sign_in_with_password(
            application, witness, _ask(say("{person} 的口令", person=witness), hidden=True)
        )
    except PasswordsMissingError as problem:
        raise CommandError(problem.message, ENVIRONMENT) from None
    if isinstance(outcome, NotSignedIn):
        raise CommandError(outcome.message, REFUSED)


def _hold(application: Application, case_id: str, person: str, witness: str, directory: Path | None) -> None:
    from engine.app.draws.ceremony import open_ceremony
    from engine.app.people.directory import find_actor
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.draw.refused import DrawRefused
    from engine.kernel.refusal import Refusal

    with application.store.read() as transaction:
        case = transaction.cases.get(case_id)
        if case is None:
            raise CommandError(say("没有案件“{case}”；用 ssj case list 查看", case=case_id))
        for one in (person, witness):
            if find_actor(transaction, one) is None:
                raise CommandError(
                    say("名录中没有“{person}”这个人；用 ssj register list people 查看", person=one), REFUSED
                )
        try:
            ceremony = open_ceremony(UnitOfWork(application, transaction, application.clock.now()), case)
        except DrawRefused as refused:
            raise CommandError(refused, REFUSED) from None
    _show_commitment(ceremony.commitment)
    entropy = _typed_by_two(ceremony.commitment, person, witness)
    _tell(say("两人录入一致："))
    _tell(f"  {entropy}/batch:{ceremony.commitment.batch_id}")
    obtained = _instant(application, _ask(say("取得时刻（如 2026-03-02 14:30；直接回车为现在）")))
    source = _ask(say("出处（开奖公告、掷骰记录等）")) or str(say("当众产生"))
    codes = [
        _ask(say("请{name}输入代码（不显示）", name=custodian.name), hidden=True)
        for custodian in ceremony.commitment.custodians
    ]
    if _ask(say("以上与原始记录逐字相符，现在抽取？输入 y 抽取")).lower() != "y":
        raise CommandError(say("未确认，没有抽取，也没有保存任何录入"), REFUSED)
    outcome = application.advance_together(
        case_id, _steps(ceremony, person, witness, entropy, obtained, source, codes)
    )
    if isinstance(outcome, Refusal):
        raise CommandError(outcome, REFUSED)
    _write_minutes(application, case_id, directory)
    _tell(say("请用另一台设备打开核验包核对首末随机号和结果摘要：ssj draw kit {case} 目录", case=case_id))


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
    _tell(say("{purpose}：{batch} 第 {number} 次抽取", **_head(commitment)))
    for title, digest in ((say("承诺 SHA-256"), digests.sha256), (say("承诺 SM3"), digests.sm3)):
        _tell(title)
        eights = [digest[place : place + 8] for place in range(0, 64, 8)]
        _tell(f"  {' '.join(eights[:4])}")
        _tell(f"  {' '.join(eights[4:])}")
    for quota in commitment.quotas:
        _tell(
            say(
                "层 {name}：在册 {listed}，可抽 {eligible}，名额 {quota}",
                name=quota.stratum,
                listed=quota.listed,
                eligible=quota.eligible,
                quota=quota.quota,
            )
        )
    _tell(say("随机源规则：{rule}", rule=commitment.entropy_rule))
    _tell(say("请见证人与事先公布的摘要核对，可拍照留存。"))


def _head(commitment: Commitment) -> dict[str, object]:
    return {
        "purpose": commitment.purpose,
        "batch": commitment.batch_id,
        "number": commitment.draw_no,
    }


def _typed_by_two(commitment: Commitment, person: str, witness: str) -> str:
    """Return the entropy once two people have typed the same, and it is of the committed form."""
    from engine.app.draws.ceremony import compare, joined
    from engine.draw.refused import DrawRefused

    for _ in range(TRIES):
        first = _typing(commitment, person)
        second = _typing(commitment, witness)
        try:
            compare(first, second)
            return joined(commitment, first)
        except DrawRefused as refused:
            click.echo(str(refused), err=True)
            click.echo(str(say("没有保存任何录入；请两人各自对照原始记录重新录入。")), err=True)
    raise CommandError(say("录入 {count} 次仍不一致或不合规定，仪式中止，没有抽取", count=TRIES), REFUSED)


def _typing(commitment: Commitment, person: str) -> dict[str, str]:
    typed = {}
    for source in commitment.entropy_sources:
        word = source.split(":", maxsplit=1)[0]
        typed[word] = _ask(
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


def _write_minutes(application: Application, case_id: str, directory: Path | None) -> None:
    from engine.app.draws.minutes import write_minutes
    from engine.app.draws.records import record_of
    from engine.app.ports.documents import DocumentError
    from engine.app.session.unit_of_work import UnitOfWork

    with application.store.write() as transaction:
        case, row = transaction.cases.get(case_id), transaction.records.draw(case_id)
        if case is None or row is None:
            raise CommandError(say("“{batch}”没有抽取记录；用 ssj draw list 查看", batch=case_id))
        try:
            text, documents = write_minutes(
                UnitOfWork(application, transaction, application.clock.now()), case, record_of(row)
            )
        except DocumentError as problem:
            raise CommandError(problem.message, REFUSED) from None
    _tell(text.rstrip("\n"))
    for document in documents:
        _tell(say("已归入案件：{name}（{id}）", name=document.name, id=document.id))
        if directory is not None:
            directory.mkdir(parents=True, exist_ok=True)
            (directory / document.name).write_bytes(document.content)


def _ask(question: Message, hidden: bool = False) -> str:
    """Ask on a terminal; without one, take the next line of standard input."""
    if sys.stdin.isatty():
        return str(
            click.prompt(str(question), default="", show_default=False, hide_input=hidden, err=True)
        ).strip()
    click.echo(str(question), err=True)
    line = sys.stdin.readline()
    if not line:
        raise CommandError(say("输入到此为止，仪式没有办完；没有抽取，也没有保存任何录入"), REFUSED)
    return line.strip()


def _tell(line: Message | str) -> None:
    click.echo(str(line))
