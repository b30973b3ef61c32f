"""Which versions one person published alone is read from the history, and a second person's word takes the mark away."""

from __future__ import annotations

from access_factories import BUREAU, WORKFLOW, services_over

from engine.app.commands import Caller
from engine.app.commands.proposals.administrators import set_administrators
from engine.app.commands.proposals.proposals import confirm
from engine.app.commands.publish_definitions import Published, publish
from engine.app.definitions.single_handed import versions_by_one
from engine.app.ports.records import RegisterEntry
from engine.app.queries.definitions import list_published_alone
from engine.definition.library import Loaded, load_files
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
