"""``ssj demo``: a whole year on a virtual clock, and a summary of what happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.console import note_that_it_acts
from engine.cli.exits import ENVIRONMENT, REFUSED, USAGE, CommandError
from engine.cli.options import as_json
from engine.cli.output import print_json
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.demo.people import DemoStuckError


@click.command("demo")
@click.argument("directory", metavar="[DIR]", default="demo", type=click.Path(path_type=Path))
@click.option(
    "--objects",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    help="检查对象名录（CSV 或 Excel）；不给则用虚构的",
)
@click.option("--seed", default="2024", show_default=True, help="模拟用的种子；换一个，骰子和人的举动都不同")
@as_json
def demo(directory: Path, objects: Path | None, seed: str, json_output: bool) -> None:
    """用虚拟时钟走完一整年：名录、计划、抽取、检查、公示、处置、移送、归档、督导。

    中途被打断时，对同一目录再运行一次，就从断处接着走。

    例：ssj demo demo --objects objects.csv
    """
    from engine.demo.people import DemoStuckError
    from engine.demo.run_state import DemoInUseError
    from engine.demo.set_up import ObjectsFileError, run_demo
    from engine.deployment.set_up import FolderNotEmptyError

    note_that_it_acts()

    def tell(found: dict[str, Any], notes: list[Message]) -> None:
        for note in notes:
            click.echo(str(note), err=True)
        if json_output:
            print_json(found)
        else:
            click.echo(_summary(found, directory))

    try:
        run_demo(directory, objects, seed, tell)
    except DemoInUseError as problem:
        raise CommandError(problem.message, ENVIRONMENT) from None
    except FolderNotEmptyError as problem:
        raise CommandError(problem.message, USAGE) from None
    except ObjectsFileError as problem:
        raise CommandError(problem.message, REFUSED) from None
    except DemoStuckError as problem:
        raise CommandError(_stopped(problem), REFUSED) from None


def _stopped(problem: DemoStuckError) -> Message:
    """Return what stopped the demonstration; only a draw from a small register is put down to its size."""
    from engine.demo.people import ENOUGH

    refusal = str(problem.refusal)
    if problem.few:
        return say(
            "演示在“{case}”停住了：{refusal}\n名录太小时抽不满各层名额；请给 {enough} 户以上的名录",
            case=problem.case,
            refusal=refusal,
            enough=ENOUGH,
        )
    return say("演示在“{case}”停住了：{refusal}", case=problem.case, refusal=refusal)


def _summary(found: dict[str, Any], directory: Path) -> str:
    """Return the summary as a person enjoys reading it."""
    from engine.app.queries.reports import Measure

    coverage = Measure("", found["covered"], found["objects"]).percent()
    by_risk = Measure("", found["drawn_by_risk"], found["drawn"]).percent()
    lines = [
        say("示例区人社局“双随机、一公开”的一年（{days} 天，全部虚构）", days=found["days"]),
        "",
        say(
            "名录库 {objects} 户，抽取 {drawn} 户次，覆盖 {coverage}（目标 {target}）",
            coverage=coverage,
            target=found["targets"].get("coverage", "-"),
            **_some(found, "objects", "drawn"),
        ),
        say(
            "按信用风险分级抽取的占 {share}（目标 {target}）",
            share=by_risk,
            target=found["targets"].get("risk_based_share", "-"),
        ),
        say(
            "检查 {inspected} 户次，公示 {published} 件，其中按期 {published_on_time} 件",
            **_some(found, "inspected", "published", "published_on_time"),
        ),
        say(
            "后续处置 {follow_ups} 件，抄告移送 {referrals} 件，涉嫌犯罪移送 {criminal_referrals} 件",
            **_some(found, "follow_ups", "referrals", "criminal_referrals"),
        ),
        say(
            "督导回访 {callbacks} 户，更换检查人员 {replaced_inspectors} 次",
            **_some(found, "callbacks", "replaced_inspectors"),
        ),
        say(
            "提醒 {reminders} 次，逾期 {overdue} 次，升级督办 {escalations} 次，发出消息 {notifications} 条",
            **_some(found, "reminders", "overdue", "escalations", "notifications"),
        ),
        say("拒绝不合规的操作 {refused} 次", **_some(found, "refused")),
        say(
            "案件 {cases} 件，办结归档后未结 {open} 件；历史 {events} 条，逐条相链",
            **_some(found, "cases", "open", "events"),
        ),
        "",
        say("部署留在 {path}：", path=directory),
        say("  ssj --home {path} case tree annual_plan-1      看一年的全部案件", path=directory),
        say("  ssj --home {path} case history inspection-1    看一户的全部经过", path=directory),
        say("  ssj --home {path} audit verify                 核验全部历史", path=directory),
        say("  ssj --home {path} serve                        接着用真实时钟运行", path=directory),
        say("  公示网站：{path}/public/index.html", path=directory),
    ]
    return "\n".join(str(line) for line in lines)


def _some(found: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: found[name] for name in names}
