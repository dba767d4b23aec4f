"""What adapters check of their settings, and how they read them from an environment. Pure.

The environment is given; no error repeats a value, which may be secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Variables", "check_address", "check_setting"]

_TRUTHS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def check_setting(product: str, right: bool, message: str, hint: str) -> None:  # noqa: FBT001 (as a sentence)
    """Refuse a setting that is not right.

    Args:
        product: The adapter's name, for the error.
        right: Whether it is.
        message: What is wrong.
        hint: What to do.

    Raises:
        ConfigurationError: It is not.
    """
    if not right:
        text = f"{product}: {message}"
        raise ConfigurationError(text, hint=hint)


def check_address(product: str, name: str, address: str, *, example: str, carried: str, apart: str) -> None:
    """Refuse what is no address of a peer that gets secrets.

    Args:
        product: The adapter's name, for the error.
        name: The setting's.
        address: What was given.
        example: A hint with an address as it should be.
        carried: What secrets go along with each request; therefore plain http is for this machine alone.
        apart: A hint where a user or a password stands in it.

    Raises:
        ConfigurationError: It is none; it is not repeated.
    """
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        message = f"{product}: {name} cannot be read"
        raise ConfigurationError(message, hint=example) from None
    is_http = parts.scheme in {"https", "http"} and bool(host)
    check_setting(product, is_http, f"{name} is no https address", example)
    check_setting(product, "@" not in parts.netloc, f"{name} holds a user or password", apart)
    plain = not parts.query and not parts.fragment
    check_setting(product, plain, f"{name} holds a query or a fragment", example)
    safe = parts.scheme == "https" or _is_loopback(host or "")
    hint = f"use https: {carried} go with each request; http is for this machine alone"
    check_setting(product, safe, f"{name} is http", hint)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        import ipaddress

        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Variables:
    """The environment variables of an adapter: a prefix, and each setting's name in upper case.

    Attributes:
        product: The adapter's name, for errors.
        needed: Settings without which there is none.
        texts: Others that are read as they are.
        numbers: Whole numbers.
        flags: Truths.
    """

    product: str
    needed: tuple[str, ...]
    texts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    def read(self, environment: Mapping[str, str], prefix: str) -> dict[str, object]:
        """The settings that an environment gives, by name. An empty variable is one that is not set.

        Args:
            environment: All variables.
            prefix: Before each name.

        Raises:
            ConfigurationError: A variable that is needed is missing, one cannot be read, or its name is
                unknown.
        """
        self._check_names(environment, prefix)
        found: dict[str, object] = {}
        for name in (*self.needed, *self.texts, *self.numbers, *self.flags):
            variable = prefix + name.upper()
            text = environment.get(variable, "")
            is_there = bool(text) or name not in self.needed
            check_setting(self.product, is_there, f"{variable} is not set", "set it in the environment")
            if text:
                found[name] = self._value(variable, name, text)
        return found

    def _check_names(self, environment: Mapping[str, str], prefix: str) -> None:
        """Refuse a name that nothing reads: a misspelt setting would keep its default in silence."""
        known = {name.upper() for name in (*self.needed, *self.texts, *self.numbers, *self.flags)}
        # Without a prefix the whole environment would have to be ours.
        given = {each.removeprefix(prefix) for each in environment if prefix and each.startswith(prefix)}
        for name in sorted(given - known):
            import difflib

            near = difflib.get_close_matches(name.upper(), sorted(known), n=1)
            all_known = ", ".join(prefix + each for each in sorted(known))
            hint = f"did you mean {prefix}{near[0]}?" if near else f"known are {all_known}"
            check_setting(self.product, False, f"{prefix}{name} is set, and there is no such setting", hint)  # noqa: FBT003

    def _value(self, variable: str, name: str, text: str) -> object:
        if name in self.flags:
            known = text.lower() in _TRUTHS
            check_setting(self.product, known, f"{variable} is neither true nor false", "give true or false")
            return _TRUTHS[text.lower()]
        if name in self.numbers:
            digits = text.isascii() and text.isdigit()
            check_setting(self.product, digits, f"{variable} is no whole number", "give digits only")
            return int(text)
        return text
