"""What is said to be called otherwise and is in neither version, or is called as before. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.kernel.did_you_mean import did_you_mean
from engine.kernel.refusal import RefusalReason
from engine.language import say
from engine.lifecycle.migration.named_places import names_beside, place_of_today
from engine.lifecycle.migration.rename_map import RenameMap
from engine.lifecycle.process import Process


def unknown_renames(olds: Sequence[Process], new: Process, renames: RenameMap) -> Iterator[RefusalReason]:
    """Yield what is renamed from or to something that is not there."""
    for kind in ("states", "steps", "clocks", "parties", "forms"):
        pairs: Mapping[str, str] = getattr(renames, kind)
        known_before = {name for old in olds for name in _names(old, kind)}
        known_after = _names(new, kind)
        for before, after in pairs.items():
            if before in known_after:
                # Another name for what is still there is a step nobody has taken, or a signature nobody has given.
                message = say(
                    "改名“{before} → {after}”：新版仍有“{before}”，不是改名", before=before, after=after
                )
                yield RefusalReason("rename", message, hint=say("只有新版没有了的名称才改名"))
            for name, known in ((before, known_before), (after, known_after)):
                if name not in known:
                    message = say(
                        "改名“{before} → {after}”：没有“{name}”", before=before, after=after, name=name
                    )
                    yield RefusalReason("rename", message, hint=did_you_mean(name, known))
    for place, after in renames.fields.items():
        before = place.rpartition(".")[2]
        known = {name for old in olds for name in names_beside(old.workflow, place)}
        new_names = names_beside(new.workflow, place_of_today(renames, place))
        for name, there in ((before, known), (after, new_names)):
            if name not in there:
                message = say("改名“{before} → {after}”：没有“{name}”", before=place, after=after, name=name)
                yield RefusalReason("rename", message, hint=did_you_mean(name, there))
    for place in renames.values:
        before = place.rpartition(".")[2]
        known = {name for old in olds for name, one in names_beside(old.workflow, place).items() if one}
        if before not in known:
            message = say("取值“{place}”：没有“{name}”这一栏", place=place, name=before)
            yield RefusalReason("rename", message, hint=did_you_mean(before, known))


def _names(process: Process, kind: str) -> set[str]:
    workflow = process.workflow
    if kind == "steps":
        return {step.id for step in workflow.transitions}
    return set(getattr(workflow, kind))
