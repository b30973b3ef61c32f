"""Which versions one person published alone is read from the history, and a second person's word takes the mark away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from access_factories import BUREAU, WORKFLOW, services_over

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.proposals.administrators import set_administrators
from engine.app.commands.proposals.proposals import confirm
from engine.app.commands.publish_definitions import Published, publish
from engine.app.definitions.single_handed import papers_by_one, versions_by_one
from engine.app.ports.documents import TEMPLATES
from engine.app.ports.records import Document, RegisterEntry
from engine.app.queries.definitions import list_published_alone
from engine.app.worklist.single_handed import cases_by_one, papers_of_case_by_one
from engine.definition.library import Loaded, load_files
from engine.deployment.clocks import VirtualClock
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import SYSTEM
from engine.store.memory import MemoryStore


def definitions(note: str = "") -> Loaded:
    return load_files({"bureau.yaml": BUREAU.lstrip(), "errand.yaml": WORKFLOW.lstrip() + note})


def test_what_one_person_published_alone_is_told_apart() -> None:
    application = services_over(MemoryStore(), None, people=True)
    assert publish(application, Caller("lena"), definitions()) == Published({"errand": 1}, {})
    assert list_published_alone(application, "anna") == {("errand", 1)}
    with application.store.write() as transaction:
        other = RegisterEntry("people", "lola", "Lola", None, {"roles": ["leading_office"]})
        transaction.registers.put([other], application.clock.now())
    assert not isinstance(set_administrators(application, Caller("lena"), ("lena", "lola")), Refusal)
    again = definitions("# 说明\n")
    assert isinstance(publish(application, Caller("lena"), again), Refusal)
    with application.store.read() as transaction:
        waiting = [one.id for one in transaction.proposals.all() if one.status == "open"]
    assert confirm(application, Caller("lola"), waiting[0]) == "lena"
    assert publish(application, Caller("lena"), again) == Published({"errand": 2}, {})
    with application.store.read() as transaction:
        assert versions_by_one(transaction) == {("errand", 1)}


def test_the_first_versions_of_a_deployment_are_nobodys() -> None:
    application = services_over(MemoryStore(), None, people=False)
    assert publish(application, Caller(SYSTEM), definitions()) == Published({"errand": 1}, {})
    with application.store.read() as transaction:
        assert versions_by_one(transaction) == frozenset()


SHEET, OTHER, PART, BLOCK = (
    f"{TEMPLATES}{name}" for name in ("sheet.html", "other.html", "_foot.html", "rights.txt")
)
FILES = {
    SHEET: '<p>1</p>{% include "_foot.html" %}',
    OTHER: "<p>{{ texts.rights }}</p>",
    PART: "<p>foot</p>",
    BLOCK: "a",
}


def publish_files(application: Application, **changed: str) -> None:
    """Let lena publish files, alone or not: a second person who is named agrees."""
    names = {"sheet": SHEET, "other": OTHER, "part": PART, "block": BLOCK}
    files = {**FILES, **{names[name]: text for name, text in changed.items()}}
    loaded = replace(definitions(), files=files)
    if isinstance(publish(application, Caller("lena"), loaded), Published):
        return
    with application.store.read() as transaction:
        waiting = [one.id for one in transaction.proposals.all() if one.status == "open"]
    assert confirm(application, Caller("lola"), waiting[0]) == "lena"
    assert isinstance(publish(application, Caller("lena"), loaded), Published)


def name_two(application: Application) -> None:
    with application.store.write() as transaction:
        other = RegisterEntry("people", "lola", "Lola", None, {"roles": ["leading_office"]})
        transaction.registers.put([other], application.clock.now())
    assert not isinstance(set_administrators(application, Caller("lena"), ("lena", "lola")), Refusal)


def printed(application: Application, clock: VirtualClock, case: str, kind: str) -> None:
    clock.advance(timedelta(minutes=1))
    now = clock.now()
    with application.store.write() as transaction:
        number = transaction.records.count_documents(case) + 1
        transaction.records.put_document(
            Document(f"{case}/{number}", case, kind, f"{number:02d}-{kind}.html", "0" * 64, b"x", now)
        )
    clock.advance(timedelta(minutes=1))


def marked(application: Application, case: str) -> list[str]:
    with application.store.read() as transaction:
        return [one.name for one in papers_by_one(transaction, [case, "none"])]


def test_a_paper_from_a_template_one_person_published_is_marked_and_one_made_after_two_agreed_is_not() -> (
    None
):
    application = services_over(MemoryStore(), None, people=True)
    clock = application.clock
    assert isinstance(clock, VirtualClock)
    case = "errand-1"
    printed(application, clock, case, "sheet")
    # Before any was published the folder's are used: nothing is known of them.
    publish_files(application)
    printed(application, clock, case, "sheet")
    printed(application, clock, case, "other")
    printed(application, clock, case, "unknown")
    assert marked(application, case) == ["02-sheet.html", "03-other.html"]
    name_two(application)
    publish_files(application, sheet="<p>2</p>", other="<p>{{ texts.rights }} 2</p>")
    printed(application, clock, case, "sheet")
    # Its own text was agreed to; a block it prints is still as one person published it.
    printed(application, clock, case, "other")
    assert marked(application, case) == ["02-sheet.html", "03-other.html", "06-other.html"]
    publish_files(application, block="b", part="<p>foot 2</p>")
    printed(application, clock, case, "other")
    assert marked(application, case) == ["02-sheet.html", "03-other.html", "06-other.html"]


def test_a_part_one_person_published_marks_the_papers_that_include_it() -> None:
    application = services_over(MemoryStore(), None, people=False)
    clock = application.clock
    assert isinstance(clock, VirtualClock)
    loaded = replace(definitions(), files=FILES)
    assert isinstance(publish(application, Caller(SYSTEM), loaded), Published)
    with application.store.write() as transaction:
        transaction.registers.put(
            [RegisterEntry("people", "lena", "Lena", None, {"roles": ["leading_office"]})], clock.now()
        )
    printed(application, clock, "errand-1", "sheet")
    assert marked(application, "errand-1") == []
    publish_files(application, part="<p>foot 2</p>")
    printed(application, clock, "errand-1", "sheet")
    printed(application, clock, "errand-1", "other")
    assert marked(application, "errand-1") == ["02-sheet.html"]
    with application.store.read() as transaction:
        assert cases_by_one(transaction, ["errand-1", "errand-2"]) == {"errand-1"}
        assert papers_of_case_by_one(transaction, "errand-1") == ("02-sheet.html",)
