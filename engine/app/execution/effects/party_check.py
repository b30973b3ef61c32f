"""Whether those a step names for a party of a case may belong to it: they work here, they may inspect, they are not recused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.app.people.directory import in_office
from engine.app.session.child_cases import below
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.refusal import RefusalReason
from engine.language import say
from engine.lifecycle.case import Case
from engine.lifecycle.scope import local_day

#: The fact in which a case keeps who was recused from it: they are named for it, and for others about the same, no more.
RECUSED = "recused"
BASIS_OF_CERTIFICATE = "行政处罚法 第四十二条"
BASIS_OF_RECUSAL = "行政处罚法 第四十三条"


def why_not_named(
    uow: UnitOfWork, case: Case, party: str, people: Sequence[str], *, certified: bool
) -> list[RefusalReason]:
    """Return why people may not be named for a party of a case, one reason for each ground; nothing where they may.

    Each must be known to a register and work here, and be recused neither from the case, nor from another about the same, nor by a
    register from what the case is about. `certified`: each is an inspector whose certificate is valid today.
    """
    title = uow.process(case).workflow.parties.get(party, party)
    reasons = []
    unknown = [person for person in people if not _works_here(uow, person)]
    if unknown:
        message = say(
            "“{party}”里的{people}不在在岗的人员之列：名录库里没有，或者已经停用。请核对编号，填名录库里在岗的人",
            party=title,
            people=unknown,
        )
        reasons.append(RefusalReason("person", message))
    if certified:
        today = local_day(uow.now, uow.process(case).time.zone)
        without = [one for one in people if one not in unknown and not _has_certificate(uow, one, today)]
        if without:
            message = say(
                "“{party}”里的{people}没有在{day}有效的执法证件：请填名录库里证件有效的检查人员，或者先在名录库登记换发的证件",
                party=title,
                people=without,
                day=today,
            )
            reasons.append(RefusalReason("person", message, BASIS_OF_CERTIFICATE))
    if out := recused_among(uow, case, people):
        message = say("“{party}”里的{people}已经从本件回避，请另填他人", party=title, people=out)
        reasons.append(RefusalReason("person", message, BASIS_OF_RECUSAL))
    return reasons


def recused_among(uow: UnitOfWork, case: Case, people: Iterable[str]) -> list[str]:
    """Return those of `people` who are recused from a case or another about the same, or by a register from what the case is about."""
    recused = set(recused_from(uow, case))
    firm = str(case.subject.get("id") or "")
    return [one for one in people if one in recused or (firm and uow.people.is_recused(one, firm))]


def recused_from(uow: UnitOfWork, case: Case) -> Iterator[str]:
    """Yield who was recused from a case, from one above it, or from one below those which is about the same.

    Who may not investigate a firm does not check again what was found there either, whichever of the cases the decision was taken in.
    """
    firm, top = case.subject.get("id"), case
    at: Case | None = case
    while at is not None:
        yield from _named(at)
        top = at if firm and at.subject.get("id") == firm else top
        at = uow.case(at.parent) if at.parent else None
    for one in below(uow, top.id) if firm else ():
        if one.subject.get("id") == firm:
            yield from _named(one)


def _named(case: Case) -> Iterator[str]:
    named = case.fields.get(RECUSED) or ()
    yield from (named,) if isinstance(named, str) else (str(one) for one in named)


def _works_here(uow: UnitOfWork, person: str) -> bool:
    actor = uow.people.actor(person)
    if actor is not None and actor.roles:
        return True
    expert = uow.transaction.registers.get("experts", person)
    return expert is not None and in_office(expert)


def _has_certificate(uow: UnitOfWork, person: str, today: str) -> bool:
    entry = uow.people.entries("inspectors", (person,)).get(person)
    return entry is not None and in_office(entry) and str(entry.data.get("cert_valid_to") or "") >= today
