"""An access-control system in memory, with the promises of a real one, for the tests of applications."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hamilton_sdk.acs.interface import AccessControlAdapter, Capabilities
from hamilton_sdk.acs.models import (
    AccessGrant,
    AccessOrder,
    AccessProfile,
    Credential,
    CredentialType,
    Drift,
    Health,
)
from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.faking import Faking

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hamilton_sdk.flow import Flow, Page
    from hamilton_sdk.model import TimeWindow

__all__ = ["FakeAccessControl"]


class FakeAccessControl(Faking, AccessControlAdapter):
    """An in-memory adapter with the promises of `AccessControlAdapter`; it sends no request.

    It refuses what a real system would refuse. Physical badges go back to the pile when they are taken away;
    the number of a ``"qr"`` is one-shot: once taken away it is blocked for good. Thread-safe.

    Args:
        profiles: Access profiles, by name or whole.
        credential_types: Credential types, by name (any text is then a number) or whole. An order that names
            no type gets the first.
        hosts: Personnel numbers of the hosts there are; empty to take any.
        needs_host: Whether an order without a host is refused.
        reasons: Names of reasons for suspending; empty to take any.
        page_size: Grants on a page.

    Raises:
        ConfigurationError: No profile, no credential type, or a page of nothing.

    Example:
        >>> from hamilton_sdk.acs import AccessControl, FakeAccessControl
        >>> with AccessControl(FakeAccessControl()) as acs:
        ...     acs.find("visit-1") is None
        True
    """

    def __init__(
        self,
        *,
        profiles: Iterable[str | AccessProfile] = ("Visitors",),
        credential_types: Iterable[str | CredentialType] = ("Badge",),
        hosts: Iterable[str] = (),
        needs_host: bool = False,
        reasons: Iterable[str] = (),
        page_size: int = 100,
    ) -> None:
        super().__init__("acs.fake")
        self._profiles = tuple(
            AccessProfile(id=f"profile-{number}", name=each) if isinstance(each, str) else each
            for number, each in enumerate(profiles, 1)
        )
        self._types = tuple(
            CredentialType(id=f"type-{number}", name=each) if isinstance(each, str) else each
            for number, each in enumerate(credential_types, 1)
        )
        if not self._profiles or not self._types or page_size < 1:
            message = "FakeAccessControl needs a profile, a credential type and a page_size of at least 1"
            raise ConfigurationError(message, hint="leave them out for the defaults")
        self._page_size = page_size
        self._capabilities = Capabilities(
            window_lives_in="grant",
            needs_host=needs_host,
            resolution=timedelta(microseconds=1),
            page_cap=page_size,
            atomic_create=True,
        )
        # Loaded on use: many who import the family never make a fake.
        from hamilton_sdk.acs._memory import Site

        self._site = Site(
            self._profiles,
            self._types,
            hosts=frozenset(hosts),
            needs_host=needs_host,
            reasons=tuple(reasons),
        )

    def __repr__(self) -> str:
        return f"FakeAccessControl(profiles={tuple(each.name for each in self._profiles)!r})"

    # What tests of applications look at and set

    def grants_now(self, now: datetime | None = None) -> tuple[AccessGrant, ...]:
        """All grants, ended ones included, by reference.

        Args:
            now: Aware; the time of the last call if None.
        """
        with self._lock:
            records = sorted(self._site.records.items())
            return tuple(record.grant(now or self._seen) for _, record in records)

    def credentials_out(self) -> tuple[Credential, ...]:
        """Every credential in the hands of a holder of ours, by reference, whether it opens a door or not."""
        return tuple(each.credential for each in self.grants_now() if each.credential is not None)

    def opens(self, credential: Credential, now: datetime | None = None) -> bool:
        """Whether a credential of a holder of ours would open a door.

        Args:
            credential: Shown to the reader.
            now: Aware; the time of the last call if None.
        """
        moment = now or self._seen
        with self._lock:
            record = self._site.holder_of(credential)
            return record is not None and record.state(moment) == "active" and moment in record.window

    def give_to_others(self, credential: Credential) -> None:
        """Put a credential into the hands of somebody who is not ours: an employee's badge.

        Args:
            credential: Free until now.

        Raises:
            Conflict: It is out already.
        """
        with self._lock:
            self._site.give_to_others(credential)

    # The interface

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        return self._capabilities

    def check(self) -> Flow[Health]:
        """See `AccessControlAdapter.check`."""
        return self._perform("check", lambda _: Health(product="FakeAccessControl", version="1"))

    def profiles(self) -> Flow[tuple[AccessProfile, ...]]:
        """See `AccessControlAdapter.profiles`."""
        ordered = tuple(sorted(self._profiles, key=lambda each: each.name))
        return self._perform("profiles", lambda _: ordered)

    def credential_types(self) -> Flow[tuple[CredentialType, ...]]:
        """See `AccessControlAdapter.credential_types`."""
        ordered = tuple(sorted(self._types, key=lambda each: each.name))
        return self._perform("credential_types", lambda _: ordered)

    def reserve(self, order: AccessOrder) -> Flow[AccessGrant]:
        """See `AccessControlAdapter.reserve`."""
        return self._perform("reserve", lambda now: self._site.reserve(order, now))

    def activate(self, order: AccessOrder) -> Flow[AccessGrant]:
        """See `AccessControlAdapter.activate`."""
        return self._perform("activate", lambda now: self._site.activate(order, now))

    def extend(self, reference: str, window: TimeWindow) -> Flow[AccessGrant]:
        """See `AccessControlAdapter.extend`."""
        return self._perform("extend", lambda now: self._site.extend(reference, window, now))

    def suspend(self, reference: str, reason: str | None = None) -> Flow[AccessGrant]:
        """See `AccessControlAdapter.suspend`."""
        return self._perform("suspend", lambda now: self._site.suspend(reference, reason, now))

    def resume(self, reference: str) -> Flow[AccessGrant]:
        """See `AccessControlAdapter.resume`."""
        return self._perform("resume", lambda now: self._site.resume(reference, now))

    def revoke(self, reference: str, reason: str | None = None) -> Flow[AccessGrant]:
        """See `AccessControlAdapter.revoke`. Any reason will do: a mistyped one must not keep a door open."""
        del reason
        return self._perform("revoke", lambda now: self._site.revoke(reference, now))

    def find(self, reference: str) -> Flow[AccessGrant | None]:
        """See `AccessControlAdapter.find`."""

        def work(now: datetime) -> AccessGrant | None:
            record = self._site.records.get(reference)
            return None if record is None else record.grant(now)

        return self._perform("find", work)

    def find_by_credential(self, credential: Credential) -> Flow[AccessGrant | None]:
        """See `AccessControlAdapter.find_by_credential`."""

        def work(now: datetime) -> AccessGrant | None:
            record = self._site.holder_of(credential)
            return None if record is None else record.grant(now)

        return self._perform("find_by_credential", work)

    def grants_page(self, token: str | None = None) -> Flow[Page[AccessGrant]]:
        """See `AccessControlAdapter.grants_page`."""
        size = self._page_size
        return self._perform("grants_page", lambda now: self._site.grants_page(token, size, now))

    def reconcile(self, expected: Sequence[AccessOrder]) -> Flow[tuple[Drift, ...]]:
        """See `AccessControlAdapter.reconcile`."""

        def work(now: datetime) -> tuple[Drift, ...]:
            from hamilton_sdk.acs.reconcile import compare

            return compare(
                expected,
                [each.grant(now) for each in self._site.records.values()],
                now,
                self._capabilities.resolution,
                profiles={each.id: each.name for each in self._profiles},
                types={each.id: each.name for each in self._types},
            )

        return self._perform("reconcile", work)

    def purge(self, ended_before: datetime) -> Flow[tuple[str, ...]]:
        """See `AccessControlAdapter.purge`."""
        return self._perform("purge", lambda now: self._site.purge(ended_before, now))
