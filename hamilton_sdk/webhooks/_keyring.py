"""The signatures and headers of deliveries, from what is kept encrypted of their endpoints. Thread-safe.

What was decrypted stays in memory only, and only for the endpoints last delivered to.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

from hamilton_sdk.webhooks._time import micros
from hamilton_sdk.webhooks.signing import Webhook

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hamilton_sdk.webhooks._sealing import Seal
    from hamilton_sdk.webhooks.delivering import Claimed, Target

__all__ = ["Keyring"]

_MOST: Final = 1000


class _Opened(NamedTuple):
    hook: Webhook
    headers: Mapping[str, str]
    until: int | None

    def __repr__(self) -> str:
        return f"_Opened(..., until={self.until})"


class Keyring:
    """Signs for any endpoint.

    Args:
        seal: Opens what is kept.
    """

    def __init__(self, seal: Seal) -> None:
        self._seal = seal
        self._opened: OrderedDict[tuple[bytes, str], _Opened] = OrderedDict()
        self._lock = Lock()

    def sign(self, claimed: Claimed, at: datetime) -> dict[str, str]:
        """The endpoint's headers and the signature of one attempt.

        Args:
            claimed: What is sent.
            at: When.

        Raises:
            ConfigurationError: No key at hand decrypts what is kept of the endpoint.
        """
        opened = self._open(claimed.target, micros(at))
        return {**opened.headers, **opened.hook.sign(claimed.event_id, claimed.body, at)}

    def _open(self, target: Target, now: int) -> _Opened:
        # Encryption never gives the same bytes twice: what was changed has another key here.
        kept = (target.secrets, target.headers)
        with self._lock:
            opened = self._opened.get(kept)
            if opened is not None and (opened.until is None or now < opened.until):
                self._opened.move_to_end(kept)
                return opened
        opened = self._decrypt(target, now)
        with self._lock:
            self._opened[kept] = opened
            if len(self._opened) > _MOST:
                self._opened.popitem(last=False)
        return opened

    def _decrypt(self, target: Target, now: int) -> _Opened:
        secrets = self._seal.kept_secrets(target.secrets)
        valid = [each for each in secrets if each.until is None or each.until > now]
        ends = [each.until for each in valid if each.until is not None]
        hook = Webhook([each.secret for each in valid])
        return _Opened(hook, self._seal.open_headers(target.headers), min(ends, default=None))
