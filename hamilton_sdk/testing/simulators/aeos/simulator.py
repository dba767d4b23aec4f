"""`AeosSimulator`: a small AEOS server as a pure responder."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.flow import Now, Response
from hamilton_sdk.testing.faults import Fault, FaultScript
from hamilton_sdk.testing.simulators.aeos.backstage import Backstage
from hamilton_sdk.testing.simulators.aeos.reader import Reader
from hamilton_sdk.testing.simulators.aeos.sample import furnish
from hamilton_sdk.testing.simulators.aeos.schema import Generation, schema
from hamilton_sdk.testing.simulators.aeos.service import Account, Service
from hamilton_sdk.testing.simulators.aeos.state import Settings, Site
from hamilton_sdk.testing.simulators.aeos.values import Offsets, local

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hamilton_sdk.flow import Flow, Request

__all__ = ["AeosSimulator"]

_UNIMPLEMENTED_FILTERS: Final = frozenset(
    {"Gender", "Title", "PhoneNo", "Guard", "Language", "MobilePhoneNo", "Email"}
)
_ADMINISTRATORS_ONLY: Final = frozenset({"releaseBlockedToken"})


class AeosSimulator(Backstage):
    """A Nedap AEOS server with its SOAP web service, in memory.

    Pure: `respond` is a flow. Pass it as ``transport=`` for use in process, to `hamilton_sdk.serving.asgi` or
    to `hamilton_sdk.testing.server.LoopbackServer` for use over a socket. Calls may come from several
    threads.

    Where nobody outside Nedap knows what the real server does, a switch decides, and its default is the
    answer that is hardest on a client.

    Args:
        username: Of the one account that is let in.
        password: Its password.
        timezone: IANA name of the server's zone: all dates on the wire are its local time.
        path: Of the web service.
        generation: ``"newer"`` (201 operations, ``SearchResultInfo``, sort orders) or ``"older"`` (146).
        visit_management: Whether the option is licensed; else visits are refused with code 902.
        page_cap: Records per answer at most.
        mandatory_fields: Further elements that a visitor must have, for example ``("FirstName",)``.
        ignored_filters: Search criteria that are read over. Third parties do not show a search of visitors by
            ``PersonnelNo``: add it here to see what happens where that is not implemented.
        units: Names by id; the first is everybody's who names none.
        free_fields: Names by id of the free fields that the account may see; none where its role was not
            given them.
        offline: Whether there are offline doors, whose rights live on the card.
        update_interval: How long rights on a card last after it was written.
        forbidden: Operations or functions (``"visitor"``, ``"visit"``, ``"token"``, ``"profile"``,
            ``"carrier"``, ``"person"``, ``"reference"``, ``"event"``, ``"service"``) that the account has no
            right to: code 901.
        unlicensed: The same for licences: code 902.
        administrator: Whether the account may release permanently blocked identifiers.
        offsets: Whether an offset in a dateTime is dropped or converted to local time.
        cut_visitor_times: Whether findVisitor, like findPerson, cuts arrival and leave to midnight.
        block_reply: What blockToken and unblockToken answer: an empty Body, as the manual shows, or the
            identifier, as the schema declares.
        empty_lists: What a find without a result answers: an empty list element or an empty Body.
        badges_of_removed: What removeVisitor does to badges still assigned: ``"kept"`` leaves them in use and
            in the name of nobody, so that their numbers stay taken; or they are freed, or the call is
            refused.
        visits_of_removed: What removeVisitor does about visits still there.
        faults: What goes wrong; nothing if not given.

    Raises:
        ConfigurationError: An unknown time zone.
    """

    def __init__(
        self,
        *,
        # The account
        username: str = "hamilton",
        password: str = "simulated-secret",  # noqa: S107 (a made-up account of a made-up server)
        forbidden: Collection[str] = (),
        unlicensed: Collection[str] = (),
        administrator: bool = False,
        # The site
        timezone: str = "Europe/Paris",
        path: str = "/aeosws",
        generation: Generation = "newer",
        visit_management: bool = True,
        page_cap: int = 1000,
        mandatory_fields: Collection[str] = (),
        units: Mapping[int, str] | None = None,
        free_fields: Mapping[int, str] | None = None,
        offline: bool = True,
        update_interval: timedelta = timedelta(days=1),
        # What is not known of the real one
        ignored_filters: Collection[str] = _UNIMPLEMENTED_FILTERS,
        offsets: Offsets = "dropped",
        cut_visitor_times: bool = False,
        block_reply: Literal["empty", "identifier"] = "empty",
        empty_lists: Literal["element", "body"] = "element",
        badges_of_removed: Literal["kept", "freed", "refused"] = "kept",
        visits_of_removed: Literal["refused", "removed"] = "refused",
        # What goes wrong
        faults: FaultScript | None = None,
    ) -> None:
        self.username = username
        self.password = password
        self.path = path
        self.timezone: ZoneInfo = _zone(timezone)
        self.faults: FaultScript = FaultScript() if faults is None else faults
        super().__init__(
            Site(
                schema(generation),
                Settings(
                    zone=self.timezone,
                    page_cap=page_cap,
                    mandatory_fields=tuple(mandatory_fields),
                    ignored_filters=frozenset(ignored_filters),
                    cut_visitor_times=cut_visitor_times,
                    block_reply=block_reply,
                    badges_of_removed=badges_of_removed,
                    visits_of_removed=visits_of_removed,
                    update_interval=update_interval,
                ),
            )
        )
        furnish(
            self._site,
            units={1: "Headquarters"} if units is None else units,
            free_fields={12: "ExternalId"} if free_fields is None else free_fields,
            offline=offline,
        )
        self._service = Service(
            self._site,
            Reader(schema(generation), self.timezone, offsets),
            Account(
                username=username,
                password=password,
                forbidden=frozenset((*forbidden, *(() if administrator else _ADMINISTRATORS_ONLY))),
                unlicensed=frozenset((*unlicensed, *(() if visit_management else ("visit",)))),
            ),
            path,
            lists_may_be_empty_bodies=empty_lists == "body",
        )

    def respond(self, request: Request) -> Flow[Response]:
        """Answer one request as the server would.

        Args:
            request: What its bytes say counts, not its operation name.

        Raises:
            Cut: As the fault script has it.
        """
        call = self._service.receive(request)
        now: datetime = yield Now()

        def work() -> Response:
            with self._lock:
                self._site.now = local(now, self.timezone)
                return self._service.answer(request, call)

        def refuse(fault: Fault) -> Response:
            return self._service.refuse(call, fault.code, fault.message or "System error", fault.status)

        return (yield from self.faults.around(call.name, work, refuse))

    def client_lines(self, url: str) -> list[tuple[str, str]]:
        """What a client needs, as names and values.

        Args:
            url: Where the simulator is served, without path.

        Returns:
            ``url`` first, then credentials, then sample objects; each name once, several values of one
            separated by a comma and a space.
        """
        with self._lock:
            site = self._site
            badges = min(site.identifier_types.values(), key=lambda one: one.id)
            host = next(one for one in site.carriers.values() if one.kind == "Employee")
            online = [each.name for each in site.templates.values() if each.kind == "OnLine"]
            offline = [each.name for each in site.templates.values() if each.kind == "OffLine"]
            lines = [
                ("url", url.rstrip("/") + self.path),
                ("username", self.username),
                ("password", self.password),
                ("timezone", self.timezone.key),
                ("generation", site.schema.generation),
                ("profile", online[0]),
                ("other_profiles", ", ".join(online[1:])),
                ("offline_profiles", ", ".join(offline)),
                ("identifier_type", badges.name),
                ("badge", _SAMPLE_BADGE),
                ("badge_numbers", f"{badges.minimum} to {badges.maximum}"),
                ("host", host.personnel_number),
                ("unit", next(iter(site.units.values()))),
                ("free_field", ", ".join(site.free_fields.values())),
            ]
            return [(name, value) for name, value in lines if value]


_SAMPLE_BADGE: Final = "48213377"
"""A number that no sample object holds, within the range of the sample identifier type."""


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        message = "AeosSimulator: timezone is not an IANA name"
        raise ConfigurationError(message, hint='give one such as "Europe/Paris"') from None
