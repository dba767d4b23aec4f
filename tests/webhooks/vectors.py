"""Published signatures, and the test keys they were made with: never use one of them for anything else."""

from __future__ import annotations

import base64
from dataclasses import dataclass

__all__ = [
    "CONTENT_DIGESTS",
    "ED25519_PAIR",
    "KNOWN_ANSWERS",
    "RFC_9421",
    "RFC_9421_ED25519",
    "RFC_9421_HMAC",
    "SECRET",
    "TRANSFORMED",
    "KnownAnswer",
]

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ED25519_PAIR = (
    "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==",
    "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=",
)


@dataclass(frozen=True)
class KnownAnswer:
    """What a published test signs, and what it expects."""

    source: str
    secret: str
    id: str
    timestamp: int
    body: bytes
    signature: str


KNOWN_ANSWERS = (
    KnownAnswer(
        "the libraries of Standard Webhooks, all languages",
        SECRET,
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
    KnownAnswer(
        "the Rust library of Standard Webhooks",
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
        1649367553,
        b'{"email":"test@example.com","username":"test_user"}',
        "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
    ),
    KnownAnswer(
        "Svix's server, Ed25519",
        ED25519_PAIR[0],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
        "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
    ),
    KnownAnswer(
        "Svix's manual, with a key of 18 bytes",
        "whsec_plJ3nmyCDGBKInavdOK15jsl",
        "msg_loFOjxBNrRLzqYUf",
        1731705121,
        b'{"event_type":"ping","data":{"success":true}}',
        "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
    ),
)

# RFC 9421, appendix B: keys, the message test-request, and the signatures by algorithms of this SDK.
RFC_9421_HMAC = (
    "whsec_uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
)
_PUBLIC = base64.urlsafe_b64decode("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs=")
_SEED = base64.urlsafe_b64decode("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU=")
RFC_9421_ED25519 = "whsk_" + base64.b64encode(_SEED + _PUBLIC).decode("ascii")

_REQUEST = (
    ("host", "example.com"),
    ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
    ("content-type", "application/json"),
    (
        "content-digest",
        "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
    ),
    ("content-length", "18"),
)


@dataclass(frozen=True)
class HttpMessage:
    """A request of RFC 9421, with its signature."""

    name: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    secret: str
    signature_input: str
    signature: str
    valid: bool = True


RFC_9421 = (
    HttpMessage(
        "B.2.5",
        "POST",
        "https://example.com/foo?param=Value&Pet=dog",
        _REQUEST,
        RFC_9421_HMAC,
        'sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
        "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:",
    ),
    HttpMessage(
        "B.2.6",
        "POST",
        "https://example.com/foo?param=Value&Pet=dog",
        _REQUEST,
        RFC_9421_ED25519,
        'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
        ';created=1618884473;keyid="test-key-ed25519"',
        "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
    ),
)


def _transformed(
    method: str, target: str, headers: tuple[tuple[str, str], ...], *, valid: bool
) -> HttpMessage:
    return HttpMessage(
        "B.4",
        method,
        target,
        headers,
        RFC_9421_ED25519,
        'transform=("@method" "@path" "@authority" "accept");created=1618884473;keyid="test-key-ed25519"',
        "transform=:ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==:",
        valid,
    )


_TARGET = "https://example.org/demo?name1=Value1&Name2=value2"
_ACCEPT = (("accept", "application/json"), ("accept", "*/*"))

# The same signature on what proxies may make of a message, and on what they may not.
TRANSFORMED = (
    _transformed("GET", _TARGET, _ACCEPT, valid=True),
    _transformed(
        "GET", _TARGET + "&param=added", (*_ACCEPT, ("accept-language", "en-US,en;q=0.5")), valid=True
    ),
    _transformed("GET", _TARGET, (("accept", "application/json, */*"),), valid=True),
    _transformed("GET", _TARGET, (*_ACCEPT, ("date", "Fri, 15 Jul 2022 14:24:55 GMT")), valid=True),
    _transformed("POST", "https://example.com/demo?name1=Value1&Name2=value2", _ACCEPT, valid=False),
    _transformed("GET", _TARGET, _ACCEPT[::-1], valid=False),
)

# RFC 9530: bodies and their digests.
CONTENT_DIGESTS = (
    (b'{"hello": "world"}', "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"),
    (
        b'{"hello": "world"}',
        "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
    ),
    (b'{"hello": "world"}\n', "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"),
    (
        b'{"hello": "world"}\n',
        "sha-512=:YMAam51Jz/jOATT6/zvHrLVgOYTGFy1d6GJiOHTohq4yP+pgk4vf2aCsyRZOtw8MjkM7iw7yZ/WkppmM44T3qg==:",
    ),
    (b"", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"),
    (
        b"",
        "sha-512=:z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==:",
    ),
)
