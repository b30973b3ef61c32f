"""Publishing: by whom, what is entered, what is refused."""

from __future__ import annotations

from access_factories import BUREAU, WORKFLOW, services_over

from engine.app.commands import Caller
from engine.app.commands.application import Application, NewCase
from engine.app.commands.proposals.administrators import set_administrators
from engine.app.commands.publish_definitions import OVERTAKEN, Published, publish, publish_again
from engine.app.ports.records import RegisterEntry
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


def test_an_older_version_is_published_again_byte_for_byte() -> None:
    application = services()
    publish(application, Caller("lena"), definitions())
    publish(application, Caller("lena"), definitions("# 说明\n"))
    assert publish_again(application, Caller("lena"), "errand", 1, "收回") == Published({"errand": 3}, {})
    with application.store.read() as transaction:
        first, second, third = sorted(transaction.definitions.versions("errand"), key=lambda one: one.number)
        assert (first.digest, second.digest == third.digest) == (third.digest, False)
    missing = publish_again(application, Caller("lena"), "errand", 9)
    assert isinstance(missing, Refusal)
    assert str(missing) == "流程“errand”没有第 9 版"


def test_what_was_edited_from_an_older_version_is_not_published_over_a_newer_one() -> None:
    application = services()
    publish(application, Caller("lena"), definitions())
    publish(application, Caller("lena"), definitions("# 甲\n"), base={"errand": 1})
    refused = publish(application, Caller("lena"), definitions("# 乙\n"), base={"errand": 1})
    assert isinstance(refused, Refusal)
    (reason,) = refused.reasons
    assert (reason.code, reason.field) == (OVERTAKEN, "errand")
    assert "由第 1 版改来的，其后“lena”已发布第 2 版" in str(reason.message)
    assert publish(application, Caller("lena"), definitions("# 乙\n"), base={"errand": 2}) == Published(
        {"errand": 3}, {}
    )


def test_two_agree_to_what_is_published_where_there_are_two() -> None:
    application = services()
    publish(application, Caller("lena"), definitions())
    publish(application, Caller("lena"), definitions("# 甲\n"))
    with application.store.write() as transaction:
        other = RegisterEntry("people", "lola", "Lola", None, {"roles": ["leading_office"]})
        transaction.registers.put([other], application.clock.now())
    assert set_administrators(application, Caller("lena"), ("lena", "lola")) == []

    def summary() -> dict[str, object]:
        with application.store.read() as transaction:
            return dict(transaction.proposals.all()[-1].summary)

    assert isinstance(publish(application, Caller("lena"), definitions("# 乙\n"), "改字"), Refusal)
    assert (summary()["versions"], summary()["note"]) == ({"errand": 3}, "改字")
    assert publish(application, Caller("lena"), definitions("# 甲\n")) == Published({}, {"errand": 2})
    assert isinstance(publish_again(application, Caller("lena"), "errand", 1, "收回"), Refusal)
    assert (summary()["versions"], summary()["note"]) == ({"errand": 3}, "收回")


def test_a_template_running_cases_could_not_be_printed_from_is_refused() -> None:
    application = services()
    publish(application, Caller("lena"), definitions())
    assert not isinstance(
        application.start("errand", "anna", NewCase(title="示例件", section="north")), Refusal
    )
    prints = WORKFLOW.lstrip().replace("to: done}", "to: done, then: [{render: note}]}")
    files = {"bureau.yaml": BUREAU.lstrip(), "errand.yaml": prints}
    publish(application, Caller("lena"), load_files(files, templates={"note": "x"}))
    assert not isinstance(
        application.start("errand", "anna", NewCase(title="示例件", section="north")), Refusal
    )
    files["errand.yaml"] = prints.replace("states:", "fields: [{place: {title: 地点}}]\nstates:").replace(
        "then: [", "then: [{set: {place: 甲}}, "
    )
    for only, template in (((), "{{ case.fields.place }}"), (("errand",), "{{ case.fields.place }}")):
        refused = publish(
            application, Caller("lena"), load_files(files, templates={"note": template}), only=only
        )
        assert isinstance(refused, Refusal)
        assert ["第 2 版还有 1 件在办" in str(reason.message) for reason in refused.reasons] == [True]
    guarded = load_files(files, templates={"note": '{{ case.fields.place | default("") }}'})
    assert publish(application, Caller("lena"), guarded) == Published({"errand": 3}, {})
