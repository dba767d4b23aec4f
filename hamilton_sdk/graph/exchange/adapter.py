"""The adapter for Exchange Online: what it is made with, and one line per method over the flows beside it.

The flows load on first use.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self

from hamilton_sdk.graph.exchange.settings import (
    REFERENCE_PROPERTY,
    Cloud,
    Settings,
    addresses,
    from_environment,
)
from hamilton_sdk.graph.interface import CalendarAdapter, Capabilities, Mode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from hamilton_sdk.flow import Auth, Flow, Page
    from hamilton_sdk.graph.exchange.credentials import Credential
    from hamilton_sdk.graph.exchange.tenant import Tenant
    from hamilton_sdk.graph.interface import ChangePage
    from hamilton_sdk.graph.models import (
        Booking,
        Health,
        Occupancy,
        Reservation,
        Room,
        RoomList,
        RoomResponse,
        Watch,
    )
    from hamilton_sdk.model import TimeWindow

__all__ = ["Graph"]

_LONGEST_BODY: Final = 100_000


class Graph(CalendarAdapter):
    """Exchange Online by Microsoft Graph v1.0, with application permissions. Immutable and shareable.

    An event is ours where it holds `reference_property`; no other is ever written. In the mode
    ``"organizer"`` events are written into the room's own calendar, where no booking attendant looks at them:
    conflicts are looked for before and after, and of two that book at once the later one gives way. In
    ``"attendee"`` a person's event invites the room, and the room answers.

    Preparing the tenant: register an application with the application permissions ``Calendars.ReadWrite`` and
    ``Place.Read.All`` and an administrator's consent, and narrow it to the room mailboxes (and organisers)
    with RBAC for Applications.

    Args:
        tenant_id: Directory (tenant) id.
        client_id: Application (client) id.
        credential: `ClientSecret` or `ClientCertificate`.
        mode: Who organises: the room, or a person who invites it.
        national_cloud: ``"global"``, ``"us_government"``, ``"us_government_dod"`` or ``"china"``.
        mailbox_concurrency: Requests for one mailbox at the same time; Outlook works on four.
        mailbox_requests: Requests for one mailbox within ten minutes.
        url: Of Graph, without version, instead of the cloud's.
        login_url: Where tokens are got, instead of the cloud's.
        reference_property: The extended property that marks our events, ``String {<guid>} Name <word>``. Two
            applications in one tenant need two.
        verify_rooms: Whether a room's address is looked up before a first event is written for a reference;
            Graph would write into a person's calendar as well.
        longest_subject: Characters.
        longest_body: Characters.
        page_size: Events asked for at once, 1 to 1000.

    Raises:
        ConfigurationError: A setting is wrong.
    """

    __slots__ = ("_auth", "_tenant")

    def __init__(
        self,
        tenant_id: str,
        client_id: str,
        credential: Credential,
        *,
        mode: Mode = "organizer",
        # Where
        national_cloud: Cloud = "global",
        url: str | None = None,
        login_url: str | None = None,
        # Limits of a mailbox
        mailbox_concurrency: int = 4,
        mailbox_requests: int = 10_000,
        # Our mark, and what we write
        reference_property: str = REFERENCE_PROPERTY,
        verify_rooms: bool = True,
        longest_subject: int = 255,
        longest_body: int = _LONGEST_BODY,
        page_size: int = 500,
    ) -> None:
        from hamilton_sdk.graph.exchange.tenant import Tenant
        from hamilton_sdk.graph.exchange.tokens import EntraAuth
        from hamilton_sdk.graph.exchange.wire import Wire

        graph, login = addresses(national_cloud, url, login_url)
        checked = Settings(
            tenant_id=tenant_id,
            client_id=client_id,
            mode=mode,
            national_cloud=national_cloud,
            mailbox_concurrency=mailbox_concurrency,
            mailbox_requests=mailbox_requests,
            url=graph,
            login_url=login,
            reference_property=reference_property,
            verify_rooms=verify_rooms,
            longest_subject=longest_subject,
            longest_body=longest_body,
            page_size=page_size,
        )
        auth = EntraAuth(
            tenant_id=tenant_id,
            client_id=client_id,
            credential=credential,
            login_url=login,
            scope=checked.scope,
        )
        object.__setattr__(self, "_auth", auth)
        wire = Wire(graph, mailbox_concurrency, mailbox_requests)
        object.__setattr__(self, "_tenant", Tenant(checked, wire))

    _auth: Auth
    _tenant: Tenant

    @classmethod
    def from_env(cls, prefix: str = "HAMILTON_GRAPH_") -> Self:
        """Make one from environment variables: the prefix and each parameter's name in upper case.

        ``HAMILTON_GRAPH_TENANT_ID``, ``_CLIENT_ID`` and ``_CLIENT_SECRET`` are needed; the secret is read
        anew for each token. An empty variable is one that is not set.

        Args:
            prefix: Before each name. A variable that begins with it and is no parameter is refused: it may
                be misspelt.

        Raises:
            ConfigurationError: A variable is missing, wrong or unknown.
        """
        from hamilton_sdk.graph.exchange.credentials import ClientSecret
        from hamilton_sdk.secrets.sources import EnvironmentSecret

        # Each value was read for the parameter of its name.
        arguments: dict[str, Any] = from_environment(os.environ, prefix)
        secret = ClientSecret(EnvironmentSecret(f"{prefix}CLIENT_SECRET"))
        return cls(**arguments, credential=secret)

    def __setattr__(self, name: str, value: object) -> None:
        message = f"Graph is immutable: {name} cannot be set"
        raise AttributeError(message)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        message = "a Graph holds a credential and is not pickled: make it anew in the process that needs it"
        raise TypeError(message)

    def __repr__(self) -> str:
        known = self._tenant.settings
        return f"Graph({known.tenant_id!r}, {known.client_id!r}, mode={known.mode!r})"

    @property
    def name(self) -> str:
        """``"graph.exchange"``."""
        return "graph.exchange"

    @property
    def auth(self) -> Auth:
        """Tokens of Entra ID."""
        return self._auth

    @property
    def capabilities(self) -> Capabilities:
        """What Exchange can do with these settings."""
        mode = self._tenant.settings.mode
        return Capabilities(
            mode=mode,
            room_refuses=mode == "attendee",
            recurrence=True,
            watch=True,
            conditional_writes=False,
        )

    def check(self) -> Flow[Health]:
        """See `CalendarAdapter.check`."""
        from hamilton_sdk.graph.exchange import health

        return health.check(self._tenant)

    def rooms_page(self, token: str | None = None) -> Flow[Page[Room]]:
        """See `CalendarAdapter.rooms_page`."""
        from hamilton_sdk.graph.exchange import places

        return places.rooms_page(self._tenant, token)

    def room_lists_page(self, token: str | None = None) -> Flow[Page[RoomList]]:
        """See `CalendarAdapter.room_lists_page`."""
        from hamilton_sdk.graph.exchange import places

        return places.room_lists_page(self._tenant, token)

    def occupancy(self, rooms: Sequence[str], window: TimeWindow) -> Flow[tuple[Occupancy, ...]]:
        """See `CalendarAdapter.occupancy`."""
        from hamilton_sdk.graph.exchange import occupancy

        return occupancy.occupancy(self._tenant, rooms, window)

    def book(self, reservation: Reservation, wait: timedelta) -> Flow[Booking]:
        """See `CalendarAdapter.book`."""
        from hamilton_sdk.graph.exchange import booking

        return booking.book(self._tenant, reservation, wait)

    def update(self, reservation: Reservation, version: str | None = None) -> Flow[Booking]:
        """See `CalendarAdapter.update`."""
        from hamilton_sdk.graph.exchange import altering

        return altering.update(self._tenant, reservation, version)

    def cancel(
        self, reference: str, *, mailbox: str, version: str | None = None, comment: str | None = None
    ) -> Flow[Booking]:
        """See `CalendarAdapter.cancel`."""
        from hamilton_sdk.graph.exchange import ending

        return ending.cancel(self._tenant, reference, mailbox, version, comment)

    def end_early(self, reference: str, *, mailbox: str) -> Flow[Booking]:
        """See `CalendarAdapter.end_early`."""
        from hamilton_sdk.graph.exchange import ending

        return ending.end_early(self._tenant, reference, mailbox)

    def find(self, reference: str, *, mailbox: str) -> Flow[Booking | None]:
        """See `CalendarAdapter.find`."""
        from hamilton_sdk.graph.exchange import finding

        return finding.find(self._tenant, reference, mailbox)

    def bookings_page(self, room: str, window: TimeWindow, token: str | None = None) -> Flow[Page[Booking]]:
        """See `CalendarAdapter.bookings_page`."""
        from hamilton_sdk.graph.exchange import finding

        return finding.bookings_page(self._tenant, room, window, token)

    def response(self, reference: str, *, mailbox: str) -> Flow[RoomResponse]:
        """See `CalendarAdapter.response`."""
        from hamilton_sdk.graph.exchange import finding

        return finding.response(self._tenant, reference, mailbox)

    def changes_page(
        self,
        room: str,
        *,
        window: TimeWindow | None = None,
        cursor: str | None = None,
        token: str | None = None,
    ) -> Flow[ChangePage]:
        """See `CalendarAdapter.changes_page`."""
        from hamilton_sdk.graph.exchange import changes

        return changes.changes_page(self._tenant, room, window, cursor, token)

    def watch(
        self,
        room: str,
        notify_url: str,
        *,
        lifecycle_url: str | None = None,
        duration: timedelta | None = None,
        secret: str | None = None,
        certificate: str | None = None,
        certificate_id: str | None = None,
    ) -> Flow[Watch]:
        """See `CalendarAdapter.watch`."""
        from hamilton_sdk.graph.exchange import subscriptions

        wanted = subscriptions.Wanted(
            room,
            notify_url,
            lifecycle_url=lifecycle_url,
            duration=duration,
            secret=secret,
            certificate=certificate,
            certificate_id=certificate_id,
        )
        return subscriptions.watch(self._tenant, wanted)

    def renew(self, watch_id: str, duration: timedelta | None = None) -> Flow[Watch]:
        """See `CalendarAdapter.renew`."""
        from hamilton_sdk.graph.exchange import subscriptions

        return subscriptions.renew(self._tenant, watch_id, duration)

    def unwatch(self, watch_id: str) -> Flow[None]:
        """See `CalendarAdapter.unwatch`."""
        from hamilton_sdk.graph.exchange import subscriptions

        return subscriptions.unwatch(self._tenant, watch_id)

    def watches_page(self, token: str | None = None) -> Flow[Page[Watch]]:
        """See `CalendarAdapter.watches_page`."""
        from hamilton_sdk.graph.exchange import subscriptions

        return subscriptions.watches_page(self._tenant, token)
