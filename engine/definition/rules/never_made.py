"""A paper, a publication or a case below that is spoken of as if it were there, and that no step of the workflow makes."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.meaning.answers.of_any_case import started_by
from engine.definition.meaning.subject import MeaningInput
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.kernel.did_you_mean import did_you_mean
from engine.language import Message, say
from engine.lifecycle.effects import ABOVE
from engine.lifecycle.model.workflow import Workflow
from engine.yamltext.problem import Severity


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the papers that are served, signed or filed and never printed, and what is withdrawn or filed and never published.

    And the cases below that are ended or filed and never started.
    """
    workflow = subject.workflow
    papers, publications = _made(subject, "render"), _made(subject, "publish")
    own = _made(subject, "publish", own=True)
    for number, step in enumerate(workflow.transitions):
        for effect in step.then:
            if effect.kind == "paper" and effect.arguments["paper"] not in papers:
                name = effect.arguments["paper"]
                yield RuleFinding(
                    subject.argument(number, effect, "paper"), _no_paper(name), _hint(name, papers)
                )
            elif effect.kind == "withdraw" and effect.arguments["withdraw"] not in publications:
                if effect.arguments.get(ABOVE):
                    # Published by the case above, of whatever workflow.
                    continue
                name = effect.arguments["withdraw"]
                yield RuleFinding(
                    subject.argument(number, effect, "withdraw"),
                    _no_publication(name),
                    _hint(name, publications),
                )
            elif effect.kind == "end" and (child := _never_below(subject, effect.arguments["end"])):
                yield RuleFinding(subject.argument(number, effect, "end"), _no_case(child), _started(subject))
    for piece in workflow.archive.contents if workflow.archive is not None else ():
        if piece.paper is not None and piece.paper not in papers:
            yield RuleFinding(subject.piece(piece), _no_paper(piece.paper), _hint(piece.paper, papers))
        elif piece.publication is not None and piece.publication not in own:
            yield RuleFinding(
                subject.piece(piece),
                _no_publication(piece.publication),
                _hint(piece.publication, own),
            )
        elif piece.children is not None and (child := _never_below(subject, piece.children)):
            yield RuleFinding(subject.piece(piece), _no_case(child), _started(subject))


def _made(subject: MeaningInput, kind: str, *, own: bool = False) -> list[str]:
    """Return what effects of a kind make; with `own` without what is made for the case above."""
    effects = [effect for step in subject.workflow.transitions for effect in step.then if effect.kind == kind]
    return sorted({one.arguments[kind] for one in effects if not (own and one.arguments.get(ABOVE))})


def _never_below(subject: MeaningInput, name: str) -> Workflow | None:
    """Return the workflow of a name where none of its cases is ever below one of this; None where there may be some."""
    child = subject.others.get(name)
    if child is None or child.start_by or name in started_by(subject.workflow):
        # Whoever starts a case by hand may start it below any other.
        return None
    return child


def _started(subject: MeaningInput) -> Message | None:
    started = sorted(started_by(subject.workflow))
    return say("本流程启动的：{started}", started=started) if started else None


def _no_case(child: Workflow) -> Message:
    return say("本流程没有哪一步启动“{child}”，这里说到它时它不在", child=child.title)


def _no_paper(name: str) -> Message:
    return say("本流程没有哪一步打印“{paper}”，这里说到它时它不在", paper=name)


def _no_publication(kind: str) -> Message:
    return say("本流程没有哪一步公示“{kind}”，这里说到它时它不在", kind=kind)


def _hint(name: str, made: list[str]) -> Message | None:
    return did_you_mean(name, made) or (say("本流程有的：{made}", made=made) if made else None)


RULE = Rule(
    id="never-made",
    severity=Severity.WARNING,
    text=say(
        "送达、签署、归档的文书要有一步打印它，撤回、归档的公示要有一步作出它，终止、归档的下级案件要有一步启动它。"
    ),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  told: {title: 已公示, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: tell, title: 公示, from: open, to: told, then: [{publish: result}]}
  - {do: take_back, title: 撤回, from: told, to: done, then: [{withdraw: circular}]}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  told: {title: 已公示, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: tell, title: 公示, from: open, to: told, then: [{publish: result}]}
  - {do: take_back, title: 撤回, from: told, to: done, then: [{withdraw: result}]}
""",
    meaning=check,
    blocks_graph=False,
)
