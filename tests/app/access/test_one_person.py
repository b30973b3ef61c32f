"""One person alone, holding any one role or any two that go together, passes nothing that two have to agree to, unmarked.

Every command is classified by hand: by two, by the definition, one's own, or by one on record. A new one has to be.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache
from importlib import import_module
from itertools import combinations, permutations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from walking_processes import INSPECTORS, OFFICER, Walk

import engine.app.commands
from engine.app.access.table import access_table
from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.calendar import adopt_year
from engine.app.commands.credentials import NewPassword, create_token, set_password, set_sign_in_mode
from engine.app.commands.delegations import add_delegation
from engine.app.commands.incidents import dismiss
from engine.app.commands.migration.migrate_cases import migrate
from engine.app.commands.people import add_person
from engine.app.commands.proposals.administrators import set_administrators
from engine.app.commands.proposals.proposals import confirm
from engine.app.commands.publish_definitions import publish, publish_again
from engine.app.commands.registers import RegisterFile, import_register, undo_import
from engine.app.commands.seal import announce_key
from engine.app.daemons.audit_alarm import raise_alarm
from engine.app.definitions.cache import DefinitionCache
from engine.app.people.incompatible import why_incompatible_together
from engine.app.ports.records import RegisterEntry
from engine.app.registers.import_entries import import_entries
from engine.app.sign_in import passwords
from engine.calendars.import_file import read_calendar_year
from engine.calendars.load import load_calendar
from engine.definition.library import Loaded, load_files, load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.deployment.clocks import VirtualClock
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import SYSTEM, Actor
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.model.bureau import Bureau
from engine.register.import_result import read_register
from engine.register.profile import built_in
from engine.store.memory import MemoryStore

BY_TWO, DEFINITION, OWN, ON_RECORD, NOTHING = "by two", "definition", "own", "on record", "changes nothing"

#: Command -> who can do it alone, and what keeps one person from passing by it what is another's to say.
COMMANDS: dict[str, str] = {
    "access.ask_case": NOTHING,
    "access.ask_first": NOTHING,
    "calendar.adopt_year": BY_TWO,
    "credentials.create_token": BY_TWO,
    "credentials.revoke_token": ON_RECORD,
    "credentials.set_password": BY_TWO,
    "credentials.set_sign_in_mode": BY_TWO,
    "delegations.add_delegation": BY_TWO,
    "delegations.end_delegation": ON_RECORD,
    "drafts.definition_drafts.drop_definition_draft": OWN,
    "drafts.definition_drafts.keep_definition_draft": OWN,
    "drafts.drafts.discard_draft": OWN,
    "drafts.drafts.save_draft": OWN,
    "drafts.saved_search.choose_columns": OWN,
    "drafts.saved_search.drop_search": OWN,
    "drafts.saved_search.save_search": OWN,
    "draws.file_minutes": ON_RECORD,
    "draws.import_anchor": ON_RECORD,
    "draws.take_auditor_kit": ON_RECORD,
    "exchange.exchange.receive_rows": ON_RECORD,
    "exchange.exchange.record_export": ON_RECORD,
    "exchange.firms.change_firm": ON_RECORD,
    "inbox.acknowledge": OWN,
    "inbox.choose_messages": OWN,
    "incidents.dismiss": BY_TWO,
    "incidents.retry": ON_RECORD,
    "incidents.retry_all": ON_RECORD,
    "keeping.delivery.send_test_message": ON_RECORD,
    "migration.migrate_cases.migrate": BY_TWO,
    "migration.review_answers.review_answers": DEFINITION,
    "operations.back_up": ON_RECORD,
    "operations.build_site": ON_RECORD,
    "operations.enter_restore": ON_RECORD,
    "operations.enter_upgrade": ON_RECORD,
    "operations.move_database": ON_RECORD,
    "papers.files.keep_file": ON_RECORD,
    "papers.jobs.cancel_job": ON_RECORD,
    "papers.jobs.queue_job": ON_RECORD,
    "papers.jobs.retry_job": ON_RECORD,
    "papers.papers.number_paper": ON_RECORD,
    "papers.papers.record_paper": ON_RECORD,
    "papers.papers.void_paper": BY_TWO,
    "papers.retention.bin_file": ON_RECORD,
    "papers.retention.destroy_file": BY_TWO,
    "papers.retention.restore_file": ON_RECORD,
    "papers.signing.sign_record": ON_RECORD,
    "people.add_person": BY_TWO,
    "proposals.administrators.set_administrators": BY_TWO,
    "proposals.proposals.confirm": ON_RECORD,
    "proposals.proposals.reject": ON_RECORD,
    "proposals.proposals.withdraw": ON_RECORD,
    "proposals.recovery.recover_password": ON_RECORD,
    "prove_identity.prove_by_password": OWN,
    "prove_identity.prove_by_token": OWN,
    "publish_definitions.publish": BY_TWO,
    "publish_definitions.publish_again": BY_TWO,
    "rectification.firm.close_firm_page": OWN,
    "rectification.firm.enter_own": OWN,
    "rectification.firm.open_firm_page": ON_RECORD,
    "rectification.office.answer_extension": ON_RECORD,
    "rectification.office.answer_feedback": ON_RECORD,
    "rectification.office.end_firm_code": ON_RECORD,
    "rectification.office.enter_for_firm": ON_RECORD,
    "rectification.office.issue_firm_code": ON_RECORD,
    "registers.claim_entries": ON_RECORD,
    "registers.import_register": BY_TWO,
    "registers.label_entries": ON_RECORD,
    "registers.take_snapshot": ON_RECORD,
    "registers.undo_import": BY_TWO,
    "seal.announce_key": BY_TWO,
    "seal.seal": ON_RECORD,
    "seal.sign_head": ON_RECORD,
    "sign_in.web_sessions.change_person": ON_RECORD,
    "sign_in.web_sessions.end_own_session": OWN,
    "sign_in.web_sessions.end_sessions": ON_RECORD,
    "sign_in.web_sessions.make_set_up_link": ON_RECORD,
    "sign_in.web_sessions.sign_in_by_link": ON_RECORD,
    "sign_in.web_sessions.sign_in_by_password": OWN,
}


def walked() -> dict[str, Any]:
    found = {}
    for one in pkgutil.walk_packages(engine.app.commands.__path__, "engine.app.commands."):
        module = import_module(one.name)
        for name, function in vars(module).items():
            if hasattr(function, "use_case") and function.__module__ == module.__name__:
                found[f"{one.name.removeprefix('engine.app.commands.')}.{name}"] = function
    return found


def test_every_command_is_classified() -> None:
    found = walked()
    assert set(found) ^ set(COMMANDS) == set()
    by_two = {name for name, function in found.items() if getattr(function, "by_two", False)}
    assert by_two == {name for name, how in COMMANDS.items() if how == BY_TWO}
    assert by_two == {*ACTS, *OF_CASES}


def test_what_one_person_does_to_what_is_served_published_filed_or_signed_has_a_reason_in_the_table() -> None:
    """Each command has its second person, is one's own or by the definition, or its row of the table says why one is enough."""
    without = set()
    for name, function in walked().items():
        rows = [row for key, row in access_table().items() if key.partition("/")[0] == function.use_case]
        if COMMANDS[name] == ON_RECORD:
            without |= {name for row in rows if not row.alone}
        by_leader = {bool(row.second) for row in rows}
        if by_leader == {True}:
            assert function.use_case in {"paper.void", "retention.change"}, name
    assert without == set()
    seconds = {row.second for row in access_table().values() if row.second}
    assert seconds == {("deputy_head", "bureau_head")}


