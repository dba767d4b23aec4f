"""What any access-control adapter promises. Pure: every method is a flow, performed by a connector.

Promises that hold for all methods, whatever the vendor:

* The key is the caller's own reference. The same call made twice has the effect of one.
* Only holders that carry the adapter's own mark are read, reported, changed or purged; an employee never is.
* A credential is the last thing given and the first taken away. A failure or interruption half way leaves
nothing
  open: what was made is undone, and `PartialFailure` says what could not be.
* Values are checked before anything is written: names against the system's limits, profiles and credential
types
  against its lists, numbers against their type's range, the window against the clock.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hamilton_sdk.acs.models import (
        AccessGrant,
        AccessOrder,
        AccessProfile,
        Credential,
        CredentialType,
        Drift,
        Health,
    )
    from hamilton_sdk.flow import Auth, Flow, Page
    from hamilton_sdk.model import TimeWindow

__all__ = ["AccessControlAdapter", "Capabilities"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What an access-control system can and cannot do, for callers that adapt to it.

    Attributes:
        window_lives_in: Where the validity window is kept.
        numbers_from: Who chooses credential numbers.
        native_visits: Whether the system manages visits of its own.
        needs_host: Whether an order without a host is refused.
        immediate_revocation: Whether taking access away works at once at every door.
        dates_only: Whether windows are cut to whole days.
        resolution: The smallest difference between two windows that the system can keep.
        exact_search: Whether the system itself searches exactly (adapters filter exactly in any case).
        page_cap: The most records the system gives in one answer; None for no limit.
        atomic_create: Whether holder, grant and credential are made in one step.
        past_start: Whether a window may begin in the past.
    """

    window_lives_in: Literal["holder", "credential", "grant", "visit"]
    numbers_from: Literal["caller", "system", "pool"] = "caller"
    native_visits: bool = False
    needs_host: bool = False
    immediate_revocation: bool = True
    dates_only: bool = False
    resolution: timedelta = timedelta(seconds=1)
    exact_search: bool = True
    page_cap: int | None = None
    atomic_create: bool = False
    past_start: bool = True


class AccessControlAdapter(ABC):
    """One vendor's protocol, as flows. Immutable and shareable."""

    @property
    @abstractmethod
    def name(self) -> str:
        """Family and product, for errors and the journal: ``"acs.aeos"``."""

    @property
    def auth(self) -> Auth | None:
        """How requests get a token; None where the adapter signs its requests itself."""
        return None

    @property
    @abstractmethod
    def capabilities(self) -> Capabilities:
        """What the system can do, known without asking it."""

    @abstractmethod
    def check(self) -> Flow[Health]:
        """Ask the system who it is, and that our account may do what is needed."""

    @abstractmethod
    def profiles(self) -> Flow[tuple[AccessProfile, ...]]:
        """All access profiles that may be ordered, by name."""

    @abstractmethod
    def credential_types(self) -> Flow[tuple[CredentialType, ...]]:
        """All credential types, by name."""

    @abstractmethod
    def reserve(self, order: AccessOrder) -> Flow[AccessGrant]:
        """Make the holder known with profiles and window, without access.

        An order's credential is checked (type, range, not in other hands) but not handed out. A reference
        that is already active or suspended stays so, with the order's profiles and window; one that has ended
        is reserved again.

        Returns:
            The grant: reserved, unless it was active or suspended before.

        Raises:
            Invalid: A value is over a limit, a profile or type is unknown (with the nearest names), or the
                window has ended.
            Conflict: The credential is in other hands, or blocked for good.
        """

    @abstractmethod
    def activate(self, order: AccessOrder) -> Flow[AccessGrant]:
        """Give access: holder, profiles, window, and the credential last.

        The same order again is the same grant; another order under the same reference is a change (a replaced
        credential is taken away before the new one is given). A reserved or ended reference becomes active.

        Returns:
            The active grant.

        Raises:
            Invalid: As for `reserve`.
            Conflict: The credential is in other hands or blocked for good, or the grant is suspended (resume
                it).
            PartialFailure: It failed half way and something could not be undone.
        """

    @abstractmethod
    def extend(self, reference: str, window: TimeWindow) -> Flow[AccessGrant]:
        """Give a grant another window, longer or shorter; its state stays.

        Raises:
            NotFound: No such reference.
            Invalid: The new window has ended.
            Conflict: The grant has ended: activate it again.
        """

    @abstractmethod
    def suspend(self, reference: str, reason: str | None = None) -> Flow[AccessGrant]:
        """Take access away for now; suspending twice, or what has ended, is success.

        Args:
            reference: Whose.
            reason: The system's name of a reason, where the site keeps a list; its first suitable one if
                None.

        Raises:
            NotFound: No such reference.
            Invalid: An unknown reason, with the nearest names.
        """

    @abstractmethod
    def resume(self, reference: str) -> Flow[AccessGrant]:
        """Give a suspended grant its access back; resuming what is not suspended is success.

        Raises:
            NotFound: No such reference.
            Conflict: The grant has ended.
        """

    @abstractmethod
    def revoke(self, reference: str, reason: str | None = None) -> Flow[AccessGrant]:
        """End access now: credential first, then grants; revoking twice is success.

        Works whatever state the grant is in, a half-made one included, and goes on past single failures so
        that as much access as possible ends.

        Args:
            reference: Whose.
            reason: The system's name of one, where it records reasons; an unknown one keeps no access alive.

        Returns:
            The grant: ended, without credential.

        Raises:
            NotFound: No such reference.
            PartialFailure: Something could not be taken away; repeat the call.
        """

    @abstractmethod
    def find(self, reference: str) -> Flow[AccessGrant | None]:
        """What stands for a reference; None where there is nothing."""

    @abstractmethod
    def find_by_credential(self, credential: Credential) -> Flow[AccessGrant | None]:
        """Whose credential this is; None where it is free, or in the hands of somebody who is not ours.

        A number that the system cannot keep is nobody's.
        """

    @abstractmethod
    def grants_page(self, token: str | None = None) -> Flow[Page[AccessGrant]]:
        """One page of all grants of ours, ended ones included.

        Args:
            token: The previous page's ``next``; None for the first page.

        Raises:
            Invalid: A token that this adapter did not make.
        """

    @abstractmethod
    def reconcile(self, expected: Sequence[AccessOrder]) -> Flow[tuple[Drift, ...]]:
        """Compare what should stand now with what stands; changes nothing.

        Args:
            expected: Every order that should be active.

        Returns:
            The differences, by reference. An order whose window is over is expected to have no access.
        """

    @abstractmethod
    def purge(self, ended_before: datetime) -> Flow[tuple[str, ...]]:
        """Delete holders of ours whose access ended before a moment, with their personal data.

        One that another process activates again meanwhile stays, and is not reported.

        Args:
            ended_before: Aware.

        Returns:
            The references that were removed.

        Raises:
            Invalid: A naive moment.
            PartialFailure: Some could not be removed.
        """
