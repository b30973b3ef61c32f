"""A period run out: no value of it in the file of the database, in logs, exports, site, or backups made since, to the byte.

And with the period run out, two older backups are restored: gone again, and every history verifies.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from agreeing import agreed

from engine.app.access.command import request_digest
from engine.app.audit.refused_attempts import newest_refused
from engine.app.audit.verify_deployment import verify
from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.papers.files import KeptFile, NewFile, keep_file
from engine.app.commands.papers.papers import record_paper, void_paper
from engine.app.commands.papers.signing import SignatureRecord, SigningWay, sign_record
from engine.app.commands.people import Confirmation, NewPerson, add_person
from engine.app.commands.proposals.administrators import set_administrators
from engine.app.commands.proposals.proposals import confirm
from engine.app.commands.publish_definitions import Published, publish
from engine.app.commands.registers import ImportOutcome, import_register
from engine.app.delivery.deliver import Retry
from engine.app.history.paged_reading import PagedReading
from engine.app.history.requests import CommandResult
from engine.app.ports.papers import PaperFact, PaperRecord, PaperState
from engine.app.ports.records import RegisterEntry
from engine.app.queries.cases import show_case
from engine.app.queries.papers.archive import read_archive
from engine.app.queries.papers.signing import list_signatures
from engine.app.queries.people.proposals import list_proposals
from engine.app.queries.register_changes import codes_in_force
from engine.app.registers.forgetting import DESTROYED
from engine.app.registers.import_entries import import_entries
from engine.app.registers.maintenance import register_text
from engine.app.registers.merge_import import RegisterFile
from engine.app.session.new_case import NewCase
from engine.app.session.unit_of_work import UnitOfWork
from engine.app.sign_in.sign_in import NotSignedIn, sign_in_with_password
from engine.definition.library import load_files
from engine.deployment.clocks import SystemClock, VirtualClock
from engine.deployment.daemon_tasks import DeploymentTasks
from engine.deployment.home import find_home
from engine.deployment.open import open_application
from engine.deployment.set_up import load_definitions, set_up
from engine.deployment.site_channel import build_site_as
from engine.kernel.refusal import Refusal
from engine.lifecycle.chain import canonical
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.forms.personal import FORGOTTEN
from engine.operations.backup import BackupError, Manifest, back_up
from engine.operations.restore import Restored, deployment_at, destroyed_in, restore
from engine.register.import_result import read_register
from engine.register.profile import profile_from

BEGIN = datetime(2024, 3, 4, 2, tzinfo=UTC)
OLD, NEW, OTHER = "13800000001", "13900000002", "13700000003"
CARD, OTHER_CARD, MAIL = "ZF-4711-01", "ZF-4711-02", "somebody@example.org"
#: What must be gone: of who has left, and of who was taken out; old and new.
GONE = (OLD, NEW, OTHER, CARD, OTHER_CARD, MAIL, "欧阳示例甲", "欧阳示例乙")
#: Who represented a firm that was struck off, before and at last.
FORMER_REP, REP = GONE[-2:]
STAYS = "13600000009"


def inspector(entry_id: str, phone: str, card: str, status: str = "active") -> RegisterEntry:
    data = {"phone": phone, "cert_no": card, "status": status, "email": MAIL}
    return RegisterEntry("inspectors", entry_id, f"检查人员{entry_id}", "labour_inspection", data)


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file below a folder, and every file in every zip there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path), path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as package:
                    for name in package.namelist():
                        yield f"{path}/{name}", package.read(name)


def holding(folder: Path, values: tuple[str, ...] = GONE) -> dict[str, list[str]]:
    """Return value -> the files that hold it."""
    found = {
        value: [name for name, content in contents(folder) if value.encode() in content] for value in values
    }
    return {value: names for value, names in found.items() if names}


def findings(home: Path, clock: VirtualClock) -> list[str]:
    application = open_application(find_home(str(home)), clock=clock)
    try:
        with PagedReading(application.store) as pages:
            return [str(one) for one in verify(pages)]
    finally:
        application.store.close()


def put(home: Path, clock: VirtualClock, rows: list[RegisterEntry], *, only: bool = False) -> None:
    application = open_application(find_home(str(home)), clock=clock)
    try:
        import_entries(application, "inspectors", rows, "leading", source="x.csv", remove_missing=only)
    finally:
        application.store.close()


def put_firm(home: Path, clock: VirtualClock, representative: str, status: str) -> None:
    """Take in the register of firms with one firm, as it is now."""
    data = {"legal_rep": representative, "status": status, "district": "一街"}
    application = open_application(find_home(str(home)), clock=clock)
    try:
        firm = RegisterEntry("objects", "913500000000000001", "某厂", None, data)
        import_entries(application, "objects", [firm], "leading", source="y.csv")
    finally:
        application.store.close()


def save(home: Path, clock: VirtualClock, file: Path) -> Path:
    assert isinstance(back_up(find_home(str(home)), Caller("leading"), file, clock), Manifest)
    return file


def test_a_period_run_out(small: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = VirtualClock(BEGIN)
    monkeypatch.setattr(SystemClock, "now", lambda _: clock.now())
    home = Path(shutil.copytree(small[0], tmp_path / "bureau"))
    put_firm(home, clock, FORMER_REP, "active")
    active = RegisterEntry("inspectors", "i-3", "丙", None, {"phone": STAYS, "status": "active"})
    put(home, clock, [inspector("i-1", OLD, CARD), inspector("i-2", OTHER, OTHER_CARD), active])
    (tmp_path / "old").mkdir()
    first = save(home, clock, tmp_path / "old" / "first.zip")
    clock.set(BEGIN + timedelta(days=30))
    put_firm(home, clock, REP, "active")
    put(home, clock, [inspector("i-1", NEW, CARD), inspector("i-2", OTHER, OTHER_CARD), active])
    second = save(home, clock, tmp_path / "old" / "second.zip")
    clock.set(BEGIN + timedelta(days=60))
    put_firm(home, clock, REP, "cancelled")
    put(home, clock, [inspector("i-1", NEW, CARD, "left"), active], only=True)
    assert set(holding(home)) == set(GONE)

    clock.set(BEGIN + timedelta(days=60 + 1096))
    tasks = DeploymentTasks(find_home(str(home)), Retry((1, 5), 15))
    try:
        assert tasks.nightly() == {"audit": "ok", "head": "signed"}
        site = build_site_as(tasks.application, Caller("leading"), find_home(str(home)), "zh")
        assert not isinstance(site, Refusal)
        with tasks.application.store.read() as transaction:
            text, rows = register_text(transaction.registers.all("inspectors"))
        assert (rows, STAYS.encode() in text) == (2, True)
        assert not any(value.encode() in text for value in GONE)
    finally:
        tasks.close()
    made = tmp_path / "since"
    made.mkdir()
    save(home, clock, made / "since.zip")
    assert holding(home) == {}
    assert holding(made) == {}
    assert findings(home, clock) == []
    assert (home / DESTROYED).stat().st_mode & 0o777 == 0o600

    for older in (first, second):
        assert holding(older.parent) != {}
        done = restore(older, home, clock, deployment_at(home))
        assert isinstance(done, Restored)
        assert done.kept is not None
        assert holding(home) == {}
        assert findings(home, clock) == []
        assert STAYS.encode() in b"".join(content for _, content in contents(home))


def test_a_list_that_cannot_be_read_stops_the_restore(tmp_path: Path) -> None:
    assert destroyed_in(tmp_path) == []
    (tmp_path / DESTROYED).write_text('{"subject": "inspectors/i-1"}\n', encoding="utf-8")
    with pytest.raises(BackupError, match="读不出来"):
        destroyed_in(tmp_path)


BUREAU = """\
bureau: b
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {one: 一股}
roles: {clerk: {title: 经办人, scope: section}, leading_office: {title: 办公室, scope: bureau}}
"""
NOTE = """\
form: note
title: 记录
fields:
  - phone: {title: 电话, personal: true}
  - said: {title: 询问内容, type: long text, personal: true}
  - cards: {title: 证件号, type: list, personal: true}
  - people:
      title: 在场的人
      personal: true
      columns: [{name: {title: 姓名}}, {age: {title: 年龄, type: integer}}]
  - place: {title: 地点}
