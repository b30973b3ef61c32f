"""Columns a profile marks private are masked for whoever has nothing to do with the entry."""

from __future__ import annotations

from pathlib import Path

from register_fixtures import CLERK, KEEPER, OTHER, by, register_file, small_application

from engine.app.commands.application import Application
from engine.app.commands.registers import ImportOutcome, import_register, take_snapshot
from engine.app.ports.records import RegisterEntry
from engine.app.queries.cases import register_subject
from engine.app.queries.registers import (
    MaskedEntry,
    SnapshotDifference,
    compare_with_snapshot,
    list_entries,
    register_history,
    show_entry,
)
from engine.app.registers.merge_import import RegisterFile
from engine.app.registers.private_columns import (
    MASK,
    PrivateColumns,
    keep_private_keys,
    personal_keys,
    personal_keys_in_force,
    private_keys,
    private_keys_in_force,
)
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import Actor
from engine.register.import_result import read_register
from engine.register.profile import built_in, profile_from
from engine.store.memory import MemoryStore

HEAD = "编号,企业名称,责任股室,联络员,联系电话,住所\n"
FIRM, OTHERS, NOBODYS = "910000000000001", "910000000000002", "910000000000003"
PHONE = "13900000001"


def with_objects(folder: Path, phone: str = PHONE) -> Application:
    """Return a bureau with an object of each section and one of none."""
    application = small_application()
    take(application, folder, phone)
    return application


def take(application: Application, folder: Path, phone: str) -> None:
    rows = "".join(
        f"{code},示例{n}公司,{section},示例联络员{n},{phone},示例路{n}号\n"
        for n, (code, section) in enumerate(((FIRM, "one"), (OTHERS, "two"), (NOBODYS, "")), 1)
    )
    done = import_register(application, by(), "objects", register_file(folder, "objects", HEAD + rows))
    assert isinstance(done, ImportOutcome), str(done)


def shown(application: Application, viewer: str, entry: str) -> RegisterEntry:
    found = show_entry(application, viewer, "objects", entry)
    assert not isinstance(found, Refusal), str(found)
    return found


def test_what_the_built_in_profiles_mark() -> None:
    assert {kind: sorted(private_keys(built_in(kind))) for kind in ("objects", "inspectors", "experts")} == {
        "objects": ["contact", "phone"],
        "inspectors": ["cert_no", "email", "phone", "recusals"],
        "experts": ["email", "phone", "recusals"],
    }
    assert sorted(private_keys(built_in("people"))) == ["email", "phone"]


def test_the_section_of_an_entry_and_keepers_read_it_whole_and_others_get_it_masked(tmp_path: Path) -> None:
    application = with_objects(tmp_path)
    whole = shown(application, KEEPER, FIRM)
    assert (whole.data["phone"], isinstance(whole, MaskedEntry)) == (PHONE, False)
    assert shown(application, CLERK, FIRM) == whole
    masked = shown(application, OTHER, FIRM)
    assert isinstance(masked, MaskedEntry)
    assert masked.masked == ("contact", "phone")
    assert (masked.data["phone"], masked.data["contact"], masked.data["address"]) == (MASK, MASK, "示例路1号")
    # What nobody has claimed is nobody's section's.
    assert shown(application, CLERK, NOBODYS).data["phone"] == MASK


def test_a_list_is_masked_row_by_row(tmp_path: Path) -> None:
    application = with_objects(tmp_path)
    found = list_entries(application, CLERK, "objects")
    assert not isinstance(found, Refusal)
    assert {one.id: one.data["phone"] for one in found} == {FIRM: PHONE, OTHERS: MASK, NOBODYS: MASK}


def test_ones_own_entry_is_read_whole() -> None:
    columns = PrivateColumns(frozenset({"phone"}), Actor(CLERK, "one"), False)
    own = RegisterEntry("people", CLERK, "经办人01", None, {"phone": PHONE})
    assert columns.entry(own) is own
    other = RegisterEntry("people", KEEPER, "管理员01", None, {"phone": PHONE, "title": "科员"})
    assert columns.entry(other).data == {"phone": MASK, "title": "科员"}
    assert columns.without(other).data == {"title": "科员"}
    assert columns.without(own) is own


