"""Acts that two have to agree to: proposed by one, confirmed by another, then done by the first.

The command is asked for as always. Where a second administrator is named and works here, nothing is done: the act is kept as a
proposal, sent to whoever may confirm it. Confirmed, the same command of the same person does it, once. Where no
second administrator was ever there it is done at once, and every entry it makes says that one person did it (`single_handed`).
Where all others are away it is refused; naming administrators alone is done then, marked, so that somebody can be asked again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from engine.app.delivery.inbox_messages import put_into_inboxes
from engine.app.history.credential import SINGLE_HANDED
from engine.app.history.journal import add_entry
from engine.app.history.sealed_texts import Entropy, apart, is_sealed, opened
from engine.app.people.administrators import (
    away_administrators,
    away_in_roles,
    other_administrators,
)
from engine.app.people.directory import Directory
from engine.app.ports.records import Proposal
from engine.app.session.refused import CommandRefused
from engine.kernel.instants import to_text
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import Message, say
from engine.lifecycle.command import ENGINE, SYSTEM
from engine.lifecycle.forms.personal import FORGOTTEN
from engine.value import value

if TYPE_CHECKING:
    from datetime import datetime

    from engine.app.ports.store import Transaction

#: The history of proposals.
STREAM = "proposals"
OPEN, CONFIRMED, REJECTED, WITHDRAWN, DONE, SINGLE = (
    "open",
    "confirmed",
    "rejected",
    "withdrawn",
    "done",
    "single-handed",
)
#: The keys of a body that say who agreed; `SINGLE_HANDED` says that nobody had to.
CONFIRMED_BY, PROPOSAL = "confirmed_by", "proposal"
#: Keys of what is kept apart of a proposal: a text that follows its title, and the salt of its digest.
DETAILS, SALT = "details", "salt"
#: Entered when work that takes several transactions has come to its end.
ENDED = "ended"
#: The code of the refusal that says that an act was proposed and not done.
PROPOSED = "proposed"
#: What a change of registers does to rights, in a summary: agreed to is this change, and no other by the same command.
RIGHTS = "rights"
#: The findings of an audit in a summary: what is closed is these, and no others that are found meanwhile.
FINDINGS = "findings"
#: Keys of a summary: who may not confirm it, because what is agreed to is theirs, and who is written to when it is decided.
EXCEPT, WAITING = "except", "waiting"
#: The roles whose holders agree, each with its section, in a summary.
ROLES = "agreeing_roles"
#: The use case that may be done alone although there were others: naming who is to be asked.
NAMING = "administrator.change"
#: A confirmation holds for so long; what was proposed earlier is proposed anew.
MAX_AGE = timedelta(days=30)


@value
class SecondPerson:
    """What needs a second person: what it is called, whom it is about (they may confirm it), and what they should know."""

    title: Message
    about: str = ""
    #: The person it is about, where they may confirm it.
    person: str | None = None
    summary: Mapping[str, Any] = field(default_factory=dict)
    #: What they should know besides and the history is not to hold for ever: name -> value; `DETAILS` follows the title.
    private: Mapping[str, Any] = field(default_factory=dict)
    #: Whom it concerns, as those whose rights it changes: they are sent a message where one person does it alone.
    concerned: tuple[str, ...] = ()
    #: Roles, as pairs of role and section (None: of the whole bureau), whose holders agree instead of the administrators.
    roles: tuple[tuple[str, str | None], ...] = ()


def settle(
    transaction: Transaction,
    now: datetime,
    by: str,
    use_case: str,
    digest: Callable[[], str],
    second: SecondPerson,
    entropy: Entropy | None = None,
) -> Mapping[str, Any] | Refusal:
    """Return what the entries of an act say of who agreed to it, or the refusal that says that it was proposed.

    Raises CommandRefused where everybody who could agree is away.
    """
    if by == SYSTEM:
        # The first entries of a deployment: nobody is known who could agree.
        _note_single(transaction)
        return {}
    others = others_who_agree(transaction, by, second.roles)
    known = transaction.proposals.all()
    if not others:
        if second.roles:
            if away := away_in_roles(transaction, by, second.roles):
                raise CommandRefused(Refusal(None, "", (_nobody_in_roles(away),)))
        elif use_case != NAMING and (away := away_administrators(transaction, by)):
            raise CommandRefused(Refusal(None, "", (_nobody_to_ask(away),)))
        return done_by_one(transaction, now, by, use_case, digest(), second, entropy)
    own = digest()
    mine = [
        one
        for one in known
        if (one.by, one.use_case) == (by, use_case)
        and all(one.summary.get(name) == second.summary.get(name) for name in (RIGHTS, FINDINGS))
    ]
    current = _running(transaction, now, mine, own)
    if current is None:
        current = _made(transaction, now, by, use_case, own, second, OPEN, entropy)
        transaction.proposals.add(current)
        add_entry(transaction, now, PROPOSED, by, _body(current), STREAM)
        tell(
            transaction, now, current, {*others, by, *filter(None, [second.person])}, _wanted(current, second)
        )
    if current.status == OPEN:
        who = sorted({*others, *([second.person] if second.person else [])} - {by})
        return Refusal(None, "", (_waits(current, who),))
    if not _is_entered(transaction, current):
        return Refusal(None, "", (_not_as_entered(current),))
    take_up(transaction, now, current)
    return {CONFIRMED_BY: current.decided_by, PROPOSAL: current.id}


def others_who_agree(
    transaction: Transaction, by: str, roles: Sequence[Sequence[str | None]] = ()
) -> list[str]:
    """Return who can agree to what `by` asks for: those who hold one of `roles` and work here, else the administrators."""
    if not roles:
        return other_administrators(transaction, by)
    directory = Directory(transaction)
    return sorted(
        {one for role, section in roles for one in directory.holders(str(role), section) if one != by}
    )


def may_agree(transaction: Transaction, person: str, proposal: Proposal) -> bool:
    """Tell whether somebody holds a role whose holders agree to a proposal; whoever it is of does not."""
    roles = proposal.summary.get(ROLES) or ()
    return bool(roles) and person in others_who_agree(transaction, proposal.by, roles)


def done_by_one(
    transaction: Transaction,
    now: datetime,
    by: str,
    use_case: str,
    digest: str,
    second: SecondPerson,
    entropy: Entropy | None,
) -> Mapping[str, Any]:
    """Enter that one person does what two have to agree to; return what the entries of the act say of it."""
    _note_single(transaction, use_case)
    made = _made(transaction, now, by, use_case, digest, second, SINGLE, entropy)
    transaction.proposals.add(made)
    add_entry(transaction, now, SINGLE, by, _body(made), STREAM)
    people = {one for one in (second.person, *second.concerned) if one}
    tell(transaction, now, made, {*people, by} if people else set(), _single(made, second))
    return {SINGLE_HANDED: True, PROPOSAL: made.id}


def ask_for_agreement(
    transaction: Transaction,
    now: datetime,
    use_case: str,
    digest: str,
    second: SecondPerson,
    people: Sequence[str],
    entropy: Entropy | None,
) -> None:
    """Propose, in nobody's name, that somebody agrees to what others have done; `people` may, and are written to.

    What waits already, or was confirmed, is left as it is.
    """
    before = [one for one in transaction.proposals.all() if (one.by, one.use_case) == (ENGINE, use_case)]
    if _running(transaction, now, before, digest) is not None:
        return
    made = _made(transaction, now, ENGINE, use_case, digest, second, OPEN, entropy)
    transaction.proposals.add(made)
    add_entry(transaction, now, PROPOSED, ENGINE, _body(made), STREAM)
    text = say("{title}（{id}），请核对后确认或驳回", title=_full(second), id=made.id)
    tell(transaction, now, made, set(people), text)


def withdraw_others(
    transaction: Transaction, now: datetime, use_case: str, digests: Sequence[str], confirmed: Sequence[str]
) -> None:
    """Withdraw what waits for an agreement of `ask_for_agreement` and is about another list than those of `digests`.

    What somebody agreed to is withdrawn too where its list is none of `confirmed`: entered anew, it is asked for anew.
    """
    lists = {OPEN: digests, CONFIRMED: confirmed}
    for one in transaction.proposals.all():
        if (one.by, one.use_case) != (ENGINE, use_case) or one.status not in lists:
            continue
        salt = _salt(transaction, one)
        if one.digest not in {_salted(digest, salt) for digest in lists[one.status]}:
            transaction.proposals.decide(one, WITHDRAWN, ENGINE, now, None)
            body = {"id": one.id, "verb": use_case, "by": ENGINE, "reason": None}
            add_entry(transaction, now, WITHDRAWN, ENGINE, body, STREAM)


def agreement_to(transaction: Transaction, now: datetime, use_case: str, digest: str) -> Proposal | None:
    """Return the confirmed proposal of `ask_for_agreement`, as the history has it; None where nobody has confirmed it."""
    asked = [one for one in transaction.proposals.all() if (one.by, one.use_case) == (ENGINE, use_case)]
    found = _running(transaction, now, asked, digest)
    if found is None or found.status != CONFIRMED or not _is_entered(transaction, found):
        return None
    return found


def take_up(transaction: Transaction, now: datetime, proposal: Proposal) -> None:
    """Note that what was agreed to is done: the agreement holds for nothing else."""
    transaction.proposals.decide(
        proposal, DONE, str(proposal.decided_by), proposal.decided_at or now, proposal.reason
    )


def _running(
    transaction: Transaction, now: datetime, proposals: Sequence[Proposal], digest: str
) -> Proposal | None:
    """Return the one of `proposals` of this digest that waits or is confirmed, and is not too old."""
    running = [one for one in proposals if now - one.made_at <= MAX_AGE and one.status in (OPEN, CONFIRMED)]
    return next((one for one in running if one.digest == _salted(digest, _salt(transaction, one))), None)


def _note_single(transaction: Transaction, *use_cases: str) -> None:
    """Keep in a setting what was ever done by one person alone, so that lists need not look where nothing was."""
    kept = transaction.settings.get(SINGLE_HANDED)
    if kept is None:
        # Made by an earlier program, or just set up.
        before = {one.use_case for one in transaction.proposals.all() if one.status == SINGLE}
    else:
        before = set(kept)
    if kept is None or not before.issuperset(use_cases):
        transaction.settings.put(SINGLE_HANDED, sorted(before.union(use_cases)))


def still_agreed(
    transaction: Transaction, now: datetime, by: str, use_case: str, digest: str
) -> Mapping[str, Any] | None:
    """Return what the entries say of who agreed to long work that was begun and broken off; None where there is none.

    What was agreed to once is done to its end: `ended` says that it was.
    """
    from engine.app.history.replay import history

    mine = [
        one
        for one in transaction.proposals.all()
        if (one.by, one.use_case, one.digest) == (by, use_case, digest) and now - one.made_at <= MAX_AGE
    ]
    if not mine or mine[-1].status not in (DONE, SINGLE):
        return None
    last = mine[-1]
    entered = [event for event in history(transaction, STREAM) if event.body.get("id") == last.id]
    if any(event.kind == ENDED for event in entered):
        return None
    if last.status == DONE:
        return {CONFIRMED_BY: last.decided_by, PROPOSAL: last.id} if _is_entered(transaction, last) else None
    alone = any(
        event.kind == SINGLE and (event.actor, event.body.get("digest")) == (by, digest) for event in entered
    )
    return (
        {SINGLE_HANDED: True, PROPOSAL: last.id}
        if alone and not other_administrators(transaction, by)
        else None
    )


def ended(transaction: Transaction, now: datetime, by: str, marks: Mapping[str, Any]) -> None:
    """Enter that long work which was agreed to has come to its end: doing it again is agreed to again."""
    if PROPOSAL in marks:
        add_entry(transaction, now, ENDED, by, {"id": marks[PROPOSAL]}, STREAM)


def _is_entered(transaction: Transaction, proposal: Proposal) -> bool:
    """Tell whether what was proposed, and who confirmed it, is as the history says: the row alone is no agreement."""
    from engine.app.history.replay import history

    entered = {
        event.kind: event for event in history(transaction, STREAM) if event.body.get("id") == proposal.id
    }
    proposed, confirmed = entered.get(PROPOSED), entered.get(CONFIRMED)
    return (
        proposed is not None
        and confirmed is not None
        and (proposed.actor, proposed.body.get("digest")) == (proposal.by, proposal.digest)
        and confirmed.actor == proposal.decided_by != proposal.by
    )


def _not_as_entered(proposal: Proposal) -> RefusalReason:
    message = say(
        "提请“{id}”与历史“{stream}”所记的内容或确认人不符：不是本程序写入的，没有办理",
        id=proposal.id,
        stream=STREAM,
    )
    return RefusalReason("proposal", message, next=NextAction("list_proposals"))


def _made(
    transaction: Transaction,
    now: datetime,
    by: str,
    use_case: str,
    digest: str,
    second: SecondPerson,
    status: str,
    entropy: Entropy | None,
) -> Proposal:
    name = f"proposal-{len(transaction.proposals.all()) + 1}"
    summary = {"title": str(second.title), **second.summary}
    if second.person:
        summary["person"] = second.person
    if second.roles:
        summary[ROLES] = [list(one) for one in second.roles]
    private, salt = dict(second.private), ""
    if entropy is not None:
        # What is asked for may name a telephone number, which could be tried against a bare digest.
        private[SALT] = salt = entropy(f"salt of {name} {to_text(now)}", 16).hex()
    summary |= apart(transaction, now, f"{STREAM}/{name}", private, entropy)
    return Proposal(name, use_case, second.about, _salted(digest, salt), summary, by, now, status)


def is_about(transaction: Transaction, proposal: Proposal, digest: str) -> bool:
    """Tell whether a proposal of `ask_for_agreement` is about the list of a digest; of one whose salt is destroyed nobody can say otherwise."""
    salt = _salt(transaction, proposal)
    return salt == FORGOTTEN or proposal.digest == _salted(digest, salt)


def _salt(transaction: Transaction, proposal: Proposal) -> str:
    if SALT not in proposal.summary:
        return ""
    (found,) = opened(transaction, [{SALT: proposal.summary[SALT]}])
    return str(found[SALT])


def _salted(digest: str, salt: str) -> str:
    return hashlib.sha256(f"{salt}{digest}".encode()).hexdigest() if salt else digest


def as_read(transaction: Transaction, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Return proposals with what is kept apart of them, as whoever may confirm them reads it."""
    bodies = [{name: one for name, one in each.summary.items() if name != SALT} for each in proposals]
    found = []
    for proposal, body in zip(proposals, opened(transaction, bodies), strict=True):
        if details := body.pop(DETAILS, ""):
            body["title"] = str(_with_details(body["title"], details))
        found.append(replace(proposal, summary=body))
    return found


