"""What happens when the clock of the machine is wrong, stands in another zone, or the machine was off for a week.

The outcomes are stated in docs/explanation/time.md; each is shown here on a whole deployment.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from crash_factories import CLOCKWORK, ROOT, check_whole
from watched_deployment import start_case, watched

from engine.app.commands import Caller, incidents
from engine.app.delivery.deliver import Retry
from engine.app.execution.apply import start_cases
from engine.app.history.replay import history
from engine.app.incidents.incident import incidents_in
from engine.app.session.new_case import NewCase
from engine.app.session.unit_of_work import UnitOfWork
from engine.deployment.clocks import VirtualClock
from engine.deployment.daemon_tasks import DeploymentTasks
from engine.deployment.home import Home, find_home
from tests.hung_run import HUNG

BEGIN = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Machine:
    """A deployment and its daemon, on a clock that can be set to anything."""

    def __init__(self, path: Path) -> None:
        self.clock = VirtualClock(BEGIN)
        self.home: Home
        self.home, application = watched(path, self.clock)
        application.store.close()
        channels = {"files": {"kind": "files", "path": "sent", "gather_above": 5}}
        settings = yaml.safe_load((self.home.path / "settings.yaml").read_text("utf-8"))
        text = yaml.safe_dump({**settings, "channels": channels}, allow_unicode=True)
        (self.home.path / "settings.yaml").write_text(text, "utf-8")
        self.home = find_home(str(path))
        self.works = self.daemon()

    def daemon(self) -> DeploymentTasks:
        return DeploymentTasks(self.home, Retry((1, 5), 15), self.clock)

    def cases(self, count: int) -> list[str]:
        application = self.works.application
        with application.store.write() as transaction:
            uow = UnitOfWork(application, transaction, self.clock.now())
            process = application.definitions.latest(transaction, "watching")
            assert process is not None
            rows = (NewCase(title=f"值守{number}", section=None) for number in range(count))
            started = start_cases(uow, process, "leading", rows)
            uow.flush()
        return list(started.ids)

    def fired(self, case: str) -> list[str]:
        """Return what the clocks have done to a case, in the order of its history."""
        with self.works.application.store.read() as transaction:
            kinds = [(event.kind, event.body.get("step")) for event in history(transaction, case)]
        return [kind for kind, step in kinds if kind in (*CLOCKWORK, "advanced")]

    def everything(self) -> Counter[str]:
        found: Counter[str] = Counter()
        with self.works.application.store.read() as transaction:
            for stream in transaction.events.streams():
                found.update(event.kind for event in transaction.events.of(stream) if event.kind in CLOCKWORK)
        return found

    def incidents(self) -> list[str]:
        with self.works.application.store.read() as transaction:
            return [one.id for one in incidents_in(transaction)]

    def sent(self) -> list[dict[str, object]]:
        files = sorted((self.home.path / "sent").rglob("*.json"))
        return [json.loads(file.read_text("utf-8")) for file in files]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path / "home")
    with closing(made.works):
        yield made
    check_whole(made.home.path)


def test_an_hour_back_fires_nothing_twice(machine: Machine) -> None:
    cases = machine.cases(20)
    machine.works.sweep()
    machine.clock.set(BEGIN + 2 * HOUR)
    assert machine.works.sweep().fired > 0
    before = machine.everything()
    machine.clock.set(BEGIN + HOUR)
    for _ in range(3):
        assert machine.works.sweep().fired == 0
    assert machine.everything() == before
    # What was to come comes at its own instant, once.
    machine.clock.set(BEGIN + 3 * HOUR)
    machine.works.sweep()
    assert machine.everything()["overdue"] == len(cases)
    assert machine.incidents() == []


def test_people_go_on_working_while_the_clock_is_back(machine: Machine) -> None:
    case = start_case(machine.works.application, "值守")
    machine.clock.set(BEGIN + 1.5 * HOUR)
    machine.works.sweep()
    machine.clock.set(BEGIN + 0.5 * HOUR)
    outcome = machine.works.application.advance(case, "hand_over", "leading")
    assert type(outcome).__name__ == "CommandResult", str(outcome)
    machine.clock.set(BEGIN + 30 * HOUR)
    machine.works.sweep()
    assert machine.fired(case) == ["reminded", "advanced"]
    assert machine.everything() == {"reminded": 1}


def test_a_year_ahead_fires_nothing_until_a_person_has_looked(machine: Machine) -> None:
    case = start_case(machine.works.application, "值守")
    machine.works.sweep()
    machine.clock.set(BEGIN + 365 * DAY)
    for _ in range(2):
        assert machine.works.sweep().fired == 0
        assert machine.works.nightly() == {"audit": "held"}
    assert machine.incidents() == ["clock"]
    assert machine.fired(case) == []
    # Started anew, the daemon still waits.
    with closing(machine.daemon()) as again:
        assert again.sweep().fired == 0
    # The clock is put right: everything goes on by itself, as if nothing had been.
    machine.clock.set(BEGIN + HOUR)
    assert machine.works.sweep().fired == 1
    assert machine.incidents() == []
    assert machine.fired(case) == ["reminded"]


def test_a_year_that_really_passed_is_caught_up_with_when_a_person_says_so(machine: Machine) -> None:
    case = start_case(machine.works.application, "值守")
    machine.works.sweep()
    machine.clock.set(BEGIN + 365 * DAY)
    machine.works.sweep()
    application = machine.works.application
    assert "不能关闭" in str(incidents.dismiss(application, Caller("leading"), "clock", "看过了"))
    assert "没有" in str(incidents.retry(application, Caller("nobody"), "clock"))
    assert incidents.retry(application, Caller("leading"), "clock") is None
    assert machine.works.sweep().fired > 0
    assert machine.incidents() == []
    assert machine.fired(case) == ["reminded", "overdue", "reminded", "escalated", "advanced"]
    with application.store.read() as transaction:
        assert [
            event.actor for event in history(transaction, "office") if event.kind == "incident_retried"
        ] == ["leading"]


def test_a_month_of_silence_is_a_setting(machine: Machine) -> None:
    start_case(machine.works.application, "值守")
    machine.works.sweep()
    machine.clock.set(BEGIN + 30 * DAY)
    assert machine.works.sweep().fired > 0


#: Cases of a machine that was off for a week, in every run and in a long one: more timers than are fired at once (500).
OFF, MANY_OFF = 400, 2500


def test_a_week_off_with_five_thousand_timers(machine: Machine, soak: bool) -> None:
    """Every missed deadline is handled once, in the order of its instants; one message a person, not 15,000.

    Five thousand timers are those of a long run; 800 in every run.
    """
    count = MANY_OFF if soak else OFF
    cases = machine.cases(count)
    machine.works.sweep()
    with machine.works.application.store.read() as transaction:
        # The clock of each case, and its timed step.
        assert transaction.timers.count() == 2 * count
    machine.works.close()

    machine.clock.set(BEGIN + 7 * DAY)
    machine.works = machine.daemon()
    swept = machine.works.sweep()
    assert swept.set_aside == 0
    assert swept.next_at is None
    for case in (cases[0], cases[-1], cases[count // 2]):
        # One reminder is left of two: what a reminder announces has long come.
        assert machine.fired(case) == ["reminded", "overdue", "reminded", "escalated", "advanced"]
    assert machine.everything() == {"reminded": 2 * count, "overdue": count, "escalated": count}
    assert machine.works.sweep().fired == 0

    while machine.works.deliver().more:
        pass
    letters = machine.sent()
    receivers = Counter(str(letter["recipient"]) for letter in letters)
    assert set(receivers.values()) == {1}, receivers
    text = str(letters[0])
    assert "应于 2026-11-02" in text
    assert "系统停运后补发" in text
    assert "另有" in text


def test_what_was_missed_comes_in_the_order_of_its_instants(machine: Machine) -> None:
    """The deadline that was missed enters the history before the step that ends the case for it."""
    case = start_case(machine.works.application, "值守")
    machine.clock.set(BEGIN + 7 * DAY)
    assert machine.works.sweep().fired == 5
    assert machine.fired(case) == ["reminded", "overdue", "reminded", "escalated", "advanced"]


@pytest.fixture(scope="module")
def of_the_bureau(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, list[str]]:
    """Return a deployment with one case, and what the commands print where the machine stands in the bureau's zone."""
    clock = VirtualClock(datetime(2026, 11, 1, 16, 30, tzinfo=UTC))
    home, application = watched(tmp_path_factory.mktemp("zones") / "home", clock)
    with closing(application.store):
        start_case(application, "值守")
    return home, printed(home, "Asia/Shanghai")


