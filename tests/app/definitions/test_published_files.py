"""Files beside the definitions act as they were published: entered, read again only when they change, taken away as a whole."""

from __future__ import annotations

from dataclasses import replace

from access_factories import BUREAU, WORKFLOW, services_over

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.proposals.administrators import set_administrators
from engine.app.commands.proposals.proposals import confirm
from engine.app.commands.publish_definitions import Published, publish
from engine.app.definitions.published_files import (
    add_files,
    changed_files,
    digests_published,
    read_published,
)
from engine.app.ports.documents import PublishedTexts
from engine.app.ports.records import RegisterEntry
from engine.app.queries.definitions import compare_definitions
from engine.definition.library import Loaded, load_files
from engine.kernel.refusal import Refusal
from engine.store.memory import MemoryStore

SHEET, NOTE = "forms/templates/sheet.html", "forms/templates/note.txt"


def definitions(**files: str) -> Loaded:
    loaded = load_files({"bureau.yaml": BUREAU.lstrip(), "errand.yaml": WORKFLOW.lstrip()})
    return replace(loaded, files={{"sheet": SHEET, "note": NOTE}[name]: text for name, text in files.items()})


def published(application: Application) -> PublishedTexts | None:
    with application.store.read() as transaction:
        return application.definitions.published_files(transaction)


def test_a_file_acts_once_it_is_published_and_two_agree_to_it() -> None:
    application = services_over(MemoryStore(), None, people=True)
    assert published(application) is None
    first = publish(application, Caller("lena"), definitions(sheet="<p>1</p>", note="a"))
    assert isinstance(first, Published)
    assert (list(first.new), list(first.files)) == (["errand"], [NOTE, SHEET])
    assert Published.from_json(first.as_json()) == first
    before = published(application)
    assert before is not None
    assert before.templates() == {"sheet.html": "<p>1</p>", "note.txt": "a"}
    # Nothing is read again while nothing changes.
    assert published(application) is before
    with application.store.write() as transaction:
        other = RegisterEntry("people", "lola", "Lola", None, {"roles": ["leading_office"]})
        transaction.registers.put([other], application.clock.now())
    assert set_administrators(application, Caller("lena"), ("lena", "lola")) == []
    edited = definitions(sheet="<p>2</p>", note="a")
    proposed = publish(application, Caller("lena"), edited)
    assert isinstance(proposed, Refusal)
    assert published(application) is before
    with application.store.read() as transaction:
        proposal = transaction.proposals.all()[-1]
    assert list(proposal.summary["files"]) == [SHEET]
    assert SHEET in proposal.summary["title"]
    confirm(application, Caller("lola"), proposal.id)
    # What was agreed to are these texts and no others.
    assert isinstance(publish(application, Caller("lena"), definitions(sheet="<p>3</p>", note="a")), Refusal)
    done = publish(application, Caller("lena"), edited)
    assert isinstance(done, Published)
    assert (done.new, list(done.files)) == ({}, [SHEET])
    after = published(application)
    assert after is not None
    assert after.templates()["sheet.html"] == "<p>2</p>"
    with application.store.read() as transaction:
        last = list(transaction.events.of("definitions"))[-1]
    assert (last.kind, last.body["confirmed_by"], list(last.body["files"])) == ("files", "lola", [SHEET])


def test_what_is_said_of_no_files_leaves_them_and_what_differs_is_named() -> None:
    application = services_over(MemoryStore(), None, people=True)
    publish(application, Caller("lena"), definitions(sheet="<p>1</p>", note="a"))
    assert publish(application, Caller("lena"), definitions()) == Published({}, {"errand": 1})
    compared = compare_definitions(application, "anna", definitions(sheet="<p>2</p>"))
    assert isinstance(compared, Published)
    assert (list(compared.files), compared.files[NOTE]) == ([NOTE, SHEET], None)
    # Where some workflows are named, what is not said of is left.
    some = publish(application, Caller("lena"), definitions(sheet="<p>2</p>"), only=("errand",))
    assert isinstance(some, Published)
    assert list(some.files) == [SHEET]
    gone = publish(application, Caller("lena"), definitions(sheet="<p>2</p>"))
    assert isinstance(gone, Published)
    assert gone.files == {NOTE: None}
    with application.store.read() as transaction:
        assert set(digests_published(transaction) or ()) == {SHEET}


def test_files_by_themselves() -> None:
    application = services_over(MemoryStore(), None, people=True)
    with application.store.write() as transaction:
        assert read_published(transaction, None) is None
        files = {SHEET: "x"}
        changed = changed_files(transaction, files)
        add_files(transaction, files, changed, application.clock.now(), "lena")
        assert changed_files(transaction, files) == {}
        found = read_published(transaction, None)
        assert found is not None
        assert found.texts == files
        assert read_published(transaction, found) is found
