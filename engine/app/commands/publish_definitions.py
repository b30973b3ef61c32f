"""Publishing definitions: checked as a whole, then kept as texts under a version that never changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.app.access.command import CommandContext, command, refused
from engine.app.access.proposals import CONFIRMED, OPEN, SecondPerson
from engine.app.definitions.exchange_versions import unfilled
from engine.app.definitions.paper_versions import unprintable
from engine.app.definitions.versions import (
    Published,
    add_version_again,
    add_versions,
    compare_with_published,
)
from engine.app.session.refused import CommandRefused
from engine.kernel.did_you_mean import did_you_mean
from engine.kernel.refusal import NextAction, RefusalReason
from engine.language import say
from engine.yamltext.problem import Severity

if TYPE_CHECKING:
    from engine.app.ports.records import Version
    from engine.definition.library import Loaded
    from engine.lifecycle.model.workflow import Workflow

__all__ = ["OVERTAKEN", "Published", "publish", "publish_again"]


#: The code of the refusal that says that somebody else has published meanwhile.
OVERTAKEN = "overtaken"
#: So many files are named to the second person in the title; the summary has all of them.
NAMED = 5


def _asked(
    loaded: Loaded,
    note: str | None = None,
    only: Sequence[str] = (),
    base: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    found: dict[str, Any] = {"loaded": loaded, "note": note}
    if only:
        found["only"] = list(only)
    if base:
        found["base"] = dict(base)
    return found


def _two_agree(
    context: CommandContext,
    loaded: Loaded,
    note: str | None = None,
    only: Sequence[str] = (),
    base: Mapping[str, int] | None = None,
) -> SecondPerson | None:
    found = compare_with_published(context.transaction, loaded, only)
    _require_newest(context, found, base or {})
    return _agreement(context, found, note)


def _agreement(context: CommandContext, found: Published, note: str | None) -> SecondPerson | None:
    texts = dict(sorted(found.new.items()))
    if not texts and not found.files:
        # Nothing would be published.
        return None
    for one in context.transaction.proposals.all():
        versions = one.summary.get("versions")
        if (
            (one.by, one.use_case) == (context.by, "definition.publish")
            and one.status in (OPEN, CONFIRMED)
            and isinstance(versions, Mapping)
            and texts
            and versions.keys() == texts.keys()
            and dict(versions) != texts
        ):
            # What was agreed to was another version: somebody has published in between.
            raise _overtaken(context, {name: number - 1 for name, number in versions.items()}, one.id)
    names = [f"{name} {number}" for name, number in texts.items()]
    summary: dict[str, Any] = {"versions": texts, "note": note}
    title = say("发布流程：{names}", names=names)
    if found.files:
        summary["files"] = dict(found.files)
        paths = list(found.files)
        title = say(
            "发布流程：{names}；文书模板等文件 {count} 个：{paths}",
            names=names or "-",
            count=len(paths),
            paths=paths[:NAMED],
        )
    return SecondPerson(title, summary=summary)


def _require_newest(context: CommandContext, found: Published, base: Mapping[str, int]) -> None:
    """Refuse where a workflow that would be published was changed by somebody since the version it was edited from."""
    behind = {
        name: number for name, number in base.items() if name in found.new and found.new[name] - 1 != number
    }
    if behind:
        raise _overtaken(context, behind)


def _overtaken(
    context: CommandContext, base: Mapping[str, int], proposal: str | None = None
) -> CommandRefused:
    reasons = []
    for name, number in base.items():
        newest = context.transaction.definitions.version(name)
        if newest is None or newest.number == number:
            continue
        message = say(
            "“{workflow}”是由第 {base} 版改来的，其后“{by}”已发布第 {newest} 版；请对照两处改动，合成一份再发布",
            workflow=name,
            base=number,
            by=newest.published_by,
            newest=newest.number,
        )
        following = NextAction("withdraw_proposal", {"id": proposal}) if proposal else None
        reasons.append(RefusalReason(OVERTAKEN, message, field=name, next=following))
    return refused(*reasons)


@command("definition.publish", decode=Published.from_json, asked=_asked, second=_two_agree)
def publish(
    context: CommandContext,
    loaded: Loaded,
    note: str | None = None,
    only: Sequence[str] = (),
    base: Mapping[str, int] | None = None,
) -> Published:
    """Publish every sound workflow of `loaded` that differs from its newest version; of them `only`, where some are named.

    The files beside them (templates of papers, kinds of public pages) that differ are published too, and act from then on.
    Refused where the definitions have errors (with `only`: those the named ones rest on), and where `base` (workflow -> the
    version its text was edited from) is no longer the newest, or where a template asks of running cases what their version
    does not have, or where a format of a workbook names what no version would have. Each new version is recorded in the history "definitions" as
    the person who published it.
    """
    unknown = [name for name in only if name not in loaded.workflows]
    files = {file for name in only if name in loaded.workflows for file in loaded.library.texts_of(name)}
    errors = [
        problem
        for problem in loaded.problems
        if problem.severity is Severity.ERROR and (not only or unknown or problem.file in files)
    ]
    if errors:
        raise context.refusal(
            "definitions",
            say("定义中有 {count} 处错误", count=len(errors)),
            next_action=NextAction("check_definitions"),
        )
    if unknown:
        hint = did_you_mean(unknown[0], loaded.workflows)
        raise refused(RefusalReason("workflow", say("没有流程“{workflow}”", workflow=unknown[0]), hint=hint))
    found = compare_with_published(context.transaction, loaded, only)
    _require_newest(context, found, base or {})
    old = [name for name in found.new if _commits_without_issues(loaded.workflows[name])]
    if old:
        raise context.refusal(
            "definitions",
            say(
                "流程 {workflows} 的抽取承诺没有写 sources（开奖来源）：新的抽取须按期号写明来源，旧协议不能再发布",
                workflows=old,
            ),
        )
    # Templates are of all processes, whichever are named.
    of = () if found.files else only
    broken = unprintable(context.transaction, context.services.definitions, loaded, found.same, of)
    empty, notes = unfilled(context.transaction, context.services.definitions, loaded, found, only)
    if reasons := (*broken, *empty):
        raise refused(*reasons)
    context.recorded = True
    said = tuple(str(one) for one in notes)
    if context.caller.dry_run:
        return replace(found, notes=said)
    done = add_versions(context.transaction, loaded, context.now, context.by, note, only)
    return replace(done, notes=said)


def _again(
    context: CommandContext, workflow: str, version: int, note: str | None = None
) -> SecondPerson | None:
    older, newest = _older(context, workflow, version), context.transaction.definitions.version(workflow)
    if newest is None or newest.digest == older.digest:
        return None
    return _agreement(context, Published({workflow: newest.number + 1}, {}), note)


@command("definition.publish", decode=Published.from_json, second=_again)
def publish_again(context: CommandContext, workflow: str, version: int, note: str | None = None) -> Published:
    """Publish the texts of an older version of `workflow` again, byte for byte, as its newest version."""
    older = _older(context, workflow, version)
    process = context.services.definitions.get(context.transaction, workflow, version)
    context.recorded = True
    return add_version_again(context.transaction, older, process, context.now, context.by, note)


def _older(context: CommandContext, workflow: str, version: int) -> Version:
    found = context.transaction.definitions.version(workflow, version)
    if found is None:
        raise context.refusal(
            "version",
            say("流程“{workflow}”没有第 {version} 版", workflow=workflow, version=version),
            next_action=NextAction("list_definitions"),
        )
    return found


def _commits_without_issues(workflow: Workflow) -> bool:
    """Whether a draw would be committed to under ssj-draw/1, whose sources can be known or chosen."""
    effects = (effect for transition in workflow.transitions for effect in transition.then)
    return any(effect.kind == "commit" and "sources" not in effect.arguments for effect in effects)
