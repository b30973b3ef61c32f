"""Processes that race for one case: ``many_racers.py HOME CASE STEP REQUEST PERSON…``, one process for each person.

Each opens the deployment by itself; when all are ready they advance at the same moment. Prints a list of what came of
each, in the order of the persons. REQUEST is an id all of them send, or ``-``.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from typing import Any

# Warmed up before the processes part, so that each need not import everything again.
import engine.store.sql  # noqa: F401
from engine.app.commands.application import Application
from engine.deployment.home import find_home
from engine.deployment.open import open_application
from engine.kernel.refusal import Refusal
from tests.hung_run import HUNG


def opened(home: str, case: str) -> Application:
    """Open the deployment and read the definition of the case; the caller closes the store."""
    application = open_application(find_home(home))
    with application.store.read() as transaction:
        held = transaction.cases.get(case)
        assert held is not None
        application.definitions.get(transaction, held.workflow, held.version)
    return application


def race(
    ready: Barrier,
    out: SimpleQueue[Any],
    number: int,
    home: str,
    case: str,
    step: str,
    request: str,
    person: str,
) -> None:
    """Advance once and hand over what came of it."""
    application = opened(home, case)
    ready.wait(HUNG)
    outcome = application.advance(case, step, person, request_id=None if request == "-" else request)
    if isinstance(outcome, Refusal):
        body = {"refused": True, "repeated": False, "text": str(outcome)}
    else:
        body = {"refused": False, "repeated": outcome.repeated}
    out.put((number, {**body, **outcome.as_json()}))
    application.store.close()


def main(home: str, case: str, step: str, request: str, *people: str) -> None:
    """Let them race."""
    # What is read of a definition is kept by its content: each need not work it out again.
    opened(home, case).store.close()
    fork = multiprocessing.get_context("fork")
    ready, out = fork.Barrier(len(people)), fork.SimpleQueue()
    racers = [
        fork.Process(target=race, args=(ready, out, number, home, case, step, request, person))
        for number, person in enumerate(people)
    ]
    for racer in racers:
        racer.start()
    outcomes = dict(out.get() for _ in racers)
    for racer in racers:
        racer.join()
    print(json.dumps([outcomes[number] for number in range(len(people))]))


if __name__ == "__main__":
    main(*sys.argv[1:])
