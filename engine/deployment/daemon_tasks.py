"""What the daemon does for a deployment: sweep, deliver, build the site, nightly checks, readiness."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from math import inf
from typing import Any

from engine.app.access.check import allowed_roles
from engine.app.access.table import access_row
from engine.app.audit.health_numbers import HealthNumbers, health_numbers
from engine.app.audit.signed_heads.keeping import STAMP_CHANNEL
from engine.app.daemons.audit_alarm import dismissed_findings, forget_dismissed, pending_alarm, raise_alarm
from engine.app.daemons.clock_guard import jumped
from engine.app.daemons.daily_retry import NightTries
from engine.app.daemons.retention import wrong_terms
from engine.app.definitions.bureau import bureau_of
from engine.app.delivery.deliver import Delivered, Pacing, Retry, deliver
from engine.app.delivery.quiet_hours import OfficeHours
from engine.app.execution.calendar_change import finish_change
from engine.app.execution.recompute import recount_by_pages
from engine.app.people.directory import Directory
from engine.app.ports.documents import PublishedTexts
from engine.app.ports.store import ENVIRONMENT_ERRORS, Clock, ConflictError, Transaction, UnavailableError
from engine.app.timers.fire_due import FiredTimers, fire_due
from engine.calendars.load import CalendarFileError
from engine.definition.file_discovery import files_unlike
from engine.deployment.daemon_registration import DaemonRegistration
from engine.deployment.home import Home
from engine.deployment.jobs.commit_watch import CommitWatch
from engine.deployment.jobs.worker_process import WorkerProcesses
from engine.deployment.message_templates import worded
from engine.deployment.open import open_application, timekeeping
from engine.deployment.site_channel import SiteChannel, build_public_site
from engine.deployment.unfinished_year import unadopted
from engine.kernel.budget import BudgetExceededError
from engine.kernel.plain_text import visible
from engine.language import say
from engine.lifecycle.command import ENGINE
from engine.runtime.addresses import register_addresses
from engine.runtime.channels import channel_paces, open_channels
from engine.runtime.defaults import defaults
from engine.runtime.head_settings import read_head_settings
from engine.runtime.logs import note, note_failure
from engine.runtime.settings import SettingsError
from engine.runtime.stamp_channel import StampChannel
from engine.runtime.time_stamps import HttpTimeStampAuthority
from engine.store.stopping_store import StoppingError, StoppingStore
from engine.tracing import span


def calendar_files(home: Home) -> tuple[tuple[str, int, int], ...]:
    """Return what tells one calendar folder from another without reading it: name, time and size of each file."""
    return tuple(
        (path.name, found.st_mtime_ns, found.st_size)
        for path in sorted(home.calendars.glob("*.y*ml"))
        if (found := path.stat())
    )


class _FoundError(RuntimeError):
    """Findings of the audit, of which the alarm is raised already."""


class DeploymentTasks:
    """One opened deployment, as the daemon needs it."""

    def __init__(
        self,
        home: Home,
        retry: Retry,
        clock: Clock | None = None,
        *,
        beat_every: timedelta = timedelta(seconds=10),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.home = home
        self.application = open_application(home, clock=clock)
        self._retry = retry
        days = home.settings.get("clock_hold_days", defaults()["daemon"]["clock_hold_days"])
        self._longest_silence = timedelta(days=days)
        self._verify_days = home.settings.get("verify_days", defaults()["daemon"]["verify_days"])
        #: When this daemon last checked everything, or began.
        self._verified_at = self.clock.now()
        self._halted = threading.Event()
        stopping = StoppingStore(self.application.store, self._halted.is_set)
        #: For work of many transactions: it is left between two of them.
        self._until_stopped = replace(self.application, store=stopping)
        self._before_page = stopping.check
        self._workers = WorkerProcesses(home, self.application.store, self.clock)
        self._watch = CommitWatch(
            self.application.store,
            self._look_for_jobs,
            self._workers.ended,
            lambda problem: note_failure("watch-failed", problem),
        )
        #: Checks that were not done, of which the alarm could not be stored yet.
        self._unheard: list[str] = []
        self._tries = NightTries()
        #: Nothing is begun by a clock that seems wrong.
        self._held = False
        self._presence = DaemonRegistration(self.application.store, self.clock, beat_every)
        self._calendar = calendar_files(home)
        self._paces = channel_paces(home.channels)
        channels = open_channels(
            home.channels,
            home.path,
            addresses=register_addresses(self.application.store),
            # Once halted no time is left for what a batch has not begun.
            monotonic=lambda: inf if self._halted.is_set() else monotonic(),
        )
        self._channels = {
            **worded(channels, home, self._published),
            "site": SiteChannel(
                lambda: build_public_site(self.application, self.home, before_page=self._before_page)
            ),
        }
        if problems := wrong_terms(home.settings):
            raise SettingsError(problems)
        stamp = read_head_settings(home.settings, home.path).stamp
        if stamp is not None:
            authority = HttpTimeStampAuthority(stamp.url, stamp.ca_file, stamp.timeout_seconds)
            self._channels[STAMP_CHANNEL] = StampChannel(self.application.store, self.clock, authority)
        #: What one daemon does for all: the site, time stamps, and whatever gathers a person's messages of a day into one.
        self._of_leader = {
            "site",
            STAMP_CHANNEL,
            *(name for name, pace in self._paces.items() if pace.digest is not None),
        }

    @property
    def clock(self) -> Clock:
        """Return the clock of the office."""
        return self.application.clock

    def sweep(self) -> FiredTimers:
        """Fire what is due, by the calendar as it is now; leave a sign of life now and then; raise alarms that could not be stored.

        Nothing fires by a clock that seems wrong, until a person has said that it is right.
        """
        fired = self._sweep()
        self._raise_unheard()
        return fired

    def _published(self) -> PublishedTexts | None:
        with self.application.store.read() as transaction:
            return self.application.definitions.published_files(transaction)

    def _sweep(self) -> FiredTimers:
        self._held = self._clock_jumped()
        if self._held:
            return FiredTimers(0, 0, None)
        self._look_at_calendar()
        self._presence.show()
        try:
            self._look_for_jobs()
        except ENVIRONMENT_ERRORS as problem:
            # The machine has no process left for a worker: what is due does not wait for that.
            note_failure("jobs-not-begun", problem)
        try:
            with span("sweep"):
                return fire_due(self._until_stopped)
        except StoppingError:
            return FiredTimers(0, 0, None)

    def _look_for_jobs(self) -> None:
        if not self._held and not self._halted.is_set():
            self._workers.look()

    def _clock_jumped(self) -> bool:
        now = self.clock.now()
        shown_at = self._presence.shown_at
        if shown_at is not None and timedelta(0) <= now - shown_at <= self._presence.every:
            return False
        jump = jumped(self.application.store, now, self._longest_silence)
        if jump is None:
            if shown_at is not None and now < shown_at:
                note(
                    logging.WARNING,
                    "clock-set-back",
                    say("本机时钟被拨回；已处理的不会再处理，未到期的按现在的时钟等待"),
                    before=shown_at,
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
        """Count with years and closures written meanwhile; the running deadlines they move are counted again.

        A year whose file was announced and not written, because a process died, gets its file first.
        """
        finish_change(self.application.store, self.home.calendars)
        seen = calendar_files(self.home)
        if seen == self._calendar:
            return
        try:
            recount_by_pages(self.application, timekeeping(self.home), ENGINE)
        except CalendarFileError as problem:
            # Half written, or wrong: the calendar that holds goes on holding, and the doctor tells.
            note(logging.WARNING, "calendar-unreadable", problem=str(problem))
        self._calendar = seen

    def deliver(self) -> Delivered:
        """Send the items of the outbox, of some channels only if this daemon leads."""
        kept = self.application.definitions.time
        leading = self._presence.leading
        with span("deliver"):
            return deliver(
                self.application.store,
                {
                    name: channel
                    for name, channel in self._channels.items()
                    if leading or name not in self._of_leader
                },
                self.clock.now(),
                retry=self._retry,
                paced=Pacing(self._paces, OfficeHours(kept.calendar, kept.zone, kept.notify_at)),
                clock=self.clock,
                stopping=self._halted.is_set,
            )

    def nightly(self) -> object:
        """Take up calendar years imported meanwhile, say which commitments to a draw have lapsed, check what was written since the last head, or everything, seal the day and sign its head.

        Nothing is sealed or signed that was found meddled with: the seal would vouch for it. A head that cannot be signed is
        a finding, too. A daemon that does not lead leaves all that to the one that does; one that is to stop leaves the
        rest to the next start. Raises PutOffError where the place kept it from its end, and it is to be called again.
        """
        from engine.app.audit.daily_check import end_night

        if not self._presence.leading:
            return None
        try:
            done = self._check_and_seal()
        except StoppingError:
            done = {"audit": "stopped"}
        except _FoundError:
            self._tries.end()
            end_night(self.application.store)
            raise
        except Exception as problem:
            if (later := self._tries.put_off(problem)) is not None:
                raise later from problem
            # A check that could not be done is no check, whatever the reason: somebody has to look.
            day = self.clock.now().astimezone(self.application.definitions.time.zone).date()
            what = say(
                "{day} 的夜间核验没有做完：{problem}",
                day=day.isoformat(),
                problem=visible(f"{type(problem).__name__}: {problem}"),
            )
            self._unheard.append(str(what))
            self._raise_unheard()
            raise
        self._tries.end()
        end_night(self.application.store)
        return done

    def _raise_unheard(self) -> None:
        """Raise the alarm of checks that were not done; while the database cannot be used, it is kept for the next sweep."""
        if not self._unheard:
            return
        from engine.app.audit.daily_check import end_night

        store = self.application.store
        try:
            raise_alarm(store, self.clock.now(), self._unheard[:], self._supervision)
            self._unheard.clear()
            end_night(store)
        except (*ENVIRONMENT_ERRORS, ConflictError) as problem:
            note(
                logging.ERROR,
                "alarm-not-raised",
                say("告警暂时存不进数据库，下次巡查再试"),
                problem=str(problem),
            )

    def _check_and_seal(self) -> Mapping[str, str]:
        from engine.app.audit.daily_check import (
            BROKEN_OFF,
            begin_night,
            check_tonight,
            end_night,
            note_verified,
        )
        from engine.app.audit.seals import seal_of_today
        from engine.app.draws.registers.register_messages import tell_of_changed_back
        from engine.app.draws.v2.lapsing import lapse_commitments

        if self._clock_jumped():
            return {"audit": "held"}
        if self._tries.again:
            # What was put off has said how it ended: no process died in it.
            end_night(self.application.store)
        times = begin_night(self.application.store, self.clock.now())
        if times >= BROKEN_OFF:
            what = say("夜间核验接连 {times} 次没有结果：核验中进程被终止", times=times)
            raise_alarm(self.application.store, self.clock.now(), [str(what)], self._supervision)
        self._look_at_calendar()
        lapse_commitments(self._until_stopped)
        tell_of_changed_back(self._until_stopped, self._supervision)
        store, now, zone = self._until_stopped.store, self.clock.now(), self.application.definitions.time.zone
        # A daemon that runs on does not take the record of the database for it.
        whole = (now - self._verified_at).days >= self._verify_days
        with store.read() as transaction:
            # While findings wait for a person everything is read again.
            whole = whole or pending_alarm(transaction) is not None
        checked = check_tonight(
            store, now, zone, self._verify_days, whole=whole, before_page=self._before_page
        )
        # A calendar nobody took up is for a person, who may dismiss it: the history then has the digest of what it says.
        findings = [*checked.findings, *(str(what) for _, what in unadopted(self.home, store))]
        if findings and raise_alarm(store, now, findings, self._supervision, lasting=True):
            raise _FoundError(str(say("审计核验发现问题：{findings}", findings=findings[:5])))
        if checked.whole:
            self._verified_at = now
            if not findings:
                forget_dismissed(store)
        seal_of_today(self._until_stopped)
        signed = self._sign_head()
        note_verified(store, now, whole=checked.whole)
        self._announce_ends()
        self._forget()
        self._note_unpublished()
        with store.read() as transaction:
            dismissed = dismissed_findings(transaction)
        return {"audit": f"dismissed: {dismissed} findings" if dismissed else "ok", **signed}

    def _note_unpublished(self) -> None:
        """Write into the log which templates and pages of the folder are not as published. Nothing acts by them: that is no finding."""
        published = self._published()
        if published is None:
            return
        try:
            unlike = files_unlike(self.home.path, published.texts)
        except (OSError, BudgetExceededError) as problem:
            note(logging.WARNING, "unpublished-unreadable", problem=str(problem))
            return
        if unlike:
            text = say("目录里有文书模板等文件与已发布的不同，不起作用")
            note(logging.WARNING, "unpublished", text, files=unlike)

    def _announce_ends(self) -> None:
        """Write to whoever keeps the files about those whose time is nearly over, about certificates that end before visits and questions nobody answers."""
        from engine.app.papers.retention_messages import send_retention_messages
        from engine.app.registers.inspector_messages import tell_of_ending_certificates
        from engine.app.timers.ask_messages import remind_asked

        near = send_retention_messages(self._until_stopped, self._who_disposes)
        tell_of_ending_certificates(self._until_stopped)
        remind_asked(self._until_stopped)
        if near:
            note(logging.INFO, "retention-near", say("有案卷的保管期限将满或已满"), files=near)

    def _who_disposes(self, transaction: Transaction, section: str | None) -> list[str]:
        """Return who may dispose of the files of a section."""
        bureau = bureau_of(self.application.definitions, transaction)
        if bureau is None:
            return []
        people = Directory(transaction)
        roles = [bureau.roles[name] for name in allowed_roles(access_row("retention.change"), bureau)]
        found = [
            person
            for role in roles
            for person in people.holders(role.id, section if role.by_section else None)
        ]
        return list(dict.fromkeys(found))

    def _forget(self) -> None:
        """Remove what is past its term, and its bytes from the file of the database."""
        from engine.app.daemons.retention import is_pending, settle_pending, terms
        from engine.app.registers.forgetting import DESTROYED, forget, list_text
        from engine.files.appended import append_text
        from engine.store.sql import SqlStore
        from engine.store.sql.file.compacting import compact

        store = self.application.store
        removed = forget(
            self._until_stopped,
            self.clock.now(),
            terms(self.home.settings),
            note=lambda keys: append_text(self.home.path / DESTROYED, list_text(keys)) if keys else None,
        )
        if removed:
            note(logging.INFO, "forgotten", say("已删去过了留存期限的记录"), **removed)
        if is_pending(store) and isinstance(store, SqlStore):
            try:
                compact(store)
            except UnavailableError as problem:
                note(
                    logging.WARNING,
                    "not-compacted",
                    say("数据库文件暂时不能重写，下一夜再试"),
                    problem=str(problem),
                )
                return
            settle_pending(store)

    def _sign_head(self) -> Mapping[str, str]:
        """Keep and sign the head of the day; where it cannot be signed, or it or a message was not sent, people are written to."""
        from engine.app.audit.signed_heads.history import read_newest
        from engine.app.audit.signed_heads.keeping import keep_head_of_today, why_unsigned
        from engine.app.audit.signed_heads.overdue_heads import heads_not_sent
        from engine.app.delivery.overdue_messages import messages_put_off
        from engine.app.ports.audit.heads import SignerError
        from engine.deployment.head_key_file import HeadKeyFile

        signer, store = HeadKeyFile(self.home), self._until_stopped.store
        try:
            keep_head_of_today(self._until_stopped, signer)
            with store.read() as transaction:
                problem = why_unsigned(read_newest(transaction), signer)
        except SignerError as wrong:
            problem = wrong.message
        with store.read() as transaction:
            unsent = heads_not_sent(transaction, self.clock.now())
            unsent += messages_put_off(transaction, self.clock.now())
        if problems := [str(one) for one in (problem, *unsent) if one is not None]:
            raise_alarm(store, self.clock.now(), problems, self._supervision)
        return {"head": "signed" if problem is None else str(problem)}

    def _supervision(self, transaction: Transaction) -> list[str]:
        """Return who is written to about findings of the audit: whoever deals with incidents."""
        bureau = bureau_of(self.application.definitions, transaction)
        if bureau is None:
            return []
        people = Directory(transaction)
        roles = allowed_roles(access_row("incident.change"), bureau)
        return [person for role in roles for person in people.holders(role, None)]

    def ready(self) -> Mapping[str, Any]:
        """Return the checks of the health answer: not ready while findings of the audit wait for a person, or heads for their receiver."""
        from engine.app.audit.signed_heads.overdue_heads import head_is_late, heads_not_sent

        now = self.clock.now()
        with self.application.store.read() as transaction:
            unsent, late = len(heads_not_sent(transaction, now)), head_is_late(transaction, now)
            alarm, dismissed = pending_alarm(transaction), dismissed_findings(transaction)
            sleeping = transaction.timers.count()
            incidents = len(transaction.timers.incidents())
        return {
            "database": {"ok": True, "timers": sleeping},
            "incidents": {"ok": True, "count": incidents},
            "audit": {
                "ok": alarm is None and not self._unheard,
                "findings": (0 if alarm is None else alarm.count) + len(self._unheard),
                "dismissed": dismissed,
            },
            "heads": {"ok": not unsent and not late, "unsent": unsent},
            "daemons": {"ok": True, **self._presence.as_json()},
        }

    def numbers(self) -> HealthNumbers:
        """Return the health numbers, for a monitor."""
        with self.application.store.read() as transaction:
            return health_numbers(transaction, self.clock.now())

    def stand(self, called: Callable[[], None], leads: Callable[[], None]) -> None:
        """Take a place among the daemons of the deployment, where its database bears several; begin to look for jobs."""
        self._presence.stand(called, leads)
        self._watch.start()

    def halt(self) -> None:
        """Take up nothing more."""
        self._halted.set()

    def close(self) -> None:
        """Say goodbye to the other daemons and let go of the store."""
        self._watch.end()
        self._workers.close()
        self._presence.end()
        self.application.store.close()
