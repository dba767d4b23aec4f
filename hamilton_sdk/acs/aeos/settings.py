"""What an `Aeos` is made with: checked once, immutable, silent about secrets."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args
from urllib.parse import urlsplit

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.model import CredentialKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo

    from pydantic import SecretStr

__all__ = ["Settings", "Strategy", "from_environment"]

Strategy: TypeAlias = Literal["visit", "profile"]

_KINDS: Final[tuple[CredentialKind, ...]] = get_args(CredentialKind)
_NUMBER_LIMIT: Final = 50
"""Characters of a PersonnelNo (AEOS manual v33, field limits)."""
PAGE_CAP: Final = 1000
"""Records the server gives in one answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one AEOS server; see `hamilton_sdk.acs.aeos.Aeos` for what each means."""

    url: str
    username: str
    password: SecretStr
    zone: ZoneInfo
    strategy: Strategy
    identifier_type: str | None
    types_by_kind: Mapping[CredentialKind, str] = field(default_factory=dict[CredentialKind, str])
    unit: str | None
    default_host: str | None
    reference_prefix: str
    free_field: str | None
    one_shot_kinds: frozenset[CredentialKind]
    block_reason: str | None
    exempt_from_verification: bool
    offline_profiles: bool
    send_email: bool
    send_phone: bool
    page_size: int
    largest_answer: int

    def __post_init__(self) -> None:
        _check_url(self.url)
        _check(
            self.strategy in get_args(Strategy),
            f"strategy is {self.strategy!r}",
            "give 'visit' where visit management is licensed, else 'profile'",
        )
        _check(bool(self.username), "username is empty", "give the system user made for this application")
        _check(":" not in self.username, "username holds a colon", "Basic authentication cannot carry one")
        _check(bool(self.password.get_secret_value()), "password is empty", "give that user's password")
        _check(
            bool(self.reference_prefix.strip()),
            "reference_prefix is empty",
            "it is what tells our visitors from everybody else: give one that no other record begins with",
        )
        _check(
            self.reference_prefix.isprintable() and len(self.reference_prefix) < _NUMBER_LIMIT // 2,
            "reference_prefix is too long or not printable",
            f"keep it short: prefix and reference share {_NUMBER_LIMIT} characters",
        )
        _check(
            self.reference_prefix == self.reference_prefix.lstrip(),
            "reference_prefix begins with a space",
            "the server may trim it, and would not find our visitors again",
        )
        _check(
            not (self.offline_profiles and self.strategy == "visit"),
            "offline_profiles needs strategy='profile'",
            "a visit's rights are of the online kind only",
        )
        _check(
            1 <= self.page_size <= PAGE_CAP,
            f"page_size is {self.page_size}",
            f"give 1 to {PAGE_CAP}: the server gives {PAGE_CAP} records at most",
        )
        _check(self.largest_answer > 0, f"largest_answer is {self.largest_answer}", "give a number of bytes")

    def type_for(self, kind: CredentialKind) -> str | None:
        """The name or id of the identifier type that a kind of credential has, where a setting says so."""
        return self.types_by_kind.get(kind, self.identifier_type)

    def kind_of(self, type_id: int, type_name: str) -> CredentialKind:
        """Which kind of credential an identifier type stands for.

        What the setting by kind says; else a kind whose word begins a word of the type's name ("QR code");
        else a badge.
        """
        for kind in _KINDS:
            if self.types_by_kind.get(kind) in {type_name, str(type_id)}:
                return kind
        words = "".join(each if each.isalnum() else " " for each in type_name.casefold()).split()
        for kind in _KINDS:
            if any(word.startswith(kind) for word in words):
                return kind
        return "badge"


def _check(right: bool, message: str, hint: str) -> None:  # noqa: FBT001 (reads as a sentence)
    if not right:
        text = f"Aeos: {message}"
        raise ConfigurationError(text, hint=hint)


def _check_url(url: str) -> None:
    example = "give it as https://<server>:8443/aeosws"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        message = "Aeos: url cannot be read"
        raise ConfigurationError(message, hint=example) from None
    _check(parts.scheme in {"https", "http"} and bool(host), "url is no https address", example)
    _check("@" not in parts.netloc, "url holds a user or password", "give them as username= and password=")
    _check(not parts.query and not parts.fragment, "url holds a query or a fragment", example)
    _check(
        parts.scheme == "https" or _is_loopback(host or ""),
        "url is http",
        "use https: user and password go with each request; http is for this machine alone",
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        import ipaddress

        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def zone(name: str) -> ZoneInfo:
    """The time zone of a name.

    Raises:
        ConfigurationError: There is none, with the nearest names.
    """
    import zoneinfo

    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        import difflib

        near = difflib.get_close_matches(name, zoneinfo.available_timezones(), n=3)
        message = f"Aeos: unknown timezone {name!r}"
        hint = f"did you mean {', '.join(near)}?" if near else "give a name such as 'Europe/Paris'"
        raise ConfigurationError(message, hint=hint) from None


def types_by_kind(setting: Mapping[str, str]) -> Mapping[CredentialKind, str]:
    """Which identifier type each kind of credential has.

    Raises:
        ConfigurationError: An unknown kind.
    """
    return MappingProxyType({kind(each, "identifier_type"): value for each, value in setting.items()})


def kinds(setting: Iterable[str]) -> frozenset[CredentialKind]:
    """The kinds of credential named.

    Raises:
        ConfigurationError: An unknown one.
    """
    return frozenset(kind(each, "one_shot_kinds") for each in setting)


def kind(text: str, setting: str) -> CredentialKind:
    """A kind of credential by its word.

    Raises:
        ConfigurationError: There is no such kind.
    """
    for each in _KINDS:
        if each == text:
            return each
    message = f"Aeos: {setting} names an unknown kind {text!r}"
    raise ConfigurationError(message, hint=f"kinds are {', '.join(_KINDS)}")


_TRUTHS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_NEEDED: Final = ("url", "username", "password", "timezone")
_FLAGS: Final = ("exempt_from_verification", "offline_profiles", "send_email", "send_phone")
_NUMBERS: Final = ("page_size", "largest_answer")
_TEXTS: Final = ("strategy", "unit", "default_host", "reference_prefix", "free_field", "block_reason")


def from_environment(environment: Mapping[str, str], prefix: str) -> dict[str, object]:
    """The arguments of `Aeos` as an environment gives them; what is missing keeps its default.

    Args:
        environment: All variables.
        prefix: Before the upper-case name of each parameter.

    Raises:
        ConfigurationError: A variable that is needed is missing, or one cannot be read.
    """
    given = {name: environment.get(prefix + name.upper(), "") for name in _NEEDED}
    for name, value in given.items():
        _check(bool(value), f"{prefix}{name.upper()} is not set", "set it in the environment")
    found: dict[str, object] = dict(given)
    for name in (*_TEXTS, *_FLAGS, *_NUMBERS, "identifier_type", "one_shot_kinds"):
        text = environment.get(prefix + name.upper())
        if text:
            found[name] = _value(prefix + name.upper(), name, text)
    return found


def _value(variable: str, name: str, text: str) -> object:
    if name in _FLAGS:
        _check(text.lower() in _TRUTHS, f"{variable} is neither true nor false", "give true or false")
        return _TRUTHS[text.lower()]
    if name in _NUMBERS:
        _check(text.isascii() and text.isdigit(), f"{variable} is no whole number", "give digits only")
        return int(text)
    if name == "one_shot_kinds":
        return frozenset(text.replace(",", " ").split())
    if name == "identifier_type" and "=" in text:
        pairs = (each.partition("=") for each in text.split(","))
        return {kind_name.strip(): type_name.strip() for kind_name, _, type_name in pairs}
    return text
