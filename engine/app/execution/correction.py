"""What is left to put right after one answer was corrected: papers that were made, and what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.ports.papers import PaperState
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import UnitOfWork


def left_to_correct(uow: UnitOfWork, case: str) -> list[Message]:
    """Return a sentence for the papers of a case in force, and one for what it has published.

    A paper and a publication are what they were when they were made; only a person can say whether the answer stands on them.
    """
    papers = [one for one in uow.transaction.papers.of_case(case) if one.state is not PaperState.VOID]
    published = [
        one for one in uow.transaction.records.publications(case_id=case) if one.withdrawn_at is None
    ]
    found = []
    if papers:
        names = [one.number or one.id for one in papers]
        found.append(say("文书不随之改动：{papers}；印有原值的，另行制作，原件作废", papers=names))
    if published:
        titles = [one.title for one in published]
        found.append(say("公示不随之改动：{titles}；公示了原值的，撤回公示后更正、重新公示", titles=titles))
    return found