@pytest.mark.parametrize("zone", ["America/New_York", "UTC", "Pacific/Kiritimati", "Asia/Kolkata"])
def test_the_zone_of_the_machine_changes_nothing(of_the_bureau: tuple[Home, list[str]], zone: str) -> None:
    """The same commands print the same in every zone: due days are those of the bureau."""
    home, expected = of_the_bureau
    said = printed(home, zone)
    assert said == expected
    # Half past midnight in Shanghai, still the day before in most of the world.
    assert "2026-11-02 03:30" in said[0]


LINES = (
    ("task", "show", "watching-1", "--as", "leading"),
    ("task", "show", "watching-1", "--as", "leading", "--json"),
    ("case", "show", "watching-1", "--as", "leading"),
    ("calendar", "due", "2024-02-28", "3", "--explain"),
)


#: Runs the commands one after the other in one process, whose zone is set before it begins.
ALL_LINES = """\
import contextlib, io, json, sys
from engine.cli.main import main
home, lines = json.loads(sys.argv[1])
said = []
for line in lines:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            main(["--home", home, *line])
        except SystemExit as done:
            assert not done.code, (line, done.code)
    said.append(out.getvalue())
print(json.dumps(said))
"""


def printed(home: Home, zone: str) -> list[str]:
    outcome = subprocess.run(
        [sys.executable, "-c", ALL_LINES, json.dumps([str(home.path), LINES])],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "TZ": zone},
        timeout=HUNG,
    )
    found: list[str] = json.loads(outcome.stdout)
    assert all(found)
    return found