ZONE = ZoneInfo("Asia/Shanghai")
#: Of the pairs of roles so many are left out between two that are tried; with --soak all are tried.
EVERY = 13


@cache
def shipped() -> Loaded:
    """The shipped definitions: roles, what excludes what."""
    return load_paths([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")])


def bureau() -> Bureau:
    found = shipped().bureau
    assert found is not None
    return found


def pairs() -> list[tuple[str, str]]:
    excluded = {frozenset(rule.roles) for rule in bureau().incompatible_roles}
    return [pair for pair in combinations(sorted(bureau().roles), 2) if frozenset(pair) not in excluded]


YAML = """\
bureau: example
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {{one: 一股}}
roles:
{roles}
"""
ERRAND = """\
workflow: errand
title: {title}
about: none
initial: open
start: {{by: clerk}}
states:
  open: {{title: 待办, for: clerk, deadline: 2 days}}
  done: {{title: 完, final: true}}
transitions:
  - {{do: close, title: 办结, from: open, to: done}}
"""


@cache
def definitions(title: str) -> Any:
    roles = "\n".join(f"  {name}: {{title: {name}, scope: bureau}}" for name in sorted(bureau().roles))
    loaded = load_files({"bureau.yaml": YAML.format(roles=roles), "errand.yaml": ERRAND.format(title=title)})
    assert loaded.sound, [str(problem.message) for problem in loaded.problems]
    return loaded


def office(*administrators: str, people: dict[str, list[str]]) -> Application:
    clock = VirtualClock(datetime(2026, 3, 2, 10, tzinfo=ZONE))
    cache = DefinitionCache(DeadlineCalculator(load_calendar([]), ZONE, time(9)))
    made = Application(MemoryStore(), clock, cache)
    for title in ("旧差事", "差事"):
        assert not isinstance(publish(made, Caller(SYSTEM), definitions(title)), Refusal)
    rows = [
        RegisterEntry("people", name, name, "one", {"roles": roles, "status": "active"})
        for name, roles in people.items()
    ]
    with made.store.write() as transaction:
        transaction.registers.put(rows, clock.now())
        transaction.settings.put("administrators", list(administrators))
    # An import of people that can be taken back: it made one of them the head of the bureau.
    wider = replace(rows[-1], data={**rows[-1].data, "roles": [*rows[-1].data["roles"], "bureau_head"]})
    import_entries(made, "people", [wider], SYSTEM, source="x")
    return made


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hash_password", lambda *_, **__: "hash")
    monkeypatch.setattr("engine.app.commands.credentials.hash_password", lambda *_, **__: "hash")


def year(folder: Path) -> Any:
    others = "春节: 2099-02-09, 清明节: 2099-04-05, 劳动节: 2099-05-01, 端午节: 2099-06-12, 中秋节: 2099-09-18, 国庆节: 2099-10-01"
    text = f"year: 2099\ntitle: 示例\nsource: 示例\nholidays: {{元旦: 2099-01-01, {others}}}\n"
    return read_calendar_year("x.yaml", text.encode())[0]


def people_file(folder: Path) -> RegisterFile:
    file = folder / "people.csv"
    file.write_text("编号,姓名,股室,角色,状态\nother,other,one,bureau_head,active\n", encoding="utf-8")
    profile = built_in("people")
    return RegisterFile(profile=profile, reading=read_register("people", file, profile), source="people.csv")


#: What a leading person agrees to, tried on a case each (`tests/app/execution/void_papers/test_agreement.py`).
OF_CASES = {"papers.papers.void_paper", "papers.retention.destroy_file"}
#: Days of a delegation.
DAYS = (date(2026, 3, 2), date(2026, 3, 6))

#: What two have to agree to, each command of them, as somebody tries it alone on another person or on the rules.
ACTS: dict[str, Callable[[Application, Caller, Path], Any]] = {
    "credentials.create_token": lambda a, by, _: create_token(a, by, "other", "x"),
    "credentials.set_password": lambda a, by, _: set_password(
        a, by, "other", NewPassword("correct horse battery")
    ),
    "delegations.add_delegation": lambda a, by, _: add_delegation(a, by, "other", by.person, *DAYS, "休假"),
    "people.add_person": lambda a, by, _: add_person(
        a, by, "new", "新", section="one", roles=["bureau_head"]
    ),
    "registers.import_register": lambda a, by, folder: import_register(a, by, "people", people_file(folder)),
    "proposals.administrators.set_administrators": lambda a, by, _: set_administrators(
        a, by, [by.person, "other"]
    ),
    "credentials.set_sign_in_mode": lambda a, by, _: set_sign_in_mode(a, by, "trust"),
    "publish_definitions.publish": lambda a, by, _: publish(a, by, definitions("改过的差事")),
    "migration.migrate_cases.migrate": lambda a, by, _: migrate(a, by, "errand"),
    "calendar.adopt_year": lambda a, by, folder: adopt_year(
        a, by, folder, year(folder), lambda: a.definitions.time
    ),
    "incidents.dismiss": lambda a, by, _: dismiss(a, by, "audit", "已核实"),
    "seal.announce_key": lambda a, by, _: announce_key(a, by, "ab" * 32),
    "registers.undo_import": lambda a, by, _: undo_import(a, by, "people"),
    "publish_definitions.publish_again": lambda a, by, _: publish_again(a, by, "errand", 1),
}


def with_first_key(application: Application) -> Application:
    """Announce the key of heads, and let the audit of a night find something."""
    raise_alarm(application.store, application.clock.now(), ["某行不符"], lambda _: [], lasting=True)
    assert not isinstance(announce_key(application, Caller("first"), "cd" * 32), Refusal)
    return application


def held(*, soak: bool) -> list[tuple[str, ...]]:
    """Each role alone, and pairs of roles that go together."""
    return [(role,) for role in bureau().roles] + list(pairs()[:: 1 if soak else EVERY])


#: Roles the access table names, of each group one at least, and one it does not name.
NAMED = ("roster_admin", "leading_office", "deputy_head", "form_admin", "drawer", "supervisor", "inspector")


@pytest.mark.parametrize("act", ACTS)
def test_where_there_is_a_second_person_nothing_is_done_by_one(
    act: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    combined = held(soak=bool(request.config.getoption("--soak", default=False)))
    people = {"first": ["leading_office"], "second": ["bureau_head"], "other": ["inspector"]}
    people |= {"-".join(roles): list(roles) for roles in combined}
    application = with_first_key(office("first", "second", people=people))
    for roles in combined:
        solo = "-".join(roles)
        answer = ACTS[act](application, Caller(solo), tmp_path)
        assert isinstance(answer, Refusal), roles
        assert {reason.code for reason in answer.reasons} <= {"proposed", "not-allowed"}, (roles, answer)
        with application.store.read() as transaction:
            mine = [one for one in transaction.proposals.all() if one.by == solo and one.status == "open"]
        for proposal in mine:
            assert isinstance(confirm(application, Caller(solo), proposal.id), Refusal), roles
        assert isinstance(ACTS[act](application, Caller(solo), tmp_path), Refusal), roles


def test_a_second_account_of_one_person_is_shown_to_the_second_who_agrees() -> None:
    application = office(
        "first",
        "second",
        people={"first": ["leading_office"], "second": ["bureau_head"], "other": ["inspector"]},
    )
    for person, name in (("again", "OTHER"), ("new", "新")):
        answer = add_person(application, Caller("first"), person, name, section="one", roles=["inspector"])
        assert isinstance(answer, Refusal), answer
    with application.store.read() as transaction:
        summaries = [one.summary for one in transaction.proposals.all()]
    assert [one.get("alike") for one in summaries] == [["other"], None]


@pytest.mark.parametrize("act", ACTS)
def test_where_there_is_none_what_one_did_is_marked(act: str, tmp_path: Path) -> None:
    """Each role in a bureau of its own; every entry the act made says that one person did it."""
    done = 0
    for role in NAMED:
        application = with_first_key(
            office(people={"solo": [role], "other": ["inspector"], "first": ["leading_office"]})
        )
        with application.store.read() as transaction:
            before = {name: seq for name, seq, _ in transaction.events.last_hashes()}
        answer = ACTS[act](application, Caller("solo"), tmp_path)
        with application.store.read() as transaction:
            new = [
                event
                for name in list(transaction.events.streams())
                for event in transaction.events.of(name, after=before.get(name, 0))
            ]
        if isinstance(answer, Refusal):
            assert {event.kind for event in new} <= {"refused"}, (role, answer)
            continue
        done += 1
        assert new
        assert all(event.body.get("single_handed") is True for event in new), (role, new)
        for file in tmp_path.glob("2099*"):
            file.unlink()
    assert done, "somebody may do it"


WINDOW = {"inspect_from": "2024-09-01", "inspect_to": "2024-09-30"}
VISITS = {"finish_visit", "report_unreachable", "report_gone", "report_no_activity", "report_uncooperative"}


def steps(workflow: str) -> dict[str, Any]:
    return {one.id: one for one in shipped().workflows[workflow].transitions}


def test_whoever_made_the_visit_does_not_pass_it() -> None:
    """Each step that ends a visit excludes each that passes one, in both orders, whatever the roles."""
    found = steps("inspection")
    passes = {"approve", "pass_review"}
    assert passes <= set(found)
    assert set(found) >= VISITS
    for passing in passes:
        excluded = {
            step for rule in bureau().incompatible_on_a_case for step in rule.against("inspection", passing)
        }
        assert excluded >= VISITS
    for visit in VISITS:
        excluded = {
            step for rule in bureau().incompatible_on_a_case for step in rule.against("inspection", visit)
        }
        assert excluded >= passes


TO_VISIT: tuple[tuple[str, dict[str, Any]], ...] = (
    ("approve", {}),
    ("declare", {}),
    ("notify_enterprise", {}),
)
TO_RECHECK: tuple[tuple[str, dict[str, Any]], ...] = (
    *(("judge", {"route": "rectify"}), ("order", {"due_on": "2024-10-10"})),
    *(("serve_order", {}), ("receive_report", {})),
)
BARRED = {"on": "2024-09-20", "facts": "拒绝进入", "evidence": "录像"}
TRIED = [
    {"tried_on": day, "way": "visit", "by": "insp-01", "found": "无人", "evidence": "照片"}
    for day in ("2024-09-19", "2024-09-20")
]
VISIT = {"items": ["employment_check"], "left_at": "2024-09-20T11:30+08:00"}
#: Shipped steps that two sign: the question that names them, the steps before, and what is answered.
SIGNED: dict[tuple[str, str], tuple[str, tuple[tuple[str, dict[str, Any]], ...], dict[str, Any]]] = {
    ("inspection", "declare"): ("signed_by", TO_VISIT[:1], {}),
    ("inspection", "finish_visit"): ("signed_by", TO_VISIT, VISIT),
    ("inspection", "report_unreachable"): ("signed_by", TO_VISIT, {"attempts": [*TRIED]}),
    ("inspection", "report_gone"): ("signed_by", TO_VISIT, {"kind": "moved_out"}),
    ("inspection", "report_no_activity"): ("signed_by", TO_VISIT, {}),
    ("inspection", "report_uncooperative"): ("signed_by", TO_VISIT, {"refusals": [BARRED, BARRED]}),
    ("follow_up", "recheck"): ("signed_by", TO_RECHECK, {"rectified": True}),
    ("penalty", "end_investigation"): ("handled_by", (), {"proposal": "penalty"}),
}


def test_every_form_in_which_people_sign_is_signed_by_each_of_them() -> None:
    """No shipped step lets one person type who signed: a question of that kind is one that each named signs."""
    found = set()
    for workflow in shipped().workflows.values():
        for one in workflow.transitions:
            form = workflow.forms.get(one.form or "")
            names = {asked.name for asked in form.fields} if form is not None else set()
            for name in names & {"signed_by", "handled_by"}:
                found.add((workflow.id, one.id))
                assert one.sign is not None, (workflow.id, one.id)
                assert (one.sign.named_in, one.sign.count) == (name, None), (workflow.id, one.id)
                assert set(one.sign.by) <= set(workflow.parties), (workflow.id, one.id)
    assert found == set(SIGNED)


def test_nobody_drops_those_who_have_to_sign_with_him() -> None:
    for workflow, step in SIGNED:
        found = shipped().workflows[workflow]
        for source in next(one for one in found.transitions if one.id == step).sources:
            assert "withdraw" in found.states[source].verbs, (workflow, source)
            assert not {"add_signer", "drop_signer"} & set(found.states[source].verbs)


@pytest.mark.parametrize(("workflow", "step"), SIGNED)
def test_nobody_signs_for_two(workflow: str, step: str, request: pytest.FixtureRequest) -> None:
    """Whatever roles somebody holds, drawn or not: with both names typed, the step waits for the other to sign."""
    soak = bool(request.config.getoption("--soak", default=False))
    question, earlier, answers = SIGNED[workflow, step]
    walk = Walk(shipped().library, workflow, **WINDOW, items=["L01"], risk_based=True)
    walk.case = replace(walk.case, opened_at=datetime(2024, 9, 18, 2, tzinfo=UTC))
    for name, given in earlier:
        may = walk.process.steps(walk.state)[name][0].by or walk.process.state(walk.state).audience
        walk.take(name, OFFICER if set(may) & OFFICER.roles else "insp-01", **given)
    if workflow == "penalty":
        walk.case = replace(walk.case, state="investigating", parties={"handlers": INSPECTORS})
    state, case = walk.state, walk.case
    typed = {**answers, question: list(INSPECTORS)}
    for roles in held(soak=soak) if soak else [(role,) for role in bureau().roles]:
        walk.case = case
        drawn = Actor("insp-01", "labour_inspection", frozenset({"inspector", *roles}))
        assert walk.alone(step, drawn, **typed).state == state, roles
        assert "已签署" in walk.refused(step, drawn, **typed), roles
        other = Actor("insp-03", "labour_inspection", frozenset({"inspector", *roles}))
        assert "不能办理" in walk.refused(step, other, **typed), roles
    assert walk.alone(step, "insp-02", **typed).state != state


@pytest.mark.parametrize(("workflow", "step"), SIGNED)
def test_nobody_signs_alone_by_naming_himself(workflow: str, step: str) -> None:
    """Himself, himself twice, or nobody: the step is refused."""
    question, earlier, answers = SIGNED[workflow, step]
    walk = Walk(shipped().library, workflow, **WINDOW, items=["L01"], risk_based=True)
    walk.case = replace(walk.case, opened_at=datetime(2024, 9, 18, 2, tzinfo=UTC))
    for name, given in earlier:
        may = walk.process.steps(walk.state)[name][0].by or walk.process.state(walk.state).audience
        walk.take(name, OFFICER if set(may) & OFFICER.roles else "insp-01", **given)
    if workflow == "penalty":
        walk.case = replace(walk.case, state="investigating", parties={"handlers": INSPECTORS})
    drawn = Actor("insp-01", "labour_inspection", frozenset({"inspector"}))
    for typed in (["insp-01"], ["insp-01", "insp-01"], []):
        assert walk.refused(step, drawn, **{**answers, question: typed})


def test_nobody_acts_for_whom_they_may_not_be() -> None:
    """Each pair of roles that exclude each other, either way round, and through a third who acts for both."""
    for rule in bureau().incompatible_roles:
        for one, other in permutations(rule.roles, 2):
            first, second = (Actor(name, None, frozenset({name})) for name in (one, other))
            third = Actor("third", None, frozenset({"clerk"}))
            assert why_incompatible_together(first, second, (), bureau()) is not None, (one, other)
            assert why_incompatible_together(third, second, (first,), bureau()) is not None, (one, other)
            assert why_incompatible_together(third, second, (), bureau()) is None, (one, other)


def test_who_draws_does_not_witness_on_one_case_whatever_they_were_given() -> None:
    """Each step of a batch that is the drawer's excludes each that is the witness's, by the history of the case."""
    for workflow, witnessed in (
        ("batch", {"draw_objects", "agree_removals", "pass_recusal_check"}),
        ("supervision", {"draw_visits"}),
    ):
        found = steps(workflow)
        states = shipped().workflows[workflow].states
        drawing = {
            name
            for name, one in found.items()
            if (one.by or tuple(who for source in one.sources for who in states[source].audience))
            == ("drawer",)
            and not one.automatic
        }
        assert drawing
        for step in witnessed:
            excluded = {
                name for rule in bureau().incompatible_on_a_case for name in rule.against(workflow, step)
            }
            assert excluded >= drawing, (workflow, step)


def test_a_task_is_handed_to_nobody_whose_role_excludes_those_it_is_for() -> None:
    for workflow in shipped().workflows.values():
        for state in workflow.states.values():
            for word in ("reassign", "entrust"):
                among = state.verbs[word].among if word in state.verbs else ()
                for rule in bureau().incompatible_roles:
                    held = set(rule.roles) & {*state.audience, *among}
                    assert len(held) < 2 or set(among) <= set(state.audience), (workflow.id, state.id, held)


def test_nobody_voids_a_draw_they_asked_to_be_voided() -> None:
    """Who asked is set from who acted, by the step itself, and compared with who acts; no form is read for it."""
    found = steps("batch")
    asked = next(one for one in found["ask_void"].then if one.kind == "set")
    assert "void_asked_by" in str(asked.arguments)
    conditions = [str(condition) for condition in found["void_draw"].require]
    assert any("void_asked_by" in one and "actor" in one for one in conditions)
