"""What is wrong with the place things are kept in, said to the person who can mend it."""

from __future__ import annotations

from engine.language import Message


class StoreUnavailableError(Exception):
    """The database cannot be used as it is: missing, locked, damaged, not writable, of another version.

    `message` says what was found and how to mend it; the command line shows it and exits with code 3.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message

    def __str__(self) -> str:
        return self.message.render()


class ReadOnlyTransactionError(RuntimeError):
    """A unit from `Store.read` was asked to write: a fault of the program that asked."""

    def __init__(self) -> None:
        super().__init__("this unit only reads; write through Store.write()")
