"""Whether Graph answers, and our application may do what is needed. Flows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.errors import Forbidden, NotFound
from hamilton_sdk.graph.exchange.nodes import nodes, text
from hamilton_sdk.graph.exchange.wire import Call, path
from hamilton_sdk.graph.models import Health

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.exchange.tenant import Tenant

__all__ = ["check"]

_PRODUCT: Final = "Microsoft Graph"
_VERSION: Final = "v1.0"


def check(tenant: Tenant) -> Flow[Health]:
    """See `CalendarAdapter.check`. Nothing is written: that events may be written shows at the first one."""
    details = [f"mode {tenant.settings.mode}"]
    room: str | None = None
    try:
        answer = yield from tenant.wire.ask(_rooms())
    except Forbidden as error:
        details.append(f"rooms cannot be listed ({error.code}): Place.Read.All is missing")
    else:
        room = next(
            (address for each in nodes(answer, "value") if (address := text(each, "emailAddress"))), None
        )
        details.append("no room is there yet" if room is None else "rooms can be listed")
    if room is not None:
        details.append((yield from _calendar(tenant, room)))
    return Health(product=_PRODUCT, version=_VERSION, details=tuple(details))


def _rooms() -> Call:
    query: Mapping[str, str] = {"$top": "1"}
    return Call(operation="listRooms", path=path("places", "microsoft.graph.room"), query=query)


def _calendar(tenant: Tenant, room: str) -> Flow[str]:
    query: Mapping[str, str] = {"$top": "1", "$select": "id"}
    call = Call(operation="listEvents", path=path("users", room, "events"), mailbox=room, query=query)
    try:
        yield from tenant.wire.ask(call)
    except Forbidden as error:
        return f"the first room's calendar cannot be read ({error.code}): {error.hint}"
    except NotFound as error:
        return f"the first room's mailbox cannot be reached ({error.code})"
    return "the first room's calendar can be read"
