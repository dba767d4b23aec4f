"""Places: rooms and room lists, a hundred at a time and often without a word that there are more."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from hamilton_sdk.testing.simulators.graph.errors import Refused
from hamilton_sdk.testing.simulators.graph.options import check_options
from hamilton_sdk.testing.simulators.graph.wire import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamilton_sdk.testing.simulators.graph.settings import Switches
    from hamilton_sdk.testing.simulators.graph.state import Mailbox, Tenant
    from hamilton_sdk.testing.simulators.graph.wire import Call, Document

__all__ = ["Places"]

_LARGEST_PAGE = 999


class Places:
    """The directory of rooms.

    Args:
        tenant: Holds the rooms' mailboxes.
        lists: Names of room lists by address, and the rooms' addresses in each.
        switches: How many stand on a page.
    """

    def __init__(
        self, tenant: Tenant, lists: Mapping[str, tuple[str, tuple[str, ...]]], switches: Switches
    ) -> None:
        self._tenant = tenant
        self._lists = {address.lower(): (address, *entry) for address, entry in lists.items()}
        self._switches = switches

    def answer(self, call: Call, path: tuple[str, ...]) -> Reply:
        """GET /places/… of rooms, lists, the rooms of a list, or one.

        Raises:
            Refused: There is no such place.
        """
        check_options(call, {"$top", "$skip", "$count", "$select"})
        # Both ways of naming a type are taken: msgraph-sdk writes `graph.room`.
        match [each.lower().removeprefix("microsoft.") for each in path]:
            case ["graph.room"]:
                return self._page(call, "room", [self._room(each) for each in self._rooms()])
            case ["graph.roomlist"]:
                return self._page(call, "roomList", [self._list(each) for each in self._lists])
            case [address, "graph.roomlist", "rooms"] if address in self._lists:
                among = {each.lower() for each in self._lists[address][2]}
                rooms = [each for each in self._rooms() if each.address.lower() in among]
                return self._page(call, "room", [self._room(each) for each in rooms])
            case [key]:
                return Reply(200, self._one(key))
            case _:
                raise _unknown()

    def _rooms(self) -> list[Mailbox]:
        return [each for each in self._tenant.mailboxes.values() if each.kind == "room"]

    def _one(self, key: str) -> Document:
        for room in self._rooms():
            document = self._room(room)
            if key in (room.address.lower(), document["id"]):
                return {"@odata.type": "#microsoft.graph.room", **document}
        if key in self._lists:
            return {"@odata.type": "#microsoft.graph.roomList", **self._list(key)}
        raise _unknown()

    def _page(self, call: Call, kind: str, places: list[Document]) -> Reply:
        skip = call.number("$skip", 0, 10**9)
        top = call.number("$top", self._switches.places_page, _LARGEST_PAGE)
        document: Document = {
            "@odata.context": f"{call.base}/v1.0/$metadata#places/microsoft.graph.{kind}",
            "value": places[skip : skip + top],
        }
        if call.query.get("$count", "").lower() == "true":
            document["@odata.count"] = len(places)
        return Reply(200, document)

    @staticmethod
    def _room(mailbox: Mailbox) -> Document:
        return {
            "id": _place_id(mailbox.address),
            "displayName": mailbox.name,
            "emailAddress": mailbox.address,
            "nickname": mailbox.name,
            "address": None,
            "geoCoordinates": None,
            "phone": "",
            "label": None,
            "capacity": None,
            "building": None,
            "floorNumber": None,
            "floorLabel": None,
            "isWheelChairAccessible": False,
            "bookingType": "standard",
            "tags": [],
            "audioDeviceName": None,
            "videoDeviceName": None,
            "displayDeviceName": None,
            **mailbox.room,
        }

    def _list(self, address: str) -> Document:
        shown, name, _ = self._lists[address]
        return {
            "id": _place_id(shown),
            "displayName": name,
            "emailAddress": shown,
            "address": None,
            "phone": "",
        }


def _place_id(address: str) -> str:
    """Another GUID than that of the mailbox."""
    return str(uuid5(NAMESPACE_URL, f"place:{address.lower()}"))


def _unknown() -> Refused:
    return Refused(404, "ResourceNotFound", "The place was not found.")
