"""``ssj draw forecast``: counts and chances of a draw before it is committed to."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import click

from engine.cli.authentication import viewing
from engine.cli.options import as_json
from engine.cli.output import print_json
from engine.cli.session import answered, source_of
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.queries.draws import BatchForecast

#: How many pairs of the table people are shown; ``--json`` has them all.
PAIRS = 20


@click.command("forecast")
@click.argument("batch")
@click.option(
    "--simulations",
    type=click.IntRange(1, 100_000),
    default=None,
    help="测算人员机会时模拟抽取的次数；不写则按户数取 10 至 300 次。",
)
@viewing
@as_json
@click.pass_context
def forecast(ctx: click.Context, batch: str, simulations: int | None, viewer: str, json_output: bool) -> None:
    """承诺以前测算：户数、合并事项少上门的次数、各层名额与实际比例、全年覆盖、人员负担、对象与人员相遇的机会。

    只有数，没有名单：模拟所用的种子与公开随机源无关，预先看不到谁会被抽中。
    """
    from engine.app.queries.draws import forecast_draw

    found = answered(forecast_draw(source_of(ctx), viewer, batch, simulations))
    if json_output:
        print_json(found.as_json())
        return
    for line in _lines(found):
        click.echo(str(line))
    for warning in found.warnings:
        click.echo(str(say("提示：{warning}", warning=str(warning))), err=True)


def _lines(found: BatchForecast) -> list[Message | str]:
    """Return the forecast as lines for people; of the pair table the highest."""
    out: list[Message | str] = [
        say(
            "预计检查 {visits} 户、{jobs} 人次；合并事项后少上门 {saved} 次（分项检查需 {checks} 次）",
            visits=found.visits,
            jobs=found.jobs,
            saved=_number(found.saved),
            checks=_number(found.checks),
        ),
        say(
            "本年已覆盖 {before}，本次以后预计 {after}",
            before=_percent(found.covered),
            after=_percent(found.covered_after),
        ),
    ]
    out += [
        say(
            "“{name}”层：在册 {listed}，来源登记 {source}，可抽 {eligible}；比例 {ratio}，名额 {quota}，实际 {chance}，"
            "占本次 {share}；本年已覆盖 {covered} 户，预计至 {after} 户",
            name=one.name,
            listed=one.listed,
            source="-" if one.source is None else one.source,
            eligible=one.eligible,
            ratio=one.ratio,
            quota=one.quota,
            chance=_percent(one.chance),
            share=_percent(one.share),
            covered=one.covered,
            after=_number(one.covered_after),
        )
        for one in found.classes
    ]
    out += [
        say("不参加抽取（{reason}）：{count} 户", reason=reason, count=count)
        for reason, count in found.excluded.items()
    ]
    if found.people:
        out.append(
            say("人员（模拟 {count} 次）：本年已办、本次预计、最可能遇到的一户", count=found.simulations)
        )
    out += [
        f"  {one.person}\t{one.load}\t+{_number(one.expected)}\t{one.object_id} {_percent(one.highest)}"
        for one in found.people
    ]
    if found.pairs:
        out.append(
            say(
                "抽中后对象（括号内为情形相同的户数）与人员相遇的机会，最高的 {count} 对：",
                count=min(PAIRS, len(found.pairs)),
            )
        )
    out += [
        say(
            "  {object}（{alike}）\t{person}\t{chance}",
            object=one.object_id,
            alike=one.alike,
            person=one.person,
            chance=_percent(one.chance),
        )
        for one in found.pairs[:PAIRS]
    ]
    return out


def _percent(value: Fraction) -> str:
    """Return a ratio in per cent with two digits, cut off."""
    hundredths = value.numerator * 10_000 // value.denominator
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def _number(value: Fraction) -> str:
    """Return a number with two digits, cut off."""
    hundredths = value.numerator * 100 // value.denominator
    return f"{hundredths // 100}.{hundredths % 100:02d}" if hundredths % 100 else str(hundredths // 100)
