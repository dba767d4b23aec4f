"""Our visitors: finding them by mark, making them once, changing and deleting them. Flows.

The mark is the beginning of PersonnelNo, and the only thing that tells our visitors from everybody else.
Searches match beginnings and may ignore case, so every result is compared exactly before anything is done
with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.acs.aeos import messages, tokens
from hamilton_sdk.acs.aeos.rights import rights_of
from hamilton_sdk.acs.aeos.site import refusal, unless_already
from hamilton_sdk.acs.aeos.state import Snapshot
from hamilton_sdk.acs.aeos.wire import both
from hamilton_sdk.errors import (
    Conflict,
    ConnectorError,
    Forbidden,
    Interrupted,
    Invalid,
    NotFound,
    ServerFailed,
    Unsupported,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hamilton_sdk.acs.aeos.records import Visitor
    from hamilton_sdk.acs.aeos.site import Site
    from hamilton_sdk.acs.aeos.soap import Content
    from hamilton_sdk.flow import Flow

__all__ = [
    "create",
    "dismantle",
    "find",
    "find_by_id",
    "find_host",
    "find_marked",
    "is_ours",
    "snapshot",
    "snapshot_if_there",
]

_VISITOR: Final = "Visitor"


def is_ours(site: Site, visitor: Visitor) -> bool:
    """Whether a carrier is a visitor that carries our mark, and a reference behind it."""
    prefix = site.settings.reference_prefix
    number = visitor.personnel_no
    return visitor.carrier_type in {None, _VISITOR} and number.startswith(prefix) and number != prefix


def find(site: Site, mark: str) -> Flow[list[Visitor]]:
    """All visitors of ours with exactly this PersonnelNo, by id: one, unless two processes raced."""
    found = yield from site.wire.every(
        lambda offset, size: messages.find_visitors({"PersonnelNo": mark}, offset, size)
    )
    ours = [each for each in found if each.personnel_no == mark and is_ours(site, each)]
    return sorted(ours, key=lambda each: each.id)


def find_marked(site: Site) -> Flow[list[Visitor]]:
    """All visitors of ours."""
    prefix = site.settings.reference_prefix
    found = yield from site.wire.every(
        lambda offset, size: messages.find_visitors({"PersonnelNo": prefix}, offset, size)
    )
    return [each for each in found if is_ours(site, each)]


def find_by_id(site: Site, carrier_id: int) -> Flow[Visitor | None]:
    """A visitor of ours by carrier id; None where the carrier is somebody else."""
    batch = yield from site.wire.call(messages.find_visitors({"Id": carrier_id}, 0, site.wire.page_size))
    return next((each for each in batch.items if each.id == carrier_id and is_ours(site, each)), None)


def find_host(site: Site, number: str) -> Flow[int]:
    """The carrier id of a host.

    Raises:
        Invalid: No person who is not a visitor has exactly this personnel number, or several have.
    """
    found = yield from site.wire.every(lambda offset, size: messages.find_persons(number, offset, size))
    hosts = [each for each in found if each.personnel_no == number and each.carrier_type != _VISITOR]
    if not hosts:
        message = "the host is not known: no employee has exactly this personnel number"
        raise refusal(
            Invalid, message, "give the number as AEOS shows it; e-mail addresses cannot be searched"
        )
    if len(hosts) > 1:
        message = "several persons have the host's personnel number"
        raise refusal(Invalid, message, "make personnel numbers unique in AEOS")
    return hosts[0].id


def snapshot(site: Site, visitor: Visitor) -> Flow[Snapshot]:
    """Read everything that stands for a visitor.

    Raises:
        NotFound: The visitor was deleted since it was found.
    """
    try:
        (held, carrier), found = yield from both(
            both(rights_of(site).read(visitor.id), site.wire.call(messages.carrier_states(visitor.id))),
            tokens.held(site, visitor.id),
        )
    except ServerFailed as error:
        # The fault names the call, not the cause: "not found" must be true before it is said.
        if error.code is None or (yield from find_by_id(site, visitor.id)) is not None:
            raise
        message = "the holder was deleted meanwhile"
        raise refusal(NotFound, message, "repeat the call", error.operation) from error
    return Snapshot(visitor, held, carrier, found)


def snapshot_if_there(site: Site, visitor: Visitor) -> Flow[Snapshot | None]:
    """The same; None where the visitor was deleted since it was found."""
    try:
        return (yield from snapshot(site, visitor))
    except NotFound:
        return None


def create(site: Site, mark: str, values: Mapping[str, Content]) -> Flow[Visitor]:
    """Make a visitor, or take over the one that an unknown outcome left."""

    def lookup() -> Flow[Visitor | None]:
        found = yield from find(site, mark)
        return found[0] if found else None

    return (yield from site.wire.create(messages.add_visitor(values), lookup))


def dismantle(site: Site, visitor_id: int) -> Flow[None]:
    """Take everything from a visitor and delete it: credentials, rights, then the visitor itself.

    The visitor stays while a credential is in its hands, so that it can be found and dismantled again. That
    it is gone already is success.
    """

    def gone() -> Flow[bool]:
        batch = yield from site.wire.call(messages.find_visitors({"Id": visitor_id}, 0, 1))
        return not any(each.id == visitor_id for each in batch.items)

    return unless_already(_dismantle(site, visitor_id, gone), gone)


def _dismantle(site: Site, visitor_id: int, gone: Callable[[], Flow[bool]]) -> Flow[None]:
    failure: ConnectorError | None = None
    withheld: ConnectorError | None = None
    try:
        for token in (yield from tokens.held(site, visitor_id)):
            yield from tokens.withdraw(site, visitor_id, token, None)
    except Interrupted:
        raise
    except ConnectorError as error:
        failure = error
    try:
        yield from rights_of(site).drop(visitor_id)
    except (Forbidden, Unsupported) as error:
        # Without a licence for visits there are none, and the visitor can be removed.
        withheld = error
    except Interrupted:
        raise
    except ConnectorError as error:
        failure = failure or error
    if failure is not None:
        raise failure
    try:
        yield from unless_already(site.wire.call(messages.remove_visitor(visitor_id)), gone)
    except Conflict as error:
        if withheld is None:
            raise
        raise withheld from error  # there are some, then
