"""What the daemon does for a deployment: sweep, deliver, build the site, nightly checks, readiness."""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from engine import __version__
from engine.deployment.home import Home
from engine.deployment.message_templates import worded
from engine.deployment.publishing import SiteChannel, build_public_site
from engine.deployment.wiring import open_office, timekeeping
from engine.language import say
from engine.lifecycle.command import ENGINE
from engine.office.calendars import CalendarUnreadable
from engine.office.clock_watch import jumped
from engine.office.delivery import Delivered, Pacing, Retry, deliver
from engine.office.heartbeat import EVERY, beat
from engine.office.pacing import OfficeHours
from engine.office.ports import Clock
from engine.office.recompute import apply
from engine.office.standing_numbers import StandingNumbers, standing_numbers
from engine.office.sweep import Swept, sweep
from engine.office.tracing import span
from engine.runtime.addresses import register_addresses
from engine.runtime.channels import channel_paces, open_channels
from engine.runtime.defaults import defaults
from engine.runtime.logs import note


def calendar_files(home: Home) -> tuple[tuple[str, int, int], ...]:
    """Return what tells one calendar folder from another without reading it: name, time and size of each file."""
    return tuple(
        (path.name, found.st_mtime_ns, found.st_size)
        for path in sorted(home.calendars.glob("*.y*ml"))
        if (found := path.stat())
    )


class DeploymentWorks:
    """One opened deployment, as the daemon needs it."""

    def __init__(self, home: Home, retry: Retry, clock: Clock | None = None) -> None:
        self.home = home
        self.office = open_office(home, clock=clock)
        self._retry = retry
        days = home.settings.get("clock_hold_days", defaults()["daemon"]["clock_hold_days"])
        self._longest_silence = timedelta(days=days)
        self._name = socket.gethostname()
        self._beaten: datetime | None = None
        self._calendar = calendar_files(home)
        self._paces = channel_paces(home.channels)
        channels = open_channels(home.channels, home.path, addresses=register_addresses(self.office.store))
        self._channels = {
            **worded(channels, home),
            "site": SiteChannel(lambda: build_public_site(self.office, self.home)),
        }

    @property
    def clock(self) -> Clock:
        """Return the clock of the office."""
        return self.office.clock

    def sweep(self) -> Swept:
        """Fire what is due, by the calendar as it is now; leave a sign of life now and then.

        Nothing fires by a clock that seems wrong, until a person has said that it is right.
        """
        if self._clock_jumped():
            return Swept(0, 0, None)
        self._look_at_calendar()
        with span("sweep"):
            done = sweep(self.office)
        now = self.clock.now()
        if self._beaten is None or not now - EVERY < self._beaten <= now:
            beat(self.office.store, self._name, __version__, now)
            self._beaten = now
        return done

    def _clock_jumped(self) -> bool:
        now = self.clock.now()
        if self._beaten is not None and timedelta(0) <= now - self._beaten <= EVERY:
            return False
        jump = jumped(self.office.store, now, self._longest_silence)
        if jump is None:
            if self._beaten is not None and now < self._beaten:
                note(
                    logging.WARNING,
                    "clock-set-back",
                    say("本机时钟被拨回；已处理的不会再处理，未到期的按现在的时钟等待"),
                    before=self._beaten,
                    now=now,
                )
            return False
        note(
            logging.ERROR,
            "clock-jumped",
            say(
                "距上次有守护进程运行已 {days} 天，到期事项暂不处理；请核对本机时钟后运行 ssj incident retry clock --as ID",
                days=jump.days,
            ),
            last=jump.last,
            now=now,
        )
        return True

    def _look_at_calendar(self) -> None:
        """Count with years and closures written meanwhile; the running deadlines they move are counted again."""
        seen = calendar_files(self.home)
        if seen == self._calendar:
            return
        try:
            apply(self.office, timekeeping(self.home), ENGINE)
        except CalendarUnreadable as problem:
            # Half written, or wrong: the calendar that holds goes on holding, and the doctor tells.
            note(logging.WARNING, "calendar-unreadable", problem=str(problem))
        self._calendar = seen

    def deliver(self) -> Delivered:
        """Send what lies in the outbox."""
        time = self.office.processes.time
        paced = Pacing(self._paces, OfficeHours(time.calendar, time.zone, time.notify_at))
        with span("deliver"):
            return deliver(
                self.office.store, self._channels, self.clock.now(), retry=self._retry, paced=paced
            )

    def nightly(self) -> object:
        """Take up calendar years imported meanwhile, check that every history is whole, and seal the day.

        Nothing is sealed that was found meddled with: the seal would vouch for it.
        """
        from engine.office.audit import verify
        from engine.office.sealing import seal_of_today

        if self._clock_jumped():
            return {"audit": "held"}
        self._look_at_calendar()
        with self.office.store.read() as unit:
            findings = [str(finding) for finding in verify(unit)]
        if findings:
            raise RuntimeError(str(say("审计核验发现问题：{findings}", findings=findings[:5])))
        seal_of_today(self.office)
        return {"audit": "ok"}

    def ready(self) -> Mapping[str, Any]:
        """Return the checks of the health answer."""
        with self.office.store.read() as unit:
            sleeping = unit.timers.count()
            incidents = len(unit.timers.incidents())
        return {"database": {"ok": True, "timers": sleeping}, "incidents": {"ok": True, "count": incidents}}

    def numbers(self) -> StandingNumbers:
        """Return how the house stands, for a monitor."""
        with self.office.store.read() as unit:
            return standing_numbers(unit, self.clock.now())

    def close(self) -> None:
        """Let go of the store."""
        self.office.store.close()