def test_the_history_and_the_comparison_show_no_private_value_either(tmp_path: Path) -> None:
    application = with_objects(tmp_path)
    take_snapshot(application, by(), "objects")
    take(application, tmp_path, "13900000002")
    for viewer, seen in ((KEEPER, True), (OTHER, False)):
        history = register_history(application, viewer, "objects", FIRM)
        assert not isinstance(history, Refusal)
        assert (PHONE in str(history[-1].columns)) is seen
        assert (PHONE in str(history[-1].body["changes"]["changed"][FIRM])) is seen
        compared = compare_with_snapshot(application, viewer, "objects")
        assert isinstance(compared, SnapshotDifference)
        columns = {one.id: dict(one.columns) for one in compared.found.changed}
        assert columns[FIRM]["phone"] == ((PHONE, "13900000002") if seen else (MASK, MASK))
        assert columns[OTHERS]["phone"] == (PHONE, "13900000002")
    whole = register_history(application, OTHER, "objects")
    assert not isinstance(whole, Refusal)
    assert str(whole).count(PHONE) == 1, "the value before, of their own section's entry"


def test_what_was_removed_or_entered_by_hand_is_masked_too() -> None:
    columns = PrivateColumns(frozenset({"phone"}), Actor(OTHER, "two"), False)
    row = {"name": "示例", "section": "one", "data": {"phone": PHONE, "title": "科员"}}
    removed = {"changes": {"added": [], "changed": {}, "removed": {"x-1": row}}}
    assert PHONE not in str(columns.body(removed, {}))
    assert columns.body({"changes": {"removed": {"x-1": {**row, "section": "two"}}}}, {}) == {
        "changes": {"removed": {"x-1": {**row, "section": "two"}}}
    }
    entered = {"id": "x-1", "name": "示例", "section": "one", "data": {"phone": PHONE}}
    assert columns.body(entered, {})["data"] == {"phone": MASK}
    assert columns.body({"ids": ["x-1"], "add": ["x"]}, {}) == {"ids": ["x-1"], "add": ["x"]}
    everything = PrivateColumns(frozenset({"phone"}), Actor(KEEPER), True)
    assert everything.body(entered, {}) is entered


def test_a_case_started_by_somebody_else_starts_without_them(tmp_path: Path) -> None:
    application = with_objects(tmp_path)
    own = register_subject(application, CLERK, "objects", FIRM)
    other = register_subject(application, OTHER, "objects", FIRM)
    assert own is not None
    assert other is not None
    assert not isinstance(own, Refusal)
    assert not isinstance(other, Refusal)
    assert own["phone"] == PHONE
    assert "phone" not in other
    assert other["address"] == "示例路1号"


def test_columns_a_bureaus_own_profile_marks_are_kept(tmp_path: Path) -> None:
    application = small_application()
    text = (
        "register: objects\ncolumns:\n  boss_id: {title: 负责人证号, type: text, private: true}\n"
        "  phone: {title: 手机, type: phone}\n"
    )
    profile, problems = profile_from(text.encode(), "own.yaml")
    assert profile is not None, problems
    assert private_keys(profile) == {"contact", "phone", "boss_id"}
    file = tmp_path / "objects.csv"
    file.write_text(f"编号,企业名称,责任股室,负责人证号\n{FIRM},示例公司,one,示例证号\n", encoding="utf-8")
    reading = read_register("objects", file, profile)
    given = RegisterFile(profile=profile, reading=reading, source=file.name)
    assert isinstance(import_register(application, by(), "objects", given), ImportOutcome)
    assert shown(application, CLERK, FIRM).data["boss_id"] == "示例证号"
    assert shown(application, OTHER, FIRM).data["boss_id"] == MASK
    # A file of the built-in profile does not make them public.
    take(application, tmp_path, PHONE)
    assert shown(application, OTHER, FIRM).data["boss_id"] == MASK


def test_own_columns_that_are_personal_are_forgotten_and_not_masked() -> None:
    store = MemoryStore()
    text = "register: objects\ncolumns: {keeper: {title: 保管人, type: text, personal: true}, phone: {title: 电话号, type: phone}}\n"
    profile, problems = profile_from(text.encode(), "own.yaml")
    assert profile is not None, problems
    with store.write() as transaction:
        keep_private_keys(transaction, "objects", profile)
        keep_private_keys(transaction, "objects", profile)
    with store.read() as transaction:
        private = private_keys_in_force(transaction, "objects")
        personal = personal_keys_in_force(transaction, "objects")
    assert personal - private == {"keeper", "legal_rep"}
    # Spelled anew it stays what it was.
    assert "phone" in private
    assert personal_keys(profile) == personal
