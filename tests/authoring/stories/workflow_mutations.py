"""Faults for the stories beside the shipped workflows: one change of one file, of which the check says no error.

Run as a program it says which of them the stories do not notice: ``python tests/authoring/stories/workflow_mutations.py [HOW_MANY]``.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.authoring.stories.play import fails
from engine.authoring.stories.story import StoryFile, read_stories
from engine.calendars.load import load_calendar
from engine.definition.library import Loaded, load_files
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

ROOT = Path(__file__).resolve().parents[3]
#: What is drawn from, always in one order.
SEED = 20241129
ROLES = ("section_chief", "deputy_head", "leading_office", "archivist", "reviewer", "publisher")
_NUMBER = re.compile(r"(\d+) (working days?|days?|months?|hours?)")
_LIST = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True)
class Mutation:
    """One change: lines `first` to `last` of a file are replaced."""

    kind: str
    file: str
    first: int
    last: int
    new: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.file}:{self.first + 1} -> {self.new.strip() or '(removed)'}"


@lru_cache(maxsize=1)
def texts() -> dict[str, str]:
    """Return the shipped definitions: file -> text."""
    files = [*sorted((ROOT / "workflows").glob("*.yaml")), *sorted((ROOT / "forms").glob("*.yaml"))]
    return {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in files}


@lru_cache(maxsize=1)
def stories() -> dict[str, StoryFile]:
    """Return the stories beside them, by workflow."""
    found = (
        read_stories(str(file), file.read_bytes())
        for file in sorted((ROOT / "workflows" / "tests").glob("*.yaml"))
    )
    return {one.workflow: one for one in found}


@lru_cache(maxsize=1)
def calculator() -> DeadlineCalculator:
    return DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))


def mutations(workflow: str) -> Iterator[Mutation]:
    """Yield the changes of one workflow."""
    file = f"workflows/{workflow}.yaml"
    lines = texts()[file].split("\n")
    states = _states(lines)
    part = ""
    for number, line in enumerate(lines):
        if re.match(r"\w+:", line):
            part = line.split(":")[0]
        bare = line.strip()
        if bare == "steps:" and part == "states":
            # What stands deeper is of the steps of the state.
            part = "steps"
        elif part == "steps" and bare and not line.startswith("     "):
            part = "states"
        of = "transitions" if part == "steps" else part
        if of in ("states", "clocks", "transitions"):
            yield from _one_line(file, number, line, bare, of, states)
            yield from _whole_entries(file, number, lines, bare, of)


def _states(lines: list[str]) -> list[str]:
    begin = lines.index("states:")
    found = []
    for line in lines[begin + 1 :]:
        if re.match(r"\w", line):
            break
        if match := re.match(r"  (\w+):", line):
            found.append(match[1])
    return found


def _one_line(
    file: str, number: int, line: str, bare: str, part: str, states: list[str]
) -> Iterator[Mutation]:
    def change(kind: str, new: str) -> Iterator[Mutation]:
        if new != line:
            yield Mutation(kind, file, number, number, new)

    if "deadline:" in line and (match := _NUMBER.search(line, line.index("deadline:"))):
        yield from change("period", line[: match.start(1)] + str(int(match[1]) + 3) + line[match.end(1) :])
    if bare.startswith("after:") and (match := _NUMBER.search(line)):
        yield from change("period", line.replace(match[1], str(int(match[1]) + 7), 1))
    if part == "transitions" and (match := re.search(r"\bto: (\w+)", line)) and match[1] in states:
        other = states[(states.index(match[1]) + 1) % len(states)]
        yield from change("target", line[: match.start(1)] + other + line[match.end(1) :])
    if match := re.search(r"\b(for|by): ([a-z_]+)(?=[,}\s]|$)", line):
        other = next(role for role in ROLES if role != match[2])
        kind = "whose task" if match[1] == "for" else "who may"
        yield from change(kind, line[: match.start(2)] + other + line[match.end(2) :])
    if bare.startswith("when: ") and part == "transitions":
        yield from change("condition", line.replace("when: ", "when: not (", 1) + ")")
    if bare.startswith("- that: ") and "every(" not in line:
        yield from change("requirement", re.sub(r"- that: .*", "- that: 1 == 1", line))
    if re.match(
        r"      (?:    )?- (render|publish|notify|start|set|assign|withdraw|archive):? ", line
    ) and bare.count("{") == bare.count("}"):
        yield Mutation("effect", file, number, number, "")
    yield from _clock_or_form(file, number, line, bare, part)


def _clock_or_form(file: str, number: int, line: str, bare: str, part: str) -> Iterator[Mutation]:
    if bare.startswith("during: ") and "," in line:
        yield Mutation("clock", file, number, number, re.sub(r", \w+\]", "]", line))
    if bare.startswith("since: "):
        yield Mutation("clock", file, number, number, "")
    if bare.startswith("form: ") and part == "transitions":
        yield Mutation("form", file, number, number, "")
    if bare.startswith(("at once:", "overdue: {at once")) and (match := _LIST.search(line)):
        yield Mutation(
            "ladder", file, number, number, line[: match.start()] + "[archivist]" + line[match.end() :]
        )


def _whole_entries(file: str, number: int, lines: list[str], bare: str, part: str) -> Iterator[Mutation]:
    if not bare.startswith("- that: ") or part != "transitions":
        return
    indent = len(lines[number]) - len(lines[number].lstrip())
    last = number
    while last + 1 < len(lines) and len(lines[last + 1]) - len(lines[last + 1].lstrip()) > indent:
        last += 1
    if lines[number - 1].strip() == "require:" and not lines[last + 1].strip().startswith("- that"):
        yield Mutation("requirement", file, number - 1, last, "")
    else:
        yield Mutation("requirement", file, number, last, "")


def put_in(mutation: Mutation) -> Loaded | None:
    """Return the definitions with the change; None where the check has an error to say, so that no story is needed."""
    lines = texts()[mutation.file].split("\n")
    lines[mutation.first : mutation.last + 1] = [mutation.new] if mutation.new else []
    loaded = load_files({**texts(), mutation.file: "\n".join(lines)})
    return loaded if loaded.sound else None


def drawn(count: int) -> Iterator[tuple[Mutation, Loaded]]:
    """Yield so many changes the check lets pass, drawn from all of them."""
    every = [one for workflow in stories() for one in mutations(workflow)]
    every.sort(key=lambda one: hashlib.sha256(f"{SEED}{one}".encode()).digest())
    found = 0
    for mutation in every:
        if found >= count:
            return
        loaded = put_in(mutation)
        if loaded is not None:
            found += 1
            yield mutation, loaded


def noticed(mutation: Mutation, loaded: Loaded) -> bool:
    """Tell whether a story fails: those of the workflow first, then those that may start it."""
    own = Path(mutation.file).stem
    order = sorted(stories(), key=lambda name: name != own)
    for name in order:
        if name != own and f"start: {own}" not in texts()[f"workflows/{name}.yaml"]:
            continue
        file = stories()[name]
        if any(fails(loaded, file, story, calculator()) for story in file.stories):
            return True
    return False


def main(count: int) -> None:
    """Print what is not noticed, and the figures by kind."""
    put: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for mutation, loaded in drawn(count):
        put[mutation.kind] += 1
        if noticed(mutation, loaded):
            seen[mutation.kind] += 1
        else:
            sys.stdout.write(f"{mutation}\n")
            sys.stdout.flush()
    for kind, number in sorted(put.items()):
        sys.stdout.write(f"| {kind} | {number} | {seen[kind]} |\n")
    sys.stdout.write(f"| all | {put.total()} | {seen.total()} |\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
