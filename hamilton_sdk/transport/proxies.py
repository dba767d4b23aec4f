"""Which proxy a request takes: one for all, those of the environment, or none."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from hamilton_sdk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hamilton_sdk.transport.base import Http

__all__ = ["Proxies", "Proxy", "parse_proxy"]


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, its credentials kept apart from its address.

    Attributes:
        url: Scheme, host and port alone.
        user: To sign in with, if any.
        password: Kept out of the repr.
    """

    url: str
    user: str | None = None
    password: str = field(default="", repr=False)

    @property
    def secure(self) -> bool:
        """Whether the proxy itself is reached over TLS."""
        return self.url.startswith("https:")

    @property
    def auth(self) -> tuple[bytes, bytes] | None:
        """User and password in UTF-8, as HTTP libraries want them."""
        return None if self.user is None else (self.user.encode(), self.password.encode())


def parse_proxy(address: str, setting: str) -> Proxy:
    """Read a proxy's address.

    Args:
        address: ``http://`` or ``https://``, with or without user and password, which may be percent-encoded.
        setting: Where it was given, for the error, which never shows the address: it may hold a password.

    Raises:
        ConfigurationError: It is no such address.
    """
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        port, host = parts.port, parts.hostname
    except ValueError:
        raise _wrong(setting, "is not an address") from None
    if parts.scheme not in ("http", "https"):
        raise _wrong(setting, f"is no http or https proxy but {parts.scheme!r}")
    if not host:
        raise _wrong(setting, "names no host")
    shown = f"[{host}]" if ":" in host else host
    where = f"{parts.scheme}://{shown}" + ("" if port is None else f":{port}")
    user = None if parts.username is None else unquote(parts.username)
    return Proxy(where, user, unquote(parts.password or ""))


def _wrong(setting: str, what: str) -> ConfigurationError:
    return ConfigurationError(f"{setting} {what}", hint="write it as http://proxy.example:3128")


class Proxies:
    """The proxies in use, chosen from by address.

    Args:
        by_scheme: Proxy of each scheme that has one.
        bypass: What is reached directly, as ``NO_PROXY`` lists it: host names, which cover all names under
            them, with or without a port; addresses; networks such as ``10.0.0.0/8``; or ``*``.
    """

    __slots__ = ("_by_scheme", "_bypass")

    def __init__(self, by_scheme: dict[str, Proxy], bypass: str = "") -> None:
        self._by_scheme = by_scheme
        self._bypass = [name.strip().lower().lstrip(".") for name in bypass.split(",") if name.strip()]

    @classmethod
    def of(cls, http: Http) -> Proxies:
        """Those that the settings ask for; reads the environment only if they say so."""
        if http.proxy is not None:
            proxy = parse_proxy(http.proxy, "Http.proxy")
            return cls({"http": proxy, "https": proxy})
        return cls.from_environment() if http.proxy_from_environment else cls({})

    @classmethod
    def from_environment(cls) -> Proxies:
        """``HTTP_PROXY``, ``HTTPS_PROXY``, ``ALL_PROXY`` and ``NO_PROXY``, in either case.

        Raises:
            ConfigurationError: One of them is no address of an http or https proxy.
        """
        # Loaded on use: it brings in the whole of http.client.
        from urllib.request import getproxies_environment

        found = getproxies_environment()
        by_scheme = {
            scheme: parse_proxy(address, f"{scheme.upper()}_PROXY")
            for scheme in ("http", "https")
            if (address := found.get(scheme) or found.get("all"))
        }
        return cls(by_scheme, found.get("no", ""))

    def __iter__(self) -> Iterator[Proxy]:
        return iter(dict.fromkeys(self._by_scheme.values()))

    def choose(self, scheme: str, host: str, port: int | None) -> Proxy | None:
        """The proxy for an address; None for a direct connection."""
        proxy = self._by_scheme.get(scheme)
        if proxy is None or any(_covers(rule, host.lower(), port) for rule in self._bypass):
            return None
        return proxy


def _covers(rule: str, host: str, port: int | None) -> bool:
    if rule in ("*", host, f"{host}:{port}"):
        return True
    if "/" in rule:
        try:
            return ip_address(host) in ip_network(rule, strict=False)
        except ValueError:  # a name, or no network: other variables' users may mean something by it
            return False
    name, _, only = rule.partition(":")
    return host.endswith(f".{name}") and only in ("", str(port))
