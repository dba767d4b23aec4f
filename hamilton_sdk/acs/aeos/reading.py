"""What only looks: finding grants, listing them, comparing, and asking the server how it is. Flows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hamilton_sdk.acs.aeos import holders, lists, messages, tokens
from hamilton_sdk.acs.aeos.site import refusal
from hamilton_sdk.acs.aeos.state import grant
from hamilton_sdk.acs.aeos.values import BADGE_NUMBER_LIMIT, personnel_no
from hamilton_sdk.acs.aeos.wire import both, several
from hamilton_sdk.acs.models import Health
from hamilton_sdk.acs.reconcile import compare
from hamilton_sdk.errors import Forbidden, Invalid, Unsupported
from hamilton_sdk.flow import Now, Page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from hamilton_sdk.acs.aeos.lists import Lists
    from hamilton_sdk.acs.aeos.records import Visitor
    from hamilton_sdk.acs.aeos.site import Site
    from hamilton_sdk.acs.models import AccessGrant, AccessOrder, Credential, Drift
    from hamilton_sdk.flow import Flow

__all__ = ["check", "find", "find_by_credential", "grants_page", "reconcile"]

_PAGE: Final = 100
"""Grants on a page: each needs three more requests."""


def find(site: Site, reference: str) -> Flow[AccessGrant | None]:
    """See `AccessControlAdapter.find`."""
    mark = personnel_no(site.settings.reference_prefix, reference)
    found, known = yield from both(holders.find(site, mark), lists.read_lists(site))
    return (yield from _grant(site, found[0], known)) if found else None


def find_by_credential(site: Site, credential: Credential) -> Flow[AccessGrant | None]:
    """See `AccessControlAdapter.find_by_credential`. Where nothing says the type, all types are searched."""
    if len(credential.number) > BADGE_NUMBER_LIMIT:
        return None  # AEOS keeps no such number, so nobody has it; asked for, it would be refused
    known = yield from lists.read_lists(site)
    configured = site.settings.type_for(credential.kind)
    kind = known.type_of(credential, configured) if credential.type or configured else None
    for token in (yield from tokens.find(site, kind, credential.number)):
        visitor = (
            None if token.carrier_id is None else (yield from holders.find_by_id(site, token.carrier_id))
        )
        if visitor is not None:
            return (yield from _grant(site, visitor, known))
    return None


def _grant(site: Site, visitor: Visitor, known: Lists) -> Flow[AccessGrant | None]:
    present = yield from holders.snapshot_if_there(site, visitor)
    now: datetime = yield Now()
    return None if present is None else grant(site, present, known, now)


def _grants(site: Site, found: Sequence[Visitor], known: Lists) -> Flow[list[AccessGrant]]:
    present = yield from several(tuple(holders.snapshot_if_there(site, each) for each in found))
    now: datetime = yield Now()
    return [grant(site, each, known, now) for each in present if each is not None]


def grants_page(site: Site, token: str | None) -> Flow[Page[AccessGrant]]:
    """See `AccessControlAdapter.grants_page`.

    The token holds the offset of the page and the id that the page before began with: a server that ignores
    offsets gives the same page again, and that is the end.
    """
    offset, before = (0, None) if token is None else _position(token)
    size = min(_PAGE, site.wire.page_size)
    criteria = {"PersonnelNo": site.settings.reference_prefix}
    batch, known = yield from both(
        site.wire.call(messages.find_visitors(criteria, offset, size)), lists.read_lists(site)
    )
    if not batch.items or batch.items[0].id == before:
        return Page(items=())
    ours = [each for each in batch.items if holders.is_ours(site, each)]
    grants = yield from _grants(site, ours, known)
    last = batch.is_last(offset, size)
    following = f"{_TOKEN}-{offset + len(batch.items)}-{batch.items[0].id}"
    return Page(items=tuple(grants), next=None if last else following)


_TOKEN: Final = "aeos"  # noqa: S105 (a page token, no secret)


def _position(token: str) -> tuple[int, int]:
    name, _, numbers = token.partition("-")
    offset, _, first = numbers.partition("-")
    if name != _TOKEN or not all(each.isascii() and each.isdigit() for each in (offset, first)):
        message = "this is no page token of this adapter"
        raise refusal(
            Invalid, message, "give the `next` of a page that came before, unchanged", "grants_page"
        )
    return int(offset), int(first)


def reconcile(site: Site, expected: Sequence[AccessOrder], resolution: timedelta) -> Flow[tuple[Drift, ...]]:
    """See `AccessControlAdapter.reconcile`.

    Orders are compared as AEOS can keep them: an end inside an hour that the clock repeats is sent earlier,
    which is no difference.
    """
    kept = [order.model_copy(update={"window": site.local.kept(order.window)}) for order in expected]
    known = yield from lists.read_lists(site)
    found = yield from holders.find_marked(site)
    grants = yield from _grants(site, found, known)
    now: datetime = yield Now()
    return compare(
        kept,
        grants,
        now,
        resolution,
        profiles={str(each.id): each.name for each in known.templates},
        types={str(each.id): each.name for each in known.types},
    )


def check(site: Site) -> Flow[Health]:
    """See `AccessControlAdapter.check`.

    The version needs no right; the searches that follow need those of the account's role, and what is refused
    stands in the details.
    """
    version = yield from site.wire.call(messages.get_version())
    details = [f"web service {version.interface}, build {version.build}"]
    probes: list[tuple[str, Flow[object]]] = [
        ("access profiles", lists.read_templates(site)),
        ("credential types", lists.read_types(site)),
        ("reasons for blocking", site.wire.call(messages.find_block_reasons())),
        (
            "visitors",
            site.wire.call(messages.find_visitors({"PersonnelNo": site.settings.reference_prefix}, 0, 1)),
        ),
        ("the unit", lists.read_unit(site)),
        ("the free field", lists.read_free_field(site)),
    ]
    if site.settings.strategy == "visit":
        probes.append(("visits", site.wire.call(messages.find_visits(0, 0, 1))))
        if site.settings.default_host is not None:
            probes.append(("the default host", holders.find_host(site, site.settings.default_host)))
    for what, probe in probes:
        trouble = yield from _trouble(probe)
        if trouble is not None:
            details.append(f"{what}: {trouble}")
    return Health(product="Nedap AEOS", version=version.aeos, details=tuple(details))


def _trouble(probe: Flow[object]) -> Flow[str | None]:
    try:
        yield from probe
    except (Forbidden, Unsupported, Invalid) as error:
        return f"{error.message} ({error.hint})"
    return None
