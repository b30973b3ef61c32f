"""What a step does to the case above: its facts, its people, where it goes back to, and what no longer waits for whom."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pytest
from small_bureau import BUREAU, PEOPLE, SHANGHAI, SmallBureau

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.publish_definitions import Published, publish
from engine.app.definitions.cache import DefinitionCache
from engine.app.history.replay import history, replay
from engine.app.history.requests import CommandResult
from engine.app.registers.import_entries import import_entries
from engine.app.session.new_case import NewCase
from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.deployment.clocks import VirtualClock
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Case
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.store.memory import MemoryStore

SHEET = """\
form: sheet
title: 记录
fields:
  - by: {title: 签署人, persons}
"""
SEARCH = """\
workflow: search
title: 查看
about: object
start: {by: [clerk]}
parties: {team: 人员}
fields:
  - told: {title: 告知, to_children}
  - named: {title: 名单, persons}
states:
  looking:
    title: 待查看
    for: team
    deadline: suggested 10 working days
    verbs: [withdraw]
    steps:
      look: {title: 查看, to: writing, form: sheet, sign: {by: team, named_in: by}}
  writing:
    title: 待填写
    for: team
    deadline: suggested 5 working days
    steps:
      helped: {title: 另派协助, then: [{start: help, parties: {team: "= collect(team, it.id)"}}]}
      write: {title: 填写, to: done}
  done: {title: 办结, final, open_children: leave}
"""
HELP = """\
workflow: help
title: 协助
about: object
parties: {team: 人员}
states:
  open: {title: 待协助, for: team, deadline: suggested 5 working days, steps: {end: {title: 协助完毕, to: ended}}}
  ended: {title: 办结, final}
"""
CHOICE = """\
form: choice
title: 决定
fields:
  - team: {title: 以后的人员, persons}
  - again: {title: 重新查看, boolean}
"""
CHANGE = """\
workflow: change
title: 换人
about: object
start: {by: [clerk, chief]}
parties: {team: 人员}
states:
  deciding:
    title: 待决定
    for: head
    deadline: suggested 3 working days
    steps:
      grant:
        title: 同意换人
        to: granted
        form: choice
        then:
          - {assign: {team: = form.team}, above, to: looking, from: [writing], when: form.again}
          - {assign: {team: = form.team}, above, when: not form.again}
          - {set: {told: 已换人, named: = form.team}, above}
      note: {title: 只记下, to: granted, then: [{set: {told: 已记下}, above}]}
  granted: {title: 已同意, final}
