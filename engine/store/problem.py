"""What can be wrong with a database, and with the use of one."""

from __future__ import annotations

from engine.app.ports.store import UnavailableError
from engine.language import Message


class StoreUnavailableError(UnavailableError):
    """The database cannot be used as it is: missing, locked, damaged, not writable, of another version.

    `message` says what was found and what to do; the command line shows it and exits with code 3.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message

    def __str__(self) -> str:
        return self.message.render()


class ReadOnlyTransactionError(RuntimeError):
    """A transaction from `Store.read` was asked to write: a fault of the calling program."""

    def __init__(self) -> None:
        super().__init__("this transaction only reads; write through Store.write()")
