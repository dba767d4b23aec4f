"""What a `Graph` is made with: checked once, immutable, silent about secrets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.graph.interface import Mode
from hamilton_sdk.settings import Variables, check_address, check_setting

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HORIZON", "REFERENCE_PROPERTY", "Cloud", "Settings", "addresses", "from_environment"]

Cloud: TypeAlias = Literal["global", "us_government", "us_government_dod", "china"]

REFERENCE_PROPERTY: Final = "String {6c0a1f2e-7d3b-4b5e-9a43-2f8f1c5d7e90} Name HamiltonReference"
"""The extended property that marks our events and holds the caller's reference."""
HORIZON: Final = timedelta(days=731)
"""How far ahead a recurring reservation is compared with the other meetings of its room."""

_CLOUDS: Final[Mapping[str, tuple[str, str]]] = {
    # https://learn.microsoft.com/graph/deployments
    "global": ("https://graph.microsoft.com", "https://login.microsoftonline.com"),
    "us_government": ("https://graph.microsoft.us", "https://login.microsoftonline.us"),
    "us_government_dod": ("https://dod-graph.microsoft.us", "https://login.microsoftonline.us"),
    "china": ("https://microsoftgraph.chinacloudapi.cn", "https://login.chinacloudapi.cn"),
}
_MOST_PER_PAGE: Final = 1000
_LONGEST_SUBJECT: Final = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one tenant; see `hamilton_sdk.graph.Graph` for what each means."""

    tenant_id: str
    client_id: str
    mode: Mode
    national_cloud: Cloud
    mailbox_concurrency: int
    mailbox_requests: int
    url: str
    login_url: str
    reference_property: str
    verify_rooms: bool
    longest_subject: int
    longest_body: int
    page_size: int

    def __post_init__(self) -> None:
        for name in ("tenant_id", "client_id"):
            value: object = getattr(self, name)
            given = isinstance(value, str) and value.strip() == value != "" and "/" not in value
            _check(given, f"{name} is no id", "give it as the application's page in Entra ID shows it")
        _check(
            self.mode in get_args(Mode),
            f"mode is {self.mode!r}",
            "give 'organizer' where the room itself organises, 'attendee' where a person invites it",
        )
        _check(
            str(self.reference_property).startswith("String {"),
            "reference_property is no extended property",
            "write it as String {<guid>} Name <word>",
        )
        _check(type(self.verify_rooms) is bool, "verify_rooms is no truth", "give True or False")
        for name in ("mailbox_concurrency", "mailbox_requests", "longest_body"):
            self._check_number(name, 1, None)
        self._check_number("longest_subject", 1, _LONGEST_SUBJECT)
        self._check_number("page_size", 1, _MOST_PER_PAGE)

    def _check_number(self, name: str, least: int, most: int | None) -> None:
        value = getattr(self, name)
        fits = type(value) is int and value >= least and (most is None or value <= most)
        upto = "or more" if most is None else f"to {most}"
        _check(fits, f"{name} is {value!r}", f"give a whole number, {least} {upto}")

    @property
    def scope(self) -> str:
        """What a token is asked for; a simulator's and a proxy's are those of the cloud they stand for."""
        return f"{_CLOUDS[self.national_cloud][0]}/.default"


def addresses(national_cloud: object, url: object, login_url: object) -> tuple[str, str]:
    """Where Graph and the log-in are.

    Args:
        national_cloud: Whose.
        url: Instead of that cloud's Graph; None for it.
        login_url: Instead of that cloud's log-in; None for it.

    Raises:
        ConfigurationError: There is no such cloud, or an address is none.
    """
    known = _CLOUDS.get(national_cloud) if isinstance(national_cloud, str) else None
    if known is None:
        message = f"Graph: national_cloud is {national_cloud!r}"
        raise ConfigurationError(message, hint=f"clouds are {', '.join(_CLOUDS)}")
    given = (("url", url, known[0]), ("login_url", login_url, known[1]))
    graph, login = (_address(name, default if value is None else value) for name, value, default in given)
    return graph, login


def _address(name: str, value: object) -> str:
    example = "give it as https://graph.microsoft.com, without a version"
    _check(isinstance(value, str), f"{name} is {type(value).__name__}, not text", example)
    address = str(value).rstrip("/")
    check_address("Graph", name, address, example=example, carried="tokens", apart=example)
    return address


def _check(right: bool, message: str, hint: str) -> None:  # noqa: FBT001 (reads as a sentence)
    check_setting("Graph", right, message, hint)


_VARIABLES: Final = Variables(
    product="Graph",
    needed=("tenant_id", "client_id", "client_secret"),
    texts=("mode", "national_cloud", "url", "login_url", "reference_property"),
    numbers=("mailbox_concurrency", "mailbox_requests", "longest_subject", "longest_body", "page_size"),
    flags=("verify_rooms",),
)


def from_environment(environment: Mapping[str, str], prefix: str) -> dict[str, object]:
    """The arguments that an environment gives, without the secret; what is missing keeps its default.

    Args:
        environment: All variables.
        prefix: Before the upper-case name of each parameter.

    Raises:
        ConfigurationError: A variable that is needed is missing, one cannot be read, or its name is unknown.
    """
    found = _VARIABLES.read(environment, prefix)
    del found["client_secret"]  # read anew for each token
    return found
