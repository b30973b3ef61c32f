"""上级: the superiors of the people of a party, as a definition names them: ``superior of applicant``."""

from __future__ import annotations

import re

from engine.language import Message, say
from engine.value import value

#: The nth superior, in either language.
_ONE = re.compile(r"superior(?: (?P<level>[1-9]))? of (?P<of>[^\W\d]\w*)")
_ONE_CHINESE = re.compile(r"(?P<of>[^\W\d]\w*?)的(?:第(?P<level>[1-9])级)?上级")
#: All up to the nth, the nearest first.
_UP_TO = re.compile(r"superiors of (?P<of>[^\W\d]\w*) up to (?P<level>[1-9])")
_UP_TO_CHINESE = re.compile(r"(?P<of>[^\W\d]\w*?)的各级上级至第(?P<level>[1-9])级")


@value
class Superiors:
    """The superior of a level, or all up to it, of the first person of a party."""

    #: The party.
    of: str
    #: 1 is whoever leads them, 2 whoever leads that person, and so on.
    level: int = 1
    #: All of them up to the level, the nearest first.
    up_to: bool = False

    @property
    def name(self) -> str:
        """Return the party they are of a case."""
        if self.up_to:
            return f"superiors of {self.of} up to {self.level}"
        return f"superior of {self.of}" if self.level == 1 else f"superior {self.level} of {self.of}"

    def title(self, party: str) -> Message:
        """Return what people call them; `party` is the title of the party."""
        if self.up_to:
            return say("{party}的各级上级（至第 {level} 级）", party=party, level=self.level)
        if self.level == 1:
            return say("{party}的上级", party=party)
        return say("{party}的第 {level} 级上级", party=party, level=self.level)


def superiors_named(text: str) -> Superiors | None:
    """Return whom a text names, if it is one of the ways to name superiors."""
    for pattern in (_ONE, _ONE_CHINESE, _UP_TO, _UP_TO_CHINESE):
        found = pattern.fullmatch(text)
        if found is not None:
            level = int(found["level"] or 1)
            return Superiors(found["of"], level, up_to=pattern in (_UP_TO, _UP_TO_CHINESE))
    return None
