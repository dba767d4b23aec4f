"""The arguments of `Graph` as environment variables give them. Pure: the mapping is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["from_environment"]

_NEEDED: Final = ("tenant_id", "client_id", "client_secret")
_TEXTS: Final = ("mode", "national_cloud", "url", "login_url", "reference_property")
_NUMBERS: Final = ("mailbox_concurrency", "mailbox_requests", "longest_subject", "longest_body", "page_size")
_FLAGS: Final = ("verify_rooms",)
_TRUTHS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def from_environment(environment: Mapping[str, str], prefix: str) -> dict[str, object]:
    """The arguments that an environment gives, without the secret; what is missing keeps its default.

    Args:
        environment: All variables.
        prefix: Before the upper-case name of each parameter.

    Raises:
        ConfigurationError: A variable that is needed is missing, one cannot be read, or its name is unknown.
    """
    _check_names(environment, prefix)
    for name in _NEEDED:
        variable = prefix + name.upper()
        _check(
            bool(environment.get(variable)), f"{variable} is not set", "set it where this process is started"
        )
    names = ("tenant_id", "client_id", *_TEXTS, *_NUMBERS, *_FLAGS)
    given = ((name, environment.get(prefix + name.upper(), "")) for name in names)
    return {name: _value(prefix + name.upper(), name, text) for name, text in given if text}


def _check_names(environment: Mapping[str, str], prefix: str) -> None:
    """Refuse a name that nothing reads: a misspelt setting would keep its default in silence."""
    known = {name.upper() for name in (*_NEEDED, *_TEXTS, *_NUMBERS, *_FLAGS)}
    # Without a prefix the whole environment would have to be ours.
    given = {each.removeprefix(prefix) for each in environment if prefix and each.startswith(prefix)}
    strange = sorted(given - known)
    all_known = ", ".join(prefix + each for each in sorted(known))
    named = ", ".join(prefix + each for each in strange)
    _check(not strange, f"{named} is set, and there is no such setting", f"known are {all_known}")


def _value(variable: str, name: str, text: str) -> object:
    if name in _FLAGS:
        _check(text.lower() in _TRUTHS, f"{variable} is neither true nor false", "give true or false")
        return _TRUTHS[text.lower()]
    if name in _NUMBERS:
        _check(text.isascii() and text.isdigit(), f"{variable} is no whole number", "give digits only")
        return int(text)
    return text


def _check(right: bool, message: str, hint: str) -> None:  # noqa: FBT001 (reads as a sentence)
    if not right:
        text = f"Graph: {message}"
        raise ConfigurationError(text, hint=hint)
