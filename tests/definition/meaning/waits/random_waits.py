"""Definitions made at random in which a case waits for what nobody does: a clock, a day, branches, child cases."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from bureau_factories import BUREAU
from random_definitions import FORM, FORMS

from engine.definition.library import Loaded, load_files

HEAD = """\
workflow: made
title: 试
about: none
initial: s0
start: {by: [clerk, chief]}
"""
KID = """\
workflow: kid
title: 子件
about: none
initial: k0
states:
  k0: {title: 在办, for: clerk, deadline: suggested 2 days}
  ended: {title: 已办, final: true}
transitions:
  - {do: finish, title: 办结, from: k0, to: ended}
"""
#: The same with another end.
KID_WITH_TWO_ENDS = KID.replace("transitions:", "  dropped: {title: 不办, final: true}\ntransitions:") + (
    "  - {do: drop, title: 不办, from: k0, to: dropped}\n"
)
DAY = "form: {name}\ntitle: 日期\nfields:\n  - day: {{title: 日, type: date{optional}}}\n  - ok: {{title: 是否, type: boolean}}\n"
#: Days that can be answered: long past, and some weeks after a case begins.
PAST, COMING = "2024-01-02", "2024-09-25"


def answers() -> Iterator[dict[str, Any]]:
    """Yield all answers that matter to the forms used here."""
    for ok in (True, False):
        yield {"ok": ok, "route": "a"}
        for day in (PAST, COMING):
            yield {"ok": ok, "day": day}
        yield {"ok": ok}


def made(seed: int) -> dict[str, str]:
    """Return the files of one definition."""
    random = Random(seed)  # noqa: S311 - examples, no secrets
    kind = random.choice([_clock, _clock, _day, _branches, _children])
    fields = ["flag: {title: 旗, type: boolean}", "day: {title: 日, type: date}"]
    blocks, effects = kind(random)
    form = random.choice(["day", "day", "first"]) if kind is not _day else "day"
    steps = [_step(random, "a", "s1", form, effects)]
    if random.random() < 0.4:
        steps.append(
            _step(random, "b", "s1", random.choice([form, None]), effects if random.random() < 0.5 else [])
        )
    if random.random() < 0.5:
        steps.append("  - {do: r, title: 记, from: s0, form: first}")
    else:
        steps.append("  - {do: r, title: 记, from: s0}")
    text = HEAD + "fields:\n" + "".join(f"  - {one}\n" for one in fields)
    text += "states:\n  s0: {title: 甲, for: clerk, deadline: suggested 3 days}\n"
    text += blocks["s1"] + "  done: {title: 完, final: true, open_children: leave}\n"
    text += blocks.get("clocks", "")
    text += (
        "transitions:\n" + "\n".join([*steps, *(f"  - {one}" for one in blocks["steps"].splitlines())]) + "\n"
    )
    texts = {"bureau.yaml": BUREAU, "made.yaml": text}
    texts |= {f"{name}.yaml": FORM.format(name=name) for name in FORMS}
    texts["day.yaml"] = DAY.format(name="day", optional=random.choice(["", ", optional: true"]))
    texts["kid.yaml"] = random.choice([KID, KID_WITH_TWO_ENDS])
    return texts


def load(texts: dict[str, str]) -> Loaded:
    """Return what the check says of a definition."""
    return load_files(texts)


def _step(random: Random, name: str, to: str, form: str | None, effects: list[str]) -> str:
    asked = f", form: {form}" if form else ""
    done = list(effects)
    if form is not None:
        done.append("set: {flag: = form.ok}")
    if form == "day" and random.random() < 0.6:
        done.append("set: {day: = form.day}")
    then = f", then: [{', '.join('{' + one + '}' for one in done)}]" if done else ""
    return f"  - {{do: {name}, title: 办{name}, from: s0, to: {to}{asked}{then}}}"


Blocks = dict[str, str]


def _clock(random: Random) -> tuple[Blocks, list[str]]:
    during = random.choice(["[s0, s1]", "[s1]"])
    keys = [f"during: {during}", "deadline: suggested 10 days"]
    if random.random() < 0.3 and during != "[s1]":
        keys.append(f"pauses_in: [{random.choice(['s0', 's1'])}]")
    both = during != "[s1]"
    if random.random() < 0.3:
        keys.append(f"starts_on: {random.choice('ar') if both else 'a'}")
    if random.random() < 0.3 and both:
        keys.append(f"stops_on: {random.choice('ar')}")
    clocks = "clocks:\n  c: {title: 钟, " + ", ".join(keys) + "}\n"
    steps = "{do: late, title: 到期, from: s1, to: done, on_expiry: c}"
    return {"s1": "  s1: {title: 乙}\n", "clocks": clocks, "steps": steps}, []


def _day(random: Random) -> tuple[Blocks, list[str]]:
    day = random.choice(["forms.day.day", "case.day", "case.opened_on"])
    op = random.choice(["==", ">=", ">", "<", "<=", "!="])
    count = random.choice(["days_between({day}, today) {op} 3", "days_between(today, {day}) {op} 3"])
    when = random.choice(["today {op} {day}", "{day} {op} today", count]).format(day=day, op=op)
    rest = random.choice(["", "", " and case.flag == true", " or case.flag == true"])
    steps = f'{{do: q, title: 到日, from: s1, to: done, automatic: true, when: "{when}{rest}"}}'
    return {"s1": "  s1: {title: 乙}\n", "steps": steps}, []


def _branches(random: Random) -> tuple[Blocks, list[str]]:
    when = [random.choice(["", "", ', when: "case.flag == true"']) for _ in "xyz"]
    asked = "".join(
        f"      {name}: {{title: 分{name}, for: clerk, form: second{cond}}}\n"
        for name, cond in zip("xyz", when, strict=True)
    )
    state = f"  s1:\n    title: 乙\n    deadline: suggested 3 days\n    branches:\n{asked}"
    number = random.randint(1, 4)
    condition = random.choice(
        [
            f"branches.done >= {number}",
            f"branches.done == {number}",
            "branches.open == 0",
            "branches.done >= 1 and branches.x.answers.ok == true",
            "branches.x.done and branches.y.done",
        ]
    )
    steps = f'{{do: q, title: 齐, from: s1, to: done, automatic: true, when: "{condition}"}}'
    if random.random() < 0.3:
        steps += '\n{do: p, title: 齐了, from: s1, to: done, automatic: true, when: "branches.open == 0"}'
    return {"s1": state, "steps": steps}, []


def _children(random: Random) -> tuple[Blocks, list[str]]:
    when = random.choice(["", ", when: form.ok"])
    number = random.choice([1, 1, 2])
    condition = random.choice(
        [f"children.kid.in.ended >= {number}", "children.kid.open == 0", f"children.kid.in.ended == {number}"]
    )
    steps = f'{{do: q, title: 汇, from: s1, to: done, automatic: true, when: "{condition}"}}'
    return {"s1": "  s1: {title: 乙}\n", "steps": steps}, [f"start: kid, title: 子{when}"]
