from __future__ import annotations

import threading
from contextlib import closing

from engine.store.sql.leader_election import LeaderElection
from engine.store.sql.store import open_store


def test_one_leads_and_another_follows_it_and_both_are_notified(postgres_database: str) -> None:
    problems: list[Exception] = []
    with closing(open_store(postgres_database, create=True)) as store:
        leads = [threading.Event(), threading.Event()]
        notified = [threading.Event(), threading.Event()]
        first, second = (
            LeaderElection(store, heard.set, led.set, problems.append)
            for heard, led in zip(notified, leads, strict=True)
        )
        first.start()
        assert leads[0].wait(30)
        second.start()
        try:
            assert first.leading
            assert not leads[1].wait(1)
            with store.engine.begin() as connection:
                connection.exec_driver_sql("NOTIFY ssj_work")
            assert all(heard.wait(30) for heard in notified)
            first.end()
            assert leads[1].wait(30)
            assert (first.leading, second.leading) == (False, True)
        finally:
            first.end()
            second.end()
    assert problems == []
