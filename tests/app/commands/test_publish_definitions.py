"""Publishing: by whom, what is entered, what is refused."""

from __future__ import annotations

from access_factories import BUREAU, WORKFLOW, services_over

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.publish_definitions import Published, publish
from engine.app.queries.definitions import compare_definitions
from engine.definition.library import Loaded, load_files
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import SYSTEM
from engine.store.memory import MemoryStore


def definitions(note: str = "") -> Loaded:
    return load_files({"bureau.yaml": BUREAU.lstrip(), "errand.yaml": WORKFLOW.lstrip() + note})


def services(*, people: bool = True) -> Application:
    return services_over(MemoryStore(), None, people=people)


def entries(application: Application, stream: str) -> list[tuple[str, str]]:
    with application.store.read() as transaction:
        return [(one.kind, one.actor) for one in transaction.events.of(stream)]


def test_the_system_publishes_while_nobody_is_known() -> None:
    application = services(people=False)
    assert publish(application, Caller(SYSTEM), definitions()) == Published({"errand": 1}, {})
    assert entries(application, "definitions") == [("published", SYSTEM)]


def test_once_people_are_known_one_of_them_publishes() -> None:
    application = services()
    assert isinstance(publish(application, Caller(SYSTEM), definitions()), Refusal)
    assert isinstance(publish(application, Caller("anna"), definitions()), Refusal)
    assert publish(application, Caller("lena"), definitions()) == Published({"errand": 1}, {})
    assert publish(application, Caller("lena"), definitions()) == Published({}, {"errand": 1})
    assert entries(application, "definitions") == [("published", "lena")]
    assert entries(application, "office") == [("refused", SYSTEM), ("refused", "anna")]


def test_errors_are_refused_and_a_dry_run_publishes_nothing() -> None:
    application = services()
    wrong = load_files({"bureau.yaml": BUREAU.lstrip(), "errand.yaml": "workflow: errand\n"})
    refused = publish(application, Caller("lena"), wrong)
    assert isinstance(refused, Refusal)
    assert refused.reasons[0].next is not None
    assert publish(application, Caller("lena", dry_run=True), definitions()) == Published({"errand": 1}, {})
    assert entries(application, "definitions") == []
    publish(application, Caller("lena"), definitions())
    changed = definitions("# 说明\n")
    assert compare_definitions(application, "anna", changed) == Published({"errand": 2}, {})


def test_a_repeated_request_publishes_once_and_answers_the_same() -> None:
    application = services()
    for _ in range(2):
        assert publish(application, Caller("lena", request_id="r-1"), definitions()) == Published(
            {"errand": 1}, {}
        )
    assert entries(application, "definitions") == [("published", "lena")]
    other = publish(application, Caller("lena", request_id="r-1"), definitions("# 说明\n"))
    assert isinstance(other, Refusal)
    assert [reason.code for reason in other.reasons] == ["request"]
