"""Watches of `hamilton_sdk.graph.FakeCalendar`: kept until they end, and nobody is called."""

from __future__ import annotations

import secrets
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import Invalid, NotFound
from hamilton_sdk.graph._paging import page_after
from hamilton_sdk.graph.models import Watch

if TYPE_CHECKING:
    from datetime import datetime

    from hamilton_sdk.flow import Page

__all__ = ["Watches"]

# Microsoft Graph, resource type subscription (2026): of events, in minutes; shorter ones are made that long.
_LONGEST: Final = timedelta(minutes=10_080)
_LONGEST_RICH: Final = timedelta(minutes=1_440)
_SHORTEST: Final = timedelta(minutes=45)
_LONGEST_SECRET: Final = 128


class Watches:
    """All watches; the caller holds a lock.

    Args:
        size: Watches on a page.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: dict[str, Watch] = {}
        self._numbers = count(1)

    def add(
        self,
        room: str,
        notify_url: str,
        now: datetime,
        *,
        lifecycle_url: str | None,
        duration: timedelta | None,
        secret: str | None,
        certificate: str | None,
        certificate_id: str | None,
    ) -> Watch:
        """See `CalendarAdapter.watch`."""
        for url in (notify_url, lifecycle_url or notify_url):
            if not url.startswith("https://"):
                message = "notifications go to https addresses only"
                raise Invalid(message, hint="give an address that begins with https://")
        if secret is not None and len(secret) > _LONGEST_SECRET:
            message = f"the secret has more than {_LONGEST_SECRET} characters"
            raise Invalid(message, hint="give a shorter one, or none and one is made")
        if (certificate is None) != (certificate_id is None):
            message = "certificate and certificate_id belong together"
            raise Invalid(message, hint="give both, for notifications with the event in them, or neither")
        number = next(self._numbers)
        watch = Watch(
            id=f"watch-{number:06}",
            room=room,
            notify_url=notify_url,
            expires_at=now + _span(duration, rich=certificate is not None),
            rich=certificate is not None,
            resource=f"users/{room}/events",
        )
        self._kept[watch.id] = watch
        return watch.model_copy(update={"secret": secret or secrets.token_urlsafe(32)})

    def renew(self, watch_id: str, duration: timedelta | None, now: datetime) -> Watch:
        """See `CalendarAdapter.renew`."""
        self._drop_ended(now)
        watch = self._kept.get(watch_id)
        if watch is None:
            message = "the watch is gone"
            raise NotFound(message, hint="watch anew, and read `changes` for what was missed")
        renewed = watch.model_copy(update={"expires_at": now + _span(duration, rich=watch.rich)})
        self._kept[watch_id] = renewed
        return renewed

    def remove(self, watch_id: str) -> None:
        """See `CalendarAdapter.unwatch`."""
        self._kept.pop(watch_id, None)

    def page(self, token: str | None, now: datetime) -> Page[Watch]:
        """See `CalendarAdapter.watches_page`."""
        self._drop_ended(now)
        return page_after(self._kept.items(), token, self._size)

    def _drop_ended(self, now: datetime) -> None:
        self._kept = {key: each for key, each in self._kept.items() if each.expires_at > now}


def _span(duration: timedelta | None, *, rich: bool) -> timedelta:
    longest = _LONGEST_RICH if rich else _LONGEST
    if duration is None:
        return longest
    if not timedelta() < duration <= longest:
        message = "no watch lasts that long" if duration > longest else "the duration is not positive"
        raise Invalid(message, hint=f"give {longest} at most, and renew it before it ends")
    return max(duration, _SHORTEST)
