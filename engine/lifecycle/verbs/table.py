"""The table of verbs: one row each, gathered from the modules that hold them. Whatever lists verbs goes by it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.lifecycle.command import Command
from engine.lifecycle.verbs import (
    approve,
    claim,
    correct,
    entrust,
    extend,
    reassign,
    return_,
    sign,
    suspend,
    void,
    withdraw,
)
from engine.lifecycle.verbs.asking import ask, circulate, urge
from engine.lifecycle.verbs.spec import VerbSpec

#: Word -> row.
VERBS: Mapping[str, VerbSpec] = {
    spec.word: spec
    for spec in (
        claim.CLAIM,
        reassign.REASSIGN,
        entrust.ENTRUST,
        entrust.HAND_BACK,
        extend.EXTEND,
        suspend.SUSPEND,
        suspend.RESUME,
        return_.RETURN,
        withdraw.WITHDRAW,
        correct.CORRECT,
        urge.URGE,
        urge.ACKNOWLEDGE,
        circulate.CIRCULATE,
        circulate.READ,
        ask.ASK,
        ask.REPLY,
        void.VOID,
        sign.ADD_SIGNER,
        sign.DROP_SIGNER,
        approve.APPROVE,
        approve.DENY,
    )
}

#: What a state may declare.
DECLARED: Mapping[str, VerbSpec] = {word: spec for word, spec in VERBS.items() if spec.declared}

#: What may be asked for and approved.
APPROVABLE: tuple[str, ...] = tuple(word for word, spec in VERBS.items() if spec.approvable)

#: Class of a command -> its row; of those that share one, the first.
BY_COMMAND: Mapping[type[Command], VerbSpec] = {
    spec.command: spec for spec in reversed(tuple(VERBS.values()))
}