def kept_apart(proposal: Proposal) -> tuple[str, ...]:
    """Return the names of what is kept apart of a proposal and is for people to read."""
    return tuple(name for name, one in proposal.summary.items() if name != SALT and is_sealed(one))


def _with_details(title: object, details: object) -> Message:
    return say("{act}；{confirmed}", act=title, confirmed=details)


def _body(proposal: Proposal) -> dict[str, Any]:
    return {
        "id": proposal.id,
        "verb": proposal.use_case,
        "about": proposal.about,
        "digest": proposal.digest,
        "summary": dict(proposal.summary),
        **({SINGLE_HANDED: True} if proposal.status == SINGLE else {}),
    }


def _nobody_to_ask(away: list[str]) -> RefusalReason:
    message = say(
        "须由两人办理，其他管理员（{away}）都不在岗，没有人可以确认；请先改定管理员，再行办理",
        away=away,
    )
    return RefusalReason("no-second", message, next=NextAction("list_people"))


def _nobody_in_roles(away: list[str]) -> RefusalReason:
    message = say(
        "须由负责人同意，有权同意的人（{away}）都不在岗，没有人可以确认；请先在工作人员名录里改定由谁担任，再行办理",
        away=away,
    )
    return RefusalReason("no-second", message, next=NextAction("list_people"))


