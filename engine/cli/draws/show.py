"""How ``ssj draw show`` prints a draw of ssj-draw/2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from engine.cli.output import tabbed
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.queries.draws import PublicDrawView


def show_public(found: PublicDrawView) -> None:
    """Print the commitment, the sources, the quotas, and who goes where."""
    made = found.draw.commitment
    for line in (
        say("{case} 第 {number} 次抽取：{status}", case=found.case, number=found.number, status=found.status),
        say("承诺 SHA-256：{digest}", digest=found.digests.sha256),
        say("承诺 SM3：{digest}", digest=found.digests.sm3),
        say("随机源：{rule}", rule=found.rule),
        say("外部凭据：{proof}", proof=found.proof),
        say("公开随机源：{entropy}", entropy=found.entropy or "-"),
        *map(quota_line, made["quotas"]),
        *_matching(made["people_rules"]),
    ):
        click.echo(str(line))
    for visit in found.visits:
        teams: list[object] = [",".join(visit.people)]
        if visit.experts:
            teams.append(say("专家 {names}", names=list(visit.experts)))
        click.echo(tabbed(visit.position, visit.row.object_id, visit.row.stratum, visit.ticket[:16], *teams))
    if found.refused:
        click.echo(str(say("被拒绝的操作 {count} 次，见案件历史", count=found.refused)))


def _matching(rules: Mapping[str, Any] | None) -> list[Message]:
    """Return the line that says how the labels of the people fit the items, where a draw asks for it."""
    asked = {place["items"] for place in rules["places"]} if rules else set()
    if "all" in asked:
        return [say("检查人员按专业标签匹配：每人会查一户的各项")]
    return [say("检查人员按专业标签匹配：每人会查一户的至少一项")] if "any" in asked else []


def quota_line(quota: Mapping[str, Any]) -> Message:
    """Return the line of one stratum of a commitment."""
    counts = {name: quota.get(name) for name in ("listed", "eligible", "quota")}
    if counts["eligible"] is None:
        return say("层 {name}：在册 {listed}，名额 {quota}", name=quota["stratum"], **counts)
    return say("层 {name}：在册 {listed}，可抽 {eligible}，名额 {quota}", name=quota["stratum"], **counts)
