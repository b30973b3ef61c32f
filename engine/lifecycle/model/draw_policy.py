"""What a bureau sets for all its draws: who signs the public log from outside, which days lie between, when lotteries rest."""

from __future__ import annotations

from datetime import date

from engine.value import named_value, value


@value
class SigningParty:
    """凭据签名方: an outside party and its Ed25519 public key (64 hex digits). `sample`: made up, proves nothing."""

    title: str
    key: str
    sample: bool = False


@named_value
class DrawPolicy:
    """The policy of a bureau. Days are days of Chinese standard time."""

    parties: tuple[SigningParty, ...] = ()
    #: Results are drawn at least so many days after the day of the commitment: time for the party to sign.
    lead_days: int = 1
    #: A commitment lapses so many days after all its results are drawn.
    lapse_days: int = 20
    #: (first, last) days on which the lotteries rest, both included; a year without any has no calendar.
    closed: tuple[tuple[date, date], ...] = ()

    def years(self) -> tuple[int, ...]:
        """Return the years whose draw days are known."""
        return tuple(sorted({day.year for span in self.closed for day in span}))
