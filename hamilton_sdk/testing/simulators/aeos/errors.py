"""How the simulator refuses: one exception inside, a SOAP fault outside."""

from __future__ import annotations

from typing import Final

__all__ = [
    "DUPLICATE_SORT_FIELD",
    "NOT_AUTHORISED",
    "NOT_IMPLEMENTED",
    "NO_LICENCE",
    "UNKNOWN_AUTHORISATION_TYPE",
    "UNKNOWN_DIRECTION",
    "WRONG_FUNCTION",
    "Refused",
]

# General codes (AEOS manual v33, list of error codes).
UNKNOWN_AUTHORISATION_TYPE: Final = 301
DUPLICATE_SORT_FIELD: Final = 302
UNKNOWN_DIRECTION: Final = 303
NOT_AUTHORISED: Final = 901
NO_LICENCE: Final = 902
NOT_IMPLEMENTED: Final = 903
WRONG_FUNCTION: Final = 904


class Refused(Exception):
    """The server does not do what was asked.

    Args:
        because: The free text of the fault.
        code: A general code; the operation's own if None.
    """

    def __init__(self, *, because: str, code: int | None = None) -> None:
        super().__init__(because)
        self.because = because
        self.code = code
