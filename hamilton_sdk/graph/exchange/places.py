"""Rooms, their lists, and whether an address is a room's. Flows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from hamilton_sdk.errors import Invalid, NotFound
from hamilton_sdk.flow import Page
from hamilton_sdk.graph.exchange import faults
from hamilton_sdk.graph.exchange.nodes import Node, flag, nodes, text, texts, whole
from hamilton_sdk.graph.exchange.wire import Call, path, refusal
from hamilton_sdk.graph.models import Room, RoomList

if TYPE_CHECKING:
    from collections.abc import Callable

    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.exchange.tenant import Tenant

__all__ = ["check_room", "no_mailbox", "refusing_no_mailbox", "room_lists_page", "rooms_page"]

T = TypeVar("T", Room, RoomList)
V = TypeVar("V")

_AT_ONCE: Final = 100
"""Places a page: what Graph gives without being asked."""
_ROOM: Final = "#microsoft.graph.room"
_DEVICES: Final = ("audioDeviceName", "videoDeviceName", "displayDeviceName")


def rooms_page(tenant: Tenant, token: str | None) -> Flow[Page[Room]]:
    """See `CalendarAdapter.rooms_page`."""
    return (yield from _page(tenant, "listRooms", "microsoft.graph.room", token, _room))


def room_lists_page(tenant: Tenant, token: str | None) -> Flow[Page[RoomList]]:
    """See `CalendarAdapter.room_lists_page`."""
    return (yield from _page(tenant, "listRoomLists", "microsoft.graph.roomlist", token, _room_list))


def _page(
    tenant: Tenant, operation: str, kind: str, token: str | None, read: Callable[[Node], T | None]
) -> Flow[Page[T]]:
    """One page: often there is no nextLink though more exist (msgraph-sdk-dotnet issue 2190)."""
    if token is not None and not token[:1].isdigit():
        tenant.wire.check_token(token)
        answer = yield from tenant.wire.ask(Call(operation=operation, path=token))
        return Page(_items(answer, read), tenant.wire.next_link(answer))
    skipped, first_before = _place(token)
    query = {"$top": str(_AT_ONCE), "$count": "true"} | ({"$skip": str(skipped)} if skipped else {})
    answer = yield from tenant.wire.ask(Call(operation=operation, path=path("places", kind), query=query))
    places = nodes(answer, "value")
    first = (text(places[0], "id") if places else None) or ""
    if skipped and first == first_before:
        return Page(())  # a server that does not know $skip begins anew
    return Page(_items(answer, read), _next(tenant, answer, (skipped, len(places)), first))


def _place(token: str | None) -> tuple[int, str]:
    """How many places were told, and which stood first on the page before."""
    number, _, first = (token or "0").partition(" ")
    if not (number.isascii() and number.isdigit()):
        raise refusal(Invalid, "the token is none of this list's", "give one that a page brought, or None")
    return int(number), first


def _next(tenant: Tenant, answer: Node, told_so_far: tuple[int, int], first: str) -> str | None:
    skipped, length = told_so_far
    link = tenant.wire.next_link(answer)
    if link is not None or not length:
        return link
    told, total = skipped + length, whole(answer, "@odata.count")
    more = length >= _AT_ONCE if total is None else told < total
    return f"{told} {first}" if more else None


def _items(answer: Node, read: Callable[[Node], T | None]) -> tuple[T, ...]:
    return tuple(found for each in nodes(answer, "value") if (found := read(each)) is not None)


def _room(place: Node) -> Room | None:
    """A room; None for one without an address, which nobody can book."""
    address = text(place, "emailAddress")
    if address is None:
        return None
    # The schema and a documented sample spell it differently.
    spelled = next((each for each in place if each.lower() == "iswheelchairaccessible"), "")
    said = place.get(spelled)
    floor = text(place, "floorLabel") or whole(place, "floorNumber")
    return Room(
        address=address,
        name=text(place, "displayName") or text(place, "nickname") or address,
        id=text(place, "id"),
        capacity=whole(place, "capacity"),
        building=text(place, "building"),
        floor=None if floor is None else str(floor),
        wheelchair_accessible=flag(place, spelled) if isinstance(said, bool) else None,
        equipment=tuple(device for each in _DEVICES if (device := text(place, each)) is not None),
        tags=texts(place, "tags"),
    )


def _room_list(place: Node) -> RoomList | None:
    address = text(place, "emailAddress")
    if address is None:
        return None
    name = text(place, "displayName") or address
    return RoomList(address=address, name=name, id=text(place, "id"))


def check_room(tenant: Tenant, address: str) -> Flow[None]:
    """Refuse an address that is no room's: Graph would write into a person's calendar as well.

    Raises:
        Invalid: It is none.
    """
    if not tenant.settings.verify_rooms:
        return
    try:
        place = yield from tenant.wire.ask(Call(operation="getPlace", path=path("places", address)))
    except NotFound as error:
        raise _no_room() from error
    if text(place, "@odata.type") not in {None, _ROOM}:
        raise _no_room()


def no_mailbox(error: NotFound | None, what: str) -> Invalid:
    """What to raise where a reservation names somebody without a mailbox.

    Args:
        error: Graph's.
        what: Which of the reservation's values.
    """
    refused = refusal(Invalid, f"Reservation.{what} is nobody's mailbox", "check the address", "book")
    if error is not None:
        refused.status, refused.code, refused.peer_request_id = (
            error.status,
            error.code,
            error.peer_request_id,
        )
    return refused


def refusing_no_mailbox(tenant: Tenant, flow: Flow[V]) -> Flow[V]:
    """Perform a flow whose values may name somebody without a mailbox, which is `Invalid` then."""
    try:
        return (yield from flow)
    except NotFound as error:
        if not faults.mailbox_missing(error):
            raise
        raise no_mailbox(error, "room" if tenant.rooms_organise else "organizer") from error


def _no_room() -> Invalid:
    return refusal(
        Invalid,
        "Reservation.room is no room's address",
        "rooms() lists those there are; a new one takes up to 48 hours to be listed, and verify_rooms=False "
        "books it before",
        "book",
    )