def _waits(proposal: Proposal, who: list[str]) -> RefusalReason:
    message = say(
        "尚未办理：已提请（{id}），待{who}确认；确认后再运行同一条命令即办理", id=proposal.id, who=who
    )
    return RefusalReason(PROPOSED, message, next=NextAction("confirm_proposal", {"id": proposal.id}))


def _wanted(proposal: Proposal, second: SecondPerson) -> Message:
    return say(
        "“{by}”提请：{title}（{id}），请核对后确认或驳回", by=proposal.by, title=_full(second), id=proposal.id
    )


def _single(proposal: Proposal, second: SecondPerson) -> Message:
    return say("单人办理：“{by}”：{title}（{id}）", by=proposal.by, title=_full(second), id=proposal.id)


def _full(second: SecondPerson) -> Message:
    """Return the title with what is kept apart: messages have a term of their own."""
    return _with_details(second.title, second.private[DETAILS]) if DETAILS in second.private else second.title


def tell(
    transaction: Transaction, now: datetime, proposal: Proposal, people: set[str], text: Message
) -> None:
    """Put a message about a proposal into the inboxes of `people`."""
    put_into_inboxes(
        transaction,
        now,
        sorted(people),
        name=f"{proposal.id}:{proposal.status}",
        about=PROPOSAL,
        title=proposal.summary["title"],
        text=text,
    )
