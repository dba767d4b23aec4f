"""Verifying a webhook, beside the reference library and beside the bare HMAC it cannot do without."""

from __future__ import annotations

import base64
import hmac
import os
import subprocess
import sys
from collections.abc import Callable

import standardwebhooks

from benchmarks.measure import Row, in_turn
from hamilton_sdk.webhooks import Webhook

__all__ = ["rows"]

_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
_KEY = base64.b64decode(_SECRET.removeprefix("whsec_"))
# Turns shorter than what a busy machine gives a process at a time: the median is one that nobody interrupted.
_ROUNDS, _IMPORT_ROUNDS = 500, 15
_LATE = ("httpx", "pydantic", "sqlalchemy", "cryptography", "asyncio")
# An installed package comes compiled; where this is set, every import would compile it anew.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
# What a request has beside the three, as a server behind a proxy hands it over.
_OTHERS = dict.fromkeys(
    ("host", "user-agent", "accept", "accept-encoding", "connection", "content-type", "content-length"), "x"
) | {"x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "https"}


def _bare(headers: dict[str, str], body: bytes) -> Callable[[], object]:
    """The arithmetic alone: no header is looked at, and no time."""
    prefix = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode()
    signature = headers["webhook-signature"].removeprefix("v1,").encode()

    def verify() -> None:
        digest = hmac.digest(_KEY, prefix + body, "sha256")
        assert hmac.compare_digest(base64.b64encode(digest), signature)

    return verify


def _verifying(size: int, calls: int, others: dict[str, str]) -> dict[str, float]:
    ours, theirs = Webhook(_SECRET), standardwebhooks.Webhook(_SECRET)
    body = b"x" * size
    headers = {**others, **ours.sign("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", body)}
    return in_turn(
        {
            "ours": lambda: ours.verify(body, headers),
            "standardwebhooks": lambda: theirs.verify(body, headers, json_parse=False),
            "bare": _bare(headers, body),
        },
        rounds=_ROUNDS,
        calls=calls,
    )


def _signing() -> dict[str, float]:
    pair = Webhook.generate_key_pair()
    symmetric, secret, public = Webhook(_SECRET), Webhook(pair.secret), Webhook(pair.public)
    body = b"x" * 1024
    headers = secret.sign("msg_1", body)
    return in_turn(
        {
            "v1": lambda: symmetric.sign("msg_1", body),
            "v1a": lambda: secret.sign("msg_1", body),
            "v1a verified": lambda: public.verify(body, headers),
        },
        rounds=_ROUNDS // 5,
        calls=5,
    )


def _importing(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, env=_ENVIRONMENT)


def _loaded(code: str) -> list[str]:
    probe = f"import sys; {code}; print(*[name for name in {_LATE!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], check=True, capture_output=True, text=True)
    return done.stdout.split()


def _import_rows() -> list[Row]:
    codes = {
        "bare": "pass",
        "package": "import hamilton_sdk.webhooks",
        "webhook": "from hamilton_sdk.webhooks import Webhook",
        "standardwebhooks": "import standardwebhooks",
    }
    contestants = {name: lambda code=code: _importing(code) for name, code in codes.items()}
    times = in_turn(contestants, rounds=_IMPORT_ROUNDS)
    over = {name: (seconds - times["bare"]) * 1000 for name, seconds in times.items()}
    late = _loaded(codes["webhook"])
    return [
        Row("import hamilton_sdk.webhooks, over a bare interpreter", over["package"], "ms", 40),
        Row(
            "  with Webhook in use",
            over["webhook"],
            "ms",
            40,
            note=f"standardwebhooks {over['standardwebhooks']:.1f} ms",
        ),
        Row(f"  loaded with it, of {', '.join(_LATE)}", len(late), "modules", 0, note=" ".join(late)),
    ]


def rows() -> list[Row]:
    """Ratios of verifying, microseconds of signing, and the import."""
    small, whole, large = (
        _verifying(1024, 50, {}),
        _verifying(1024, 50, _OTHERS),
        _verifying(65_536, 5, {}),
    )
    signing = _signing()
    return [
        Row(
            "verify 1 KiB, to standardwebhooks without JSON",
            small["standardwebhooks"] / small["ours"],
            "x",
            2.2,
            at_most=False,
            note=f"{small['ours'] * 1e6:.1f} us; {small['bare'] / small['ours']:.2f} of bare HMAC",
        ),
        Row(
            "  among the headers of a whole request",
            whole["standardwebhooks"] / whole["ours"],
            "x",
            note=f"{whole['ours'] * 1e6:.1f} us of {len(_OTHERS) + 3} headers",
        ),
        Row(
            "verify 64 KiB, to bare HMAC",
            large["bare"] / large["ours"],
            "x",
            0.9,
            at_most=False,
            note=f"{large['ours'] * 1e6:.1f} us, standardwebhooks {large['standardwebhooks'] * 1e6:.1f} us",
        ),
        Row("sign 1 KiB, v1", signing["v1"] * 1e6, "us"),
        Row(
            "sign 1 KiB, v1a",
            signing["v1a"] * 1e6,
            "us",
            note=f"verified in {signing['v1a verified'] * 1e6:.0f} us",
        ),
        *_import_rows(),
    ]