"""
VISIT = """\
workflow: visit
title: 检查
about: object
initial: there
parties: {team: 检查人员}
start: {by: clerk}
archive: {retention: {keep: 2 years}}
fields:
  - told: {title: 所述, type: long text}
states:
  there: {title: 在彼, for: clerk, no deadline: 示例}
  here: {title: 在此, for: clerk, no deadline: 示例, verbs: {correct: {by: clerk, approve: clerk}}}
  done: {title: 完, final: true}
transitions:
  - do: fill
    title: 填写
    from: there
    to: here
    form: note
    sign: {mode: all, by: team}
    require: [{that: filled(form.phone) and length(form.cards) == 2, else: 不全, basis: 本局内部控制要求}]
    then: [{set: {told: = form.said}}, {render: sheet}]
  - do: again
    title: 再填
    from: here
    form: note
  - {do: finish, title: 办结, from: here, to: done, when: "filled(forms.note.phone)"}
"""
SHEET = """\
<!DOCTYPE html><html lang="zh-CN"><head><title>记录</title></head><body>
<p>{{ shown.note.phone }}</p>
{% for line in shown.note.said | paragraphs %}<p>{{ line }}</p>{% endfor %}
</body></html>
"""
PHONE, CORRECTED, LATER = "13500000011", "13500000012", "13500000013"
SAID, ALSO = "他说老板姓“欧阳”，", "上月摔伤了腿。"
ID_CARD, ID_OTHER, PRESENT = "350100199001011234", "350100199202022345", "司马示例"
#: Typed where it did not fit: as an answer, for a step, for the one who acts; and where a case there is not was asked for.
#: Of nobody in a register: who signed, on whose device; the name of a scan; how a paper was served, why another is void.
SIGNER, DEVICE, SCAN = "赵某乙示例", "赵某乙示例的手机", "钱某丙示例身份证"
SERVED_TO, VOID_REASON = "直接送达，孙某丁示例签收", "李某戊示例拒收，重做"
OUTSIDERS = (SIGNER, DEVICE, SCAN, SERVED_TO, VOID_REASON)
MISPLACED, NO_STEP, NO_ONE, NO_CASE = "350100199303036789", "诸葛示例受伤", "口令-s3cret-99", "欧阳示例的案子"
#: Every answer to a personal field, the lines of a long one apart; and what was typed and refused.
ANSWERED = (
    PHONE,
    CORRECTED,
    LATER,
    SAID,
    ALSO,
    ID_CARD,
    ID_OTHER,
    PRESENT,
    MISPLACED,
    NO_STEP,
    NO_ONE,
    NO_CASE,
    *OUTSIDERS,
)


def answers(phone: str) -> dict[str, object]:
    rows = [{"name": PRESENT, "age": 40}]
    return {
        "phone": phone,
        "said": f"{SAID}\n{ALSO}",
        "cards": [ID_CARD, ID_OTHER],
        "people": rows,
        "place": "街",
    }


def test_answers_of_a_case_whose_file_is_past_its_term(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = VirtualClock(BEGIN)
    monkeypatch.setattr(SystemClock, "now", lambda _: clock.now())
    home = set_up(tmp_path / "bureau").path
    for name in ("workflows", "forms"):
        shutil.rmtree(home / name)
    application = open_application(find_home(str(home)), clock=clock)
    texts = {"bureau.yaml": BUREAU, "note.yaml": NOTE, "visit.yaml": VISIT}
    loaded = replace(
        load_files(texts, templates={"sheet": SHEET}), files={"forms/templates/sheet.html": SHEET}
    )
    assert not loaded.problems
    published = publish(application, Caller(SYSTEM), loaded)
    assert isinstance(published, Published), published
    roles = {"roles": ["clerk", "leading_office"]}
    staff = [RegisterEntry("people", name, name, "one", roles) for name in ("anna", "bert")]
    staff.append(RegisterEntry("people", "leading", "leading", "one", {"roles": ["leading_office"]}))
    import_entries(application, "people", staff, SYSTEM, source="x")
    started = application.start(
        "visit", "anna", NewCase(title="某店", section="one", parties={"team": ("anna", "bert")})
    )
    assert isinstance(started, CommandResult)
    case = started.case
    for person in ("anna", "bert"):
        done = application.advance(case, "fill", person, answers(PHONE) if person == "anna" else None)
        assert isinstance(done, CommandResult), done
    add_outsiders(application, case)
    asked = application.correct(case, "anna", "note.phone", CORRECTED, reason="填错")
    assert isinstance(asked, CommandResult), asked
    for refused in (
        application.advance(case, "again", "anna", {**answers(LATER), "cards": MISPLACED}),
        application.advance(case, NO_STEP, "anna"),
        application.advance(case, "finish", NO_ONE),
        application.advance(NO_CASE, "finish", "anna"),
        sign_in_with_password(application, NO_ONE, "x"),
    ):
        assert isinstance(refused, (Refusal, NotSignedIn)), refused
    (tmp_path / "old").mkdir()
    first = save(home, clock, tmp_path / "old" / "first.zip")
    for done in (
        application.approve(case, "bert", "correct"),
        application.advance(case, "again", "anna", answers(LATER)),
        application.advance(case, "finish", "anna"),
    ):
        assert isinstance(done, CommandResult), done
    with application.store.read() as transaction:
        found = transaction.cases.get(case)
        assert found is not None
        assert found.forms["note"] == answers(LATER)
        assert found.fields["told"] == f"{SAID}\n{ALSO}"
        entries = "".join(
            one.actor + canonical(dict(one.body))
            for stream in (case, "office", "sign-in")
            for one in transaction.events.of(stream)
        )
        assert MISPLACED in "".join(
            text for one in newest_refused(transaction, case, 9) for text in one.reasons
        )
        assert [one for one in ANSWERED if one in entries] == []
        assert found.personal is not None
        assert set(OUTSIDERS) - {SCAN} <= set(found.personal.texts.values())
        (document,) = transaction.records.documents(case)
        assert ALSO.encode() in document.content
    application.store.close()
    second = save(home, clock, tmp_path / "old" / "second.zip")
    assert set(holding(home, ANSWERED)) == set(ANSWERED)
    assert findings(home, clock) == []

    clock.set(BEGIN + timedelta(days=2 * 366 + 30))
    assert night(home, clock) == {"audit": "ok", "head": "signed"}
    assert set(holding(home, ANSWERED)) == set(ANSWERED)
    # The texts of refusals of a case go with its file; of no case at their own term, like failed sign-ins before it.
    clock.set(BEGIN + timedelta(days=1096))
    assert night(home, clock) == {"audit": "ok", "head": "signed"}
    made = tmp_path / "since"
    made.mkdir()
    save(home, clock, made / "since.zip")
    tasks = DeploymentTasks(find_home(str(home)), Retry((1, 5), 15))
    site = build_site_as(tasks.application, Caller("leading"), find_home(str(home)), "zh")
    packed = read_archive(tasks.application, "anna", case)
    assert not isinstance(site, Refusal)
    assert not isinstance(packed, Refusal)
    assert packed.case.forms["note"] == {
        **answers(FORGOTTEN),
        "said": FORGOTTEN,
        "cards": [FORGOTTEN, FORGOTTEN],
        "people": [{"name": FORGOTTEN, "age": 40}],
    }
    assert packed.case.fields["told"] == FORGOTTEN
    assert [event.body.get("forgotten") for event in packed.events if "forgotten" in event.body] != []
    tasks.close()
    assert holding(home, ANSWERED) == {}
    assert holding(made, ANSWERED) == {}
    assert findings(home, clock) == []

    for older in (first, second):
        assert holding(older.parent, ANSWERED) != {}
        assert isinstance(restore(older, home, clock, deployment_at(home)), Restored)
        assert holding(home, ANSWERED) == {}
        assert findings(home, clock) == []


def add_outsiders(application: Application, case: str) -> None:
    """Enter what names people who are in no register: a scan, its signature, a paper that is served and then void."""
    kept = keep_file(application, Caller("anna"), case, NewFile(b"%PDF-1.7", f"{SCAN}.pdf", SCAN))
    assert isinstance(kept, KeptFile), kept
    signed = sign_record(application, Caller("anna"), case, "note", SIGNER, "scan", DEVICE, kept.id)
    assert isinstance(signed, SignatureRecord), signed
    assert (signed.person, signed.device) == (SIGNER, DEVICE)
    on, now = application.clock.now().date(), application.clock.now()
    paper = f"{case}/letter/1"
    facts = tuple(PaperFact(state, on, now, "anna") for state in (PaperState.DRAFTED, PaperState.APPROVED))
    with application.store.write() as transaction:
        uow = UnitOfWork(application, transaction, now)
        transaction.papers.put(PaperRecord(id=paper, case=case, kind="letter", document="", facts=facts))
        found = uow.case(case)
        assert found is not None
        uow.record(found, "recorded", "anna", {"title": "拟稿", "paper": paper})
        uow.flush()
    for done in (
        record_paper(application, Caller("anna"), paper, "served", note=SERVED_TO),
        agreed(application, lambda: void_paper(application, Caller("anna"), paper, VOID_REASON)),
    ):
        assert isinstance(done, PaperRecord), done
    # Whoever works on it is in the history; another reader is recorded, once for each way.
    readers = (list_signatures, read_archive, show_case)
    for person in ("anna", "bert", "leading", "leading"):
        for read in readers:
            assert not isinstance(read(application, person, case), Refusal)
    with application.store.read() as transaction:
        recorded = transaction.readings.newest()
    assert {(one.person, one.use_case) for one in recorded} == {
        ("leading", "document.read"),
        ("leading", "case.read"),
    }
    assert {one.about for one in recorded} == {f"cases/{case}"}
    assert recorded[0].columns == ("note.cards", "note.people", "note.phone", "note.said")
    listed = list_signatures(application, "anna", case)
    assert not isinstance(listed, Refusal)
    (state,) = [one for one in listed if one.signature.way is SigningWay.SCAN]
    assert (state.holds, state.signature.person, state.signature.device) == (True, SIGNER, DEVICE)


def night(home: Path, clock: VirtualClock) -> object:
    tasks = DeploymentTasks(find_home(str(home)), Retry((1, 5), 15))
    try:
        return tasks.nightly()
    finally:
        tasks.close()


KEEPERS = ("keeper-1", "keeper-2")
#: Telephones that look wrong and are confirmed, why they are right, whom somebody keeps away from; of two registers.
ODD = {"insp-01": "7766554401", "new-1": "7766554402"}
WHY = {name: f"司徒示例的短号{phone}" for name, phone in ODD.items()}
#: A code whose check digit is another.
RECUSED, NEAR = "91990102MA3100033J", "妻舅示例开的店"
CHANGED_TO, OWN = "13544440001", "某人特长示例"
GIVEN = (*ODD.values(), *WHY.values(), RECUSED, NEAR, CHANGED_TO, OWN)
COLUMNS = "人员编号,姓名,股室,执法证号,执法证有效期至,回避对象,状态,联系电话,备用栏\n"


def rows(phone: str, status: str, own: str) -> str:
    return f"{COLUMNS}insp-01,甲,,ZF-1,2030-01-01,{RECUSED},{status},{phone},{own}\n"


#: A profile of inspectors that has one column more, which is private.
PROFILE = "register: inspectors\ncolumns:\n  spare: {title: 备用栏, type: text, private: true}\n"


def take_in(application: Application, folder: Path, text: str, *confirm: str) -> object:
    """Take a file of inspectors in by the profile of the bureau."""
    file = folder / "inspectors.csv"
    file.write_text(text, encoding="utf-8")
    profile, problems = profile_from(PROFILE.encode(), "own.yaml")
    assert profile is not None, problems
    found = codes_in_force(application, KEEPERS[0])
    assert not isinstance(found, Refusal)
    reading = read_register("inspectors", file, profile, codes=found)
    given = [Confirmation(name, "phone", ODD[name], WHY[name]) for name in confirm]
    given += [Confirmation(name, "recusals", RECUSED, NEAR) for name in confirm]
    taken = RegisterFile(profile=profile, reading=reading, source=file.name)
    return import_register(application, Caller(KEEPERS[0]), "inspectors", taken, given)


def test_values_that_were_confirmed_and_proposed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unusual telephone stands in no history, and whoever agrees reads it as long as it is kept."""
    clock = VirtualClock(BEGIN)
    monkeypatch.setattr(SystemClock, "now", lambda _: clock.now())
    home = set_up(tmp_path / "bureau").path
    application = open_application(find_home(str(home)), clock=clock)
    (home / "profiles").mkdir(exist_ok=True)
    (home / "profiles/own.yaml").write_text(PROFILE, encoding="utf-8")
    published = publish(application, Caller(SYSTEM), load_definitions(find_home(str(home))))
    assert isinstance(published, Published), published
    roles = {"roles": ["roster_admin"], "status": "active"}
    staff = [RegisterEntry("people", name, name, None, roles) for name in KEEPERS]
    staff += [RegisterEntry("people", "leading", "办公室", None, {"roles": ["leading_office"]})]
    import_entries(application, "people", staff, SYSTEM, source="x")
    first, second = (Caller(name) for name in KEEPERS)
    assert set_administrators(application, first, KEEPERS) == []

    # A new inspector: two agree.
    assert isinstance(take_in(application, tmp_path, rows(ODD["insp-01"], "有效", OWN), "insp-01"), Refusal)
    waiting = list_proposals(application, second.person)
    assert not isinstance(waiting, Refusal)
    assert confirm(application, second, waiting[0].id) == first.person
    taken = take_in(application, tmp_path, rows(ODD["insp-01"], "有效", OWN), "insp-01")
    assert isinstance(taken, ImportOutcome), taken
    # Confirmed once: asked for again only once the value is past its term.
    assert isinstance(take_in(application, tmp_path, rows(ODD["insp-01"], "有效", OWN)), ImportOutcome)

    def add() -> object:
        given = [Confirmation("new-1", "phone", ODD["new-1"], WHY["new-1"])]
        return add_person(
            application, first, "new-1", "新人", roles=["inspector"], phone=ODD["new-1"], confirm=given
        )

    assert isinstance(add(), Refusal)
    listed = list_proposals(application, second.person)
    assert not isinstance(listed, Refusal)
    (made,) = listed
    assert ODD["new-1"] in made.summary["title"]
    assert WHY["new-1"] in made.summary["title"]
    assert confirm(application, second, made.id) == first.person
    assert isinstance(add(), NewPerson)
    with application.store.read() as transaction:
        streams = (
            "confirmed:inspectors",
            "confirmed:people",
            "proposals",
            "register:inspectors",
            "register:people",
        )
        entries = "".join(
            canonical(dict(one.body)) for name in streams for one in transaction.events.of(name)
        )
        stored = canonical([dict(one.summary) for one in transaction.proposals.all()])
        assert [one for one in GIVEN if one in entries + stored] == []
        # Nor can it be guessed by the digest of what was asked for.
        given = [Confirmation("new-1", "phone", ODD["new-1"], WHY["new-1"])]
        words = {
            "person": "new-1",
            "name": "新人",
            "roles": ["inspector"],
            "phone": ODD["new-1"],
            "confirm": given,
        }
        assert request_digest("register.change/people", first.person, words) not in entries
    application.store.close()
    (tmp_path / "old").mkdir()
    save(home, clock, tmp_path / "old" / "first.zip")
    assert set(holding(home, GIVEN)) == set(GIVEN) - {CHANGED_TO}

    clock.set(BEGIN + timedelta(days=10))
    application = open_application(find_home(str(home)), clock=clock)
    taken = take_in(application, tmp_path, rows(CHANGED_TO, "离职", ""))
    assert isinstance(taken, ImportOutcome), taken
    left = [RegisterEntry("people", "new-1", "新人", None, {"status": "left", "phone": ODD["new-1"]})]
    import_entries(application, "people", left, SYSTEM, source="x")
    application.store.close()
    (tmp_path / "inspectors.csv").unlink()
    clock.set(BEGIN + timedelta(days=10 + 1096))
    assert night(home, clock) == {"audit": "ok", "head": "signed"}
    assert holding(home, GIVEN) == {}
    assert findings(home, clock) == []
    application = open_application(find_home(str(home)), clock=clock)
    read = list_proposals(application, second.person, everything=True)
    application.store.close()
    assert not isinstance(read, Refusal)
    assert read[-1].summary["title"].endswith(FORGOTTEN)

    assert isinstance(restore(tmp_path / "old" / "first.zip", home, clock, deployment_at(home)), Restored)
    assert {value: names for value, names in holding(home, GIVEN).items() if value != CHANGED_TO} == {}
    assert findings(home, clock) == []
