"""没有发布的改动: texts of definitions somebody is working at, one for each file. Only they see them; nothing is published by it.

A text is kept as a draft is: its case is `DEFINITIONS` and the workflow, its step the name of the file.
"""

from __future__ import annotations

from engine.app.access.command import CommandContext, command
from engine.app.people.definition_draft import DEFINITIONS
from engine.app.ports.records import Draft
from engine.kernel.instants import to_text
from engine.language import say

__all__ = ["drop_definition_draft", "keep_definition_draft"]


@command("draft.change", about="person")
def keep_definition_draft(
    context: CommandContext,
    person: str,
    workflow: str,
    file: str,
    definition: str,
    version: int,
    if_saved_at: str | None = None,
) -> bool:
    """Keep the text of a file, begun from `version`; an earlier one is replaced. Returns True.

    With `if_saved_at` (the instant of the text the person has seen, "" for none) refused where another was kept since.
    """
    published = context.transaction.definitions.version(workflow)
    if published is None or file not in published.parts:
        message = say("流程“{workflow}”没有文件“{file}”", workflow=workflow, file=file)
        raise context.refusal("workflow", message)
    kept = context.transaction.drafts.get(person, f"{DEFINITIONS}{workflow}", file)
    if if_saved_at is not None and kept is not None and to_text(kept.saved_at) != if_saved_at:
        raise context.refusal("conflict", say("这个文件已在另一个窗口里改过，没有用这里的文字代替它"))
    context.transaction.drafts.put(
        Draft(
            person=person,
            case=f"{DEFINITIONS}{workflow}",
            step=file,
            form=file,
            version=version,
            state="",
            entered_at=context.now,
            answers={"text": definition},
            saved_at=context.now,
        )
    )
    context.recorded = True
    return True


@command("draft.change", about="person")
def drop_definition_draft(
    context: CommandContext, person: str, workflow: str, file: str | None = None
) -> bool:
    """Remove the kept text of a file, without one of every file of the workflow; tell whether there was one."""
    drafts, case = context.transaction.drafts, f"{DEFINITIONS}{workflow}"
    files = [one.step for one in drafts.of(person) if one.case == case and file in (None, one.step)]
    for one in files:
        drafts.drop(person, case, one)
    context.recorded = True
    return bool(files)
