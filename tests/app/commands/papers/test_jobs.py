"""Work is handed over in jobs of a size; who may not, hands over nothing."""

from __future__ import annotations

import pytest
from bureau_of_sections import open_sections

from engine.app.commands import Caller
from engine.app.commands.papers.jobs import MAX_PIECES, cancel_job, queue_job, retry_job
from engine.app.queries.papers.jobs import list_jobs
from engine.kernel.refusal import Refusal


def test_many_pieces_are_several_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_sections()
    pieces = [f"c-{number}" for number in range(2 * MAX_PIECES + 1)]
    assert isinstance(queue_job(opened.services, Caller("anna"), "archive", {}, pieces), Refusal)
    monkeypatch.setattr("engine.app.access.command.ask_access", lambda *_: None)
    assert queue_job(opened.services, Caller("anna"), "archive", {}, pieces) == ["job-1", "job-2", "job-3"]
    jobs = list_jobs(opened.services, "anna")
    assert not isinstance(jobs, Refusal)
    assert [len(job.pieces) for job in jobs] == [MAX_PIECES, MAX_PIECES, 1]
    assert isinstance(retry_job(opened.services, Caller("anna"), "job-1"), Refusal)
    assert not isinstance(cancel_job(opened.services, Caller("anna"), "job-1"), Refusal)
    again = retry_job(opened.services, Caller("anna"), "job-1")
    assert not isinstance(again, Refusal)
    assert (again.id, len(again.pieces)) == ("job-4", MAX_PIECES)


def test_nothing_to_do_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_sections()
    monkeypatch.setattr("engine.app.access.command.ask_access", lambda *_: None)
    assert isinstance(queue_job(opened.services, Caller("anna"), "archive", {}, []), Refusal)
