"""What a failed TLS handshake means to the person on site: what was wrong with which certificate."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import CertificateRejected, TlsFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.errors import ConnectorError, Outcome

__all__ = ["PLAIN", "PLAIN_DELIVERY", "Finding", "certificate_finding", "handshake_finding"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What an exception came down to.

    Attributes:
        kind: The error to raise.
        what: What happened, in words.
        hint: What a person can do.
        outcome: Where it is not the one that the kind implies.
    """

    kind: type[ConnectorError]
    what: str
    hint: str
    outcome: Outcome | None = None


_AUTHORITY: Final = (
    "was not issued by an authority trusted here",
    "give the site's own authority, which its administrator has, with transport=Http(ca='authority.pem')",
)
_OTHER_NAME: Final = (
    "is for another name",
    "use a name that stands in the certificate as the address, or have one issued for this name",
)
_WEAK: Final = (
    "has too short a key or too weak a signature",
    "have it issued anew: RSA 2048 or EC P-256, signed with SHA-256",
)

# X509_V_ERR_*, openssl-verification-options(1) and x509_vfy.h: stable numbers, unlike the texts.
_VERIFICATION: Final[Mapping[int, tuple[str, str]]] = {
    9: ("is not valid yet", "check this machine's clock first, then the certificate's dates"),
    10: ("has expired", "have it renewed at the peer; a wrong clock on this machine looks the same"),
    18: _AUTHORITY,
    19: _AUTHORITY,
    20: _AUTHORITY,
    21: _AUTHORITY,
    23: ("was revoked", "ask the peer's administrator for a new one"),
    62: _OTHER_NAME,
    64: _OTHER_NAME,
    66: _WEAK,
    67: _WEAK,
    68: _WEAK,
}

# TLS alerts (RFC 8446, 6.2) by which a peer refuses our certificate, as the end of OpenSSL's reason.
_ALERTS: Final[Mapping[str, tuple[str, str]]] = {
    "ALERT_CERTIFICATE_REQUIRED": (
        "wants a client certificate, and none was given",
        "give one that it knows, with transport=Http(client_certificate=('client.pem', 'client.key'))",
    ),
    "ALERT_UNKNOWN_CA": (
        "does not know the authority of our client certificate",
        "give a client certificate of the authority that the peer trusts",
    ),
    "ALERT_CERTIFICATE_EXPIRED": (
        "says that our client certificate has expired",
        "renew it, or set the peer's clock",
    ),
    "ALERT_CERTIFICATE_REVOKED": ("says that our client certificate was revoked", "ask for a new one"),
}
_REFUSED: Final = (
    "refuses our client certificate",
    "ask the peer's administrator which client certificates it takes",
)

PLAIN: Final = (
    "does this port speak plain http? give the one that speaks https, or begin the address with http://"
)
"""What to do where nobody speaks TLS."""

PLAIN_DELIVERY: Final = (
    "does this port speak plain http? deliveries go by https alone: give an address that speaks it"
)
"""The same where plain HTTP is no way out."""

# Ends of OpenSSL's reason for handshakes that broke off for another reason.
_BROKEN_OFF: Final[Mapping[str, tuple[str, str]]] = {
    "WRONG_VERSION_NUMBER": (
        "does not speak TLS on this port",
        PLAIN,
    ),
    "PROTOCOL_VERSION": (
        "offers no TLS 1.2 or later",
        "have TLS 1.2 switched on at the peer: older versions are not safe and not used",
    ),
    "UNSUPPORTED_PROTOCOL": (
        "offers no TLS 1.2 or later",
        "have TLS 1.2 switched on at the peer: older versions are not safe and not used",
    ),
    "ALERT_HANDSHAKE_FAILURE": (
        "broke off the TLS handshake",
        "either it wants a client certificate, Http(client_certificate=...), or there is no cipher in common",
    ),
    "UNRECOGNIZED_NAME": ("knows no host of this name", "check the host name in the address"),
}


def certificate_finding(error: ssl.SSLError, who: str) -> Finding | None:
    """What was wrong with a certificate, the peer's or ours; None if it was something else.

    Args:
        error: As raised, by the handshake or, since TLS 1.3 lets a client finish first, by the first read.
        who: The peer, in words.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        # Made by something other than OpenSSL, a system's own verifier for one, it may have neither.
        code, told = getattr(error, "verify_code", None), getattr(error, "verify_message", "no reason given")
        what, hint = _VERIFICATION.get(code or 0, (f"is not accepted: {told}", _LOOK))
        return Finding(CertificateRejected, f"the certificate of {who} {what}", hint)
    reason = _reason(error)
    found = _by_end(_ALERTS, reason)
    if found is None and "ALERT" in reason and ("CERTIFICATE" in reason or "ACCESS_DENIED" in reason):
        found = _REFUSED
    return None if found is None else Finding(CertificateRejected, f"{who} {found[0]}", found[1])


_LOOK: Final = "look at the certificate with: openssl s_client -connect HOST:PORT -showcerts"


def handshake_finding(error: ssl.SSLError, who: str, plain: str = PLAIN) -> Finding:
    """Why a handshake broke off.

    Args:
        error: As raised.
        who: The peer, in words.
        plain: What to do where it does not speak TLS.
    """
    finding = certificate_finding(error, who)
    if finding is not None:
        return finding
    reason = _reason(error)
    what, hint = _by_end(_BROKEN_OFF, reason) or (f"broke off the TLS handshake ({reason or 'cut'})", _LOOK)
    return Finding(TlsFailed, f"{who} {what}", plain if hint is PLAIN else hint)


def _reason(error: ssl.SSLError) -> str:
    return getattr(error, "reason", None) or ""  # one that Python made itself has none


def _by_end(table: Mapping[str, tuple[str, str]], reason: str) -> tuple[str, str] | None:
    return next((found for end, found in table.items() if reason.endswith(end)), None)