"""


@pytest.fixture
def office() -> SmallBureau:
    clock = VirtualClock(datetime(2024, 9, 14, 10, tzinfo=SHANGHAI))
    keeping = DeadlineCalculator(load_calendar([]), SHANGHAI, time(9))
    bureau = SmallBureau(
        Application(MemoryStore(), clock, DefinitionCache(keeping), channels=("robot",)), clock
    )
    files = {
        "bureau": BUREAU,
        "sheet": SHEET,
        "search": SEARCH,
        "help": HELP,
        "choice": CHOICE,
        "change": CHANGE,
    }
    loaded = load_files({f"{name}.yaml": text for name, text in files.items()})
    assert loaded.sound, [f"{p.file}:{p.line} {p.message}" for p in loaded.problems]
    assert isinstance(publish(bureau.application, Caller(SYSTEM), loaded), Published)
    import_entries(bureau.application, "people", PEOPLE, SYSTEM, source="test")
    return bureau


def started(office: SmallBureau, workflow: str, by: str = "clerk-1", **new: Any) -> str:
    subject = {"id": "E1", "name": "示例企业"}
    found = office.application.start(workflow, by, NewCase(title="示例企业", subject=subject, **new))
    assert isinstance(found, CommandResult), str(found)
    return found.case


def search(office: SmallBureau) -> str:
    return started(office, "search", parties={"team": ("clerk-1", "clerk-2")})


def now(office: SmallBureau, case: str) -> Case:
    """Return the case as it is; its history makes the same."""
    with office.application.store.read() as transaction:
        found = transaction.cases.get(case)
        assert found is not None
        assert replay(list(history(transaction, case))) == found
    return found


def messages(office: SmallBureau, person: str) -> list[str]:
    with office.application.store.read() as transaction:
        return [str(one.payload["text"]) for one in transaction.outbox.listed() if one.recipient == person]


def test_people_and_facts_of_the_case_above_are_set_in_one_entry(office: SmallBureau) -> None:
    case = search(office)
    office.take(case, "look", "clerk-1", {"by": ["clerk-1", "clerk-2"]})
    assert now(office, case).signing["look"].people == {"clerk-1"}
    below = started(office, "change", "chief-1", parent=case)
    office.take(below, "grant", "head-1", {"team": ["clerk-1", "chief-1"], "again": False})
    above = now(office, case)
    assert (above.state, above.parties["team"]) == ("looking", ("clerk-1", "chief-1"))
    assert (above.fields["told"], above.fields["named"]) == ("已换人", ["clerk-1", "chief-1"])
    # Who left was to sign: the form is signed anew by those who are there.
    assert above.signing == {}
    assert any("你不再承办" in text for text in messages(office, "clerk-2"))
    assert any("你接着承办" in text for text in messages(office, "chief-1"))
    with office.application.store.read() as transaction:
        last = list(history(transaction, case))[-1]
    assert (last.kind, last.actor) == ("reassigned", "head-1")
    assert (last.body["by_case"], last.body["by_step"], last.body["title"]) == (below, "grant", "同意换人")
    office.take(case, "look", "clerk-1", {"by": ["clerk-1", "chief-1"]})
    office.take(case, "look", "chief-1")
    assert now(office, case).state == "writing"


def test_the_case_above_goes_back_only_from_where_it_is_said(office: SmallBureau) -> None:
    case = search(office)
    office.take(case, "look", "clerk-1", {"by": ["clerk-1", "clerk-2"]})
    office.take(case, "look", "clerk-2")
    office.take(case, "helped", "clerk-1")
    below = started(office, "change", "chief-1", parent=case)
    office.take(below, "grant", "head-1", {"team": ["clerk-1", "chief-1"], "again": True})
    above = now(office, case)
    assert (above.state, set(above.clocks)) == ("looking", {"looking"})
    # The case below it that has the same people has the new ones too.
    with office.application.store.read() as transaction:
        helps = transaction.cases.get("help-1")
    assert helps is not None
    assert helps.parties["team"] == ("clerk-1", "chief-1")
    # From `looking` nothing goes back: it is there.
    again = started(office, "change", "chief-1", parent=case)
    office.take(again, "grant", "head-1", {"team": ["clerk-2"], "again": True})
    assert now(office, case).parties["team"] == ("clerk-2",)


def test_a_fact_is_set_where_there_is_an_open_case_and_people_need_one(office: SmallBureau) -> None:
    said = office.application.start("change", "chief-1", NewCase(title="甲", subject={"id": "E1"}))
    assert isinstance(said, Refusal)
    assert "要在一件案件下启动" in str(said)
    case = search(office)
    first, second = (started(office, "change", "chief-1", parent=case) for _ in range(2))
    office.take(first, "note", "head-1")
    assert now(office, case).fields["told"] == "已记下"
    office.take(case, "look", "clerk-1", {"by": ["clerk-1", "clerk-2"]})
    office.take(case, "look", "clerk-2")
    office.take(case, "write", "clerk-1")
    told = office.refused(second, "grant", "head-1", {"team": ["clerk-1"], "again": False})
    assert "本件没有在办的上级件" in str(told)
    office.take(second, "note", "head-1")
    assert now(office, case).fields["told"] == "已记下"


@pytest.mark.parametrize(
    ("effect", "sentence"),
    [
        ("{assign: {team: = form.team}, to: looking, from: [writing]}", "与 above（上级件的）、from"),
        ("{assign: {team: = form.team}, above, to: nowhere, from: [writing]}", "没有哪个流程有环节"),
        ("{set: {never: 甲}, above}", "没有字段“never”"),
        ("{assign: {nobody: = form.team}, above}", "没有参与人“nobody”"),
    ],
)
def test_what_is_said_of_no_case_above_is_a_fault_of_the_file(effect: str, sentence: str) -> None:
    text = CHANGE.replace("- {set: {told: 已换人, named: = form.team}, above}", f"- {effect}")
    files = {
        "bureau": BUREAU,
        "sheet": SHEET,
        "search": SEARCH,
        "help": HELP,
        "choice": CHOICE,
        "change": text,
    }
    loaded = load_files({f"{name}.yaml": content for name, content in files.items()})
    assert any(sentence in str(one.message) for one in loaded.problems), [
        str(p.message) for p in loaded.problems
    ]
