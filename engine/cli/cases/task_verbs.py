"""``ssj task``: 退回 撤回 回执 作废 加签 减签 批准."""

from __future__ import annotations

from typing import Any

import click

from engine.cli.options import acting
from engine.cli.session import application_of, report_answer

_REASON = click.option("--reason", default=None, help="理由")
_STEP = click.option("--step", default=None, help="签署的步骤（此环节只有一步时可省）")


@click.command("return")
@click.argument("case")
@click.argument("state")
@_REASON
@acting
@click.pass_context
def send_back(
    ctx: click.Context, /, case: str, state: str, reason: str | None, person: str, **how: Any
) -> None:
    """退回到案件经过的环节；已填的内容留在历史中。

    例：ssj task return inspection-17 to_enter --reason 文书缺页 --as chief-01
    """
    report_answer(
        application_of(ctx).send_back(case, person, state, reason=reason or "", **how), how["dry_run"]
    )


@click.command("withdraw")
@click.argument("case")
@_REASON
@acting
@click.pass_context
def withdraw(ctx: click.Context, /, case: str, reason: str | None, person: str, **how: Any) -> None:
    """撤回自己刚办的一步或自己的签名（下一位尚未办理时）。"""
    report_answer(application_of(ctx).withdraw(case, person, reason=reason, **how), how["dry_run"])


@click.command("acknowledge")
@click.argument("case")
@click.option("--reason", default=None, help="要说的话")
@acting
@click.pass_context
def acknowledge(ctx: click.Context, /, case: str, reason: str | None, person: str, **how: Any) -> None:
    """回执：收到催办；催办的人会得知。"""
    report_answer(application_of(ctx).acknowledge(case, person, reason=reason, **how), how["dry_run"])


@click.command("void")
@click.argument("case")
@_REASON
@acting
@click.pass_context
def void(ctx: click.Context, /, case: str, reason: str | None, person: str, **how: Any) -> None:
    """作废案件；须经批准的，先提出申请。"""
    report_answer(application_of(ctx).void(case, person, reason=reason or "", **how), how["dry_run"])


@click.command("add-signer")
@click.argument("case")
@click.argument("signer")
@_STEP
@_REASON
@acting
@click.pass_context
def add_signer(
    ctx: click.Context,
    /,
    case: str,
    signer: str,
    step: str | None,
    reason: str | None,
    person: str,
    **how: Any,
) -> None:
    """加签：再请一人签署。"""
    outcome = application_of(ctx).add_signer(case, person, signer, reason=reason or "", step=step, **how)
    report_answer(outcome, how["dry_run"])


@click.command("drop-signer")
@click.argument("case")
@click.argument("signer")
@_STEP
@_REASON
@acting
@click.pass_context
def drop_signer(
    ctx: click.Context,
    /,
    case: str,
    signer: str,
    step: str | None,
    reason: str | None,
    person: str,
    **how: Any,
) -> None:
    """减签：尚未签署的一人不必签。"""
    outcome = application_of(ctx).drop_signer(case, person, signer, reason=reason or "", step=step, **how)
    report_answer(outcome, how["dry_run"])


_VERB = click.argument("verb", type=click.Choice(["extend", "suspend", "return", "void"]))


@click.command("approve")
@click.argument("case")
@_VERB
@_REASON
@acting
@click.pass_context
def approve(ctx: click.Context, /, case: str, verb: str, reason: str | None, person: str, **how: Any) -> None:
    """批准他人提出的延期、挂起、退回或作废。"""
    report_answer(application_of(ctx).approve(case, person, verb, reason=reason, **how), how["dry_run"])


@click.command("deny")
@click.argument("case")
@_VERB
@_REASON
@acting
@click.pass_context
def deny(ctx: click.Context, /, case: str, verb: str, reason: str | None, person: str, **how: Any) -> None:
    """不批准他人提出的延期、挂起、退回或作废。"""
    report_answer(application_of(ctx).deny(case, person, verb, reason=reason or "", **how), how["dry_run"])


COMMANDS = (send_back, withdraw, acknowledge, void, add_signer, drop_signer, approve, deny)
