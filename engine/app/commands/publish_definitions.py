"""Publishing definitions: checked as a whole, then kept as texts under a version that never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.access.command import CommandContext, command
from engine.app.access.proposals import SecondPerson
from engine.app.definitions.versions import Published, add_versions, compare_with_published
from engine.kernel.refusal import NextAction
from engine.language import say
from engine.yamltext.problem import Severity

if TYPE_CHECKING:
    from engine.definition.library import Loaded
    from engine.lifecycle.model.workflow import Workflow

__all__ = ["Published", "publish"]


def _two_agree(context: CommandContext, loaded: Loaded, note: str | None = None) -> SecondPerson | None:
    found = compare_with_published(context.transaction, loaded)
    texts = dict(sorted(found.new.items()))
    if not texts:
        # Nothing would be published.
        return None
    return SecondPerson(
        say("发布流程：{names}", names=[f"{name} {number}" for name, number in texts.items()]),
        summary={"versions": texts, "note": note},
    )


@command("definition.publish", decode=Published.from_json, second=_two_agree)
def publish(context: CommandContext, loaded: Loaded, note: str | None = None) -> Published:
    """Publish every sound workflow of `loaded` that differs from its newest version.

    Refused where the definitions have errors. Each new version is recorded in the history "definitions" as the person who
    published it.
    """
    errors = [problem for problem in loaded.problems if problem.severity is Severity.ERROR]
    if errors:
        raise context.refusal(
            "definitions",
            say("定义中有 {count} 处错误", count=len(errors)),
            next_action=NextAction("check_definitions"),
        )
    found = compare_with_published(context.transaction, loaded)
    old = [name for name in found.new if _commits_without_issues(loaded.workflows[name])]
    if old:
        raise context.refusal(
            "definitions",
            say(
                "流程 {workflows} 的抽取承诺没有写 sources（开奖来源）：新的抽取须按期号写明来源，旧协议不能再发布",
                workflows=old,
            ),
        )
    context.recorded = True
    if context.caller.dry_run:
        return found
    return add_versions(context.transaction, loaded, context.now, context.by, note)


def _commits_without_issues(workflow: Workflow) -> bool:
    """Whether a draw would be committed to under ssj-draw/1, whose sources can be known or chosen."""
    effects = (effect for transition in workflow.transitions for effect in transition.then)
    return any(effect.kind == "commit" and "sources" not in effect.arguments for effect in effects)
