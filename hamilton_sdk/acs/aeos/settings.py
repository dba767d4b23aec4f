"""What an `Aeos` is made with: checked once, immutable, silent about secrets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast, get_args

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.model import CredentialKind
from hamilton_sdk.settings import Variables, check_address, check_setting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from pydantic import SecretStr

__all__ = ["PERSONNEL_NO_LIMIT", "Settings", "Strategy", "from_environment"]

Strategy: TypeAlias = Literal["visit", "profile"]

_KINDS: Final[tuple[CredentialKind, ...]] = get_args(CredentialKind)
PERSONNEL_NO_LIMIT: Final = 50
"""Characters of a PersonnelNo (AEOS manual v33, field limits)."""
PAGE_CAP: Final = 1000
"""Records the server gives in one answer."""

_NEEDED_TEXTS: Final = ("url", "username", "strategy", "reference_prefix")
_OPTIONAL_TEXTS: Final = ("identifier_type", "unit", "default_host", "free_field", "block_reason")
_FLAGS: Final = ("exempt_from_verification", "offline_profiles", "send_email", "send_phone")
_NUMBERS: Final = ("page_size", "largest_answer")


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
        self._check_types()
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
            self.reference_prefix.isprintable() and len(self.reference_prefix) < PERSONNEL_NO_LIMIT // 2,
            "reference_prefix is too long or not printable",
            f"keep it short: prefix and reference share {PERSONNEL_NO_LIMIT} characters",
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

    def _check_types(self) -> None:
        for name in (*_NEEDED_TEXTS, *_OPTIONAL_TEXTS):
            value = getattr(self, name)
            given = _is_text(value) or (value is None and name in _OPTIONAL_TEXTS)
            _check(given, f"{name} is {type(value).__name__}, not text", "give it as text; ids as well")
        _check(
            _is_text(self.password.get_secret_value()),
            "password is no text",
            "give it as text, or as a SecretStr of one",
        )
        for name in _OPTIONAL_TEXTS:
            value = getattr(self, name)
            _check(value is None or bool(value.strip()), f"{name} is empty", "leave it out, or give None")
        for name in _FLAGS:
            _check(isinstance(getattr(self, name), bool), f"{name} is no truth", "give True or False")
        for name in _NUMBERS:
            _check(type(getattr(self, name)) is int, f"{name} is no whole number", "give an int")
        _check(
            len(self.default_host or "") <= PERSONNEL_NO_LIMIT,
            f"default_host has more than {PERSONNEL_NO_LIMIT} characters",
            f"give the host's personnel number; AEOS keeps {PERSONNEL_NO_LIMIT} characters",
        )

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
    check_setting("Aeos", right, message, hint)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _check_url(url: str) -> None:
    check_address(
        "Aeos",
        "url",
        url,
        example="give it as https://<server>:8443/aeosws",
        carried="user and password",
        apart="give them as username= and password=",
    )


def zone(name: object) -> ZoneInfo:
    """The time zone of a name.

    Raises:
        ConfigurationError: There is none, with the nearest names, or it is no name.
    """
    import zoneinfo

    if not isinstance(name, str):
        message = f"Aeos: timezone is {type(name).__name__}, not text"
        hint = f"give its name: {getattr(name, 'key', None) or 'Europe/Paris'!r}"
        raise ConfigurationError(message, hint=hint)
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        import difflib

        near = difflib.get_close_matches(name, zoneinfo.available_timezones(), n=3)
        message = f"Aeos: unknown timezone {name!r}"
        hint = f"did you mean {', '.join(near)}?" if near else "give a name such as 'Europe/Paris'"
        raise ConfigurationError(message, hint=hint) from None


def types_by_kind(setting: Mapping[str, object]) -> Mapping[CredentialKind, str]:
    """Which identifier type each kind of credential has.

    Raises:
        ConfigurationError: An unknown kind, or a type that is no name.
    """
    types: dict[CredentialKind, str] = {}
    for name, value in setting.items():
        if not isinstance(value, str) or not value.strip():
            message = "Aeos: identifier_type names a type that is no text, or empty"
            raise ConfigurationError(message, hint="give the name or id of an identifier type, as text")
        types[kind(name, "identifier_type")] = value
    return MappingProxyType(types)


def kinds(setting: object) -> frozenset[CredentialKind]:
    """The kinds of credential named.

    Raises:
        ConfigurationError: An unknown one, or no collection of them.
    """
    if isinstance(setting, str) or not isinstance(setting, Iterable):
        message = f"Aeos: one_shot_kinds is {type(setting).__name__}, no collection"
        raise ConfigurationError(message, hint="give a set: {'qr'}, or set() for none")
    return frozenset(kind(each, "one_shot_kinds") for each in cast("Iterable[object]", setting))


def kind(name: object, setting: str) -> CredentialKind:
    """A kind of credential by its word.

    Raises:
        ConfigurationError: There is no such kind.
    """
    for each in _KINDS:
        if each == name:
            return each
    message = f"Aeos: {setting} names an unknown kind {name!r}"
    raise ConfigurationError(message, hint=f"kinds are {', '.join(_KINDS)}")


_TEXTS: Final = ("strategy", "unit", "default_host", "reference_prefix", "free_field", "block_reason")
_VARIABLES: Final = Variables(
    product="Aeos",
    needed=("url", "username", "password", "timezone"),
    texts=(*_TEXTS, "identifier_type", "one_shot_kinds"),
    numbers=_NUMBERS,
    flags=_FLAGS,
)


def from_environment(environment: Mapping[str, str], prefix: str) -> dict[str, object]:
    """The arguments of `Aeos` as an environment gives them; what is missing keeps its default.

    Args:
        environment: All variables.
        prefix: Before the upper-case name of each parameter.

    Raises:
        ConfigurationError: A variable that is needed is missing, one cannot be read, or its name is unknown.
    """
    found = _VARIABLES.read(environment, prefix)
    kinds, types = found.get("one_shot_kinds"), found.get("identifier_type")
    if isinstance(kinds, str):
        found["one_shot_kinds"] = frozenset(kinds.replace(",", " ").split())
    if isinstance(types, str) and "=" in types:
        found["identifier_type"] = _pairs(f"{prefix}IDENTIFIER_TYPE", types)
    return found


def _pairs(variable: str, text: str) -> dict[str, str]:
    """Kinds and the types they have, as ``badge=Badge,qr=QR code``."""
    pairs: dict[str, str] = {}
    for each in text.split(","):
        kind_name, _, type_name = (part.strip() for part in each.partition("="))
        _check(
            bool(kind_name and type_name),
            f"{variable} holds a pair that is not whole",
            "write kind=type, with commas between; give the id of a type whose name holds a comma",
        )
        _check(kind_name not in pairs, f"{variable} holds a kind twice", "a kind has one type")
        pairs[kind_name] = type_name
    return pairs
