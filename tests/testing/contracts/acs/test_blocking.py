"""The async connector behind the methods of the sync one."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from hamilton_sdk.acs.connector import AccessControl, AsyncAccessControl
from hamilton_sdk.acs.fake import FakeAccessControl
from hamilton_sdk.acs.models import AccessOrder, Credential, Holder
from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError, NotFound
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.testing.contracts.acs.blocking import BlockingAccessControl, Calls, activate_at_once

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 3, 27, 8, tzinfo=UTC)
WINDOW = TimeWindow(NOW, NOW + timedelta(hours=9))
BADGE = Credential("badge", "48213377")


def order(reference: str = "visit-1") -> AccessOrder:
    return AccessOrder(Holder(reference, "Quatremère"), ["Visitors"], WINDOW)


@pytest.fixture
def fake() -> FakeAccessControl:
    return FakeAccessControl(page_size=2)


@pytest.fixture
def acs(fake: FakeAccessControl) -> Iterator[BlockingAccessControl]:
    with BlockingAccessControl(AsyncAccessControl(fake, clock=SettableClock(NOW))) as opened:
        yield opened


def test_has_the_methods_and_arguments_of_the_sync_connector() -> None:
    for name, member in inspect.getmembers(Calls):
        if name.startswith("_") or not inspect.isfunction(member):
            continue
        for kind in (AccessControl, BlockingAccessControl):
            assert list(inspect.signature(getattr(kind, name)).parameters) == list(
                inspect.signature(member).parameters
            )


def test_each_method_reaches_the_system(acs: BlockingAccessControl, fake: FakeAccessControl) -> None:
    assert acs.capabilities == fake.capabilities
    assert acs.check().product == "FakeAccessControl"
    assert [each.name for each in acs.profiles()] == ["Visitors"]
    assert [each.name for each in acs.credential_types()] == ["Badge"]
    assert acs.reserve(order()).state == "reserved"
    full = order().model_copy(update={"credential": BADGE})
    assert acs.activate(full).state == "active"
    longer = TimeWindow(NOW, NOW + timedelta(hours=12))
    assert acs.extend("visit-1", longer).window == longer
    assert acs.suspend("visit-1", "Lost").state == "suspended"
    assert acs.resume("visit-1").state == "active"
    found = acs.find("visit-1")
    assert found is not None
    assert acs.find_by_credential(BADGE) == found
    assert [drift.kind for drift in acs.reconcile([full])] == ["window"]
    assert acs.revoke("visit-1", "Lost").state == "ended"
    assert acs.purge(NOW + timedelta(hours=1)) == ("visit-1",)
    assert acs.find("visit-1") is None


def test_errors_come_through(acs: BlockingAccessControl) -> None:
    with pytest.raises(NotFound):
        acs.revoke("visit-1")


def test_lists_come_item_by_item_and_page_by_page(acs: BlockingAccessControl) -> None:
    for name in "abcde":
        acs.reserve(order(name))
    assert [each.reference for each in acs.grants()] == list("abcde")
    assert [len(page.items) for page in acs.grants().pages()] == [2, 2, 1]


def test_a_list_can_be_left_and_resumed(acs: BlockingAccessControl) -> None:
    for name in "abcde":
        acs.reserve(order(name))
    grants = acs.grants()
    seen = []
    for page in grants.pages():
        seen += [each.reference for each in page.items]
        if len(seen) >= 4:
            break
    again = [each.reference for each in acs.grants(grants.token)]
    assert again == ["c", "d", "e"], "the page that was not left behind comes again"


def test_an_empty_list_is_empty(acs: BlockingAccessControl) -> None:
    assert list(acs.grants()) == []


class Closing(AsyncAccessControl):
    """Counts how often it is closed, and fails at it."""

    closed = 0

    async def close(self) -> None:
        await super().close()
        self.closed += 1
        raise ConfigurationError("no end")


def test_connector_and_event_loop_are_closed_at_the_end(fake: FakeAccessControl) -> None:
    """The loop also when the connector fails to close."""
    connector = Closing(fake, clock=SettableClock(NOW))
    blocking = BlockingAccessControl(connector)
    with pytest.raises(ConfigurationError, match="no end"), blocking:
        assert blocking.check().version == "1"
    assert connector.closed == 1
    with pytest.raises(RuntimeError, match="closed"):
        blocking._loop.get_loop()


@pytest.mark.parametrize("asynchronous", [False, True])
def test_several_orders_at_once(fake: FakeAccessControl, asynchronous: bool) -> None:
    clock = SettableClock(NOW)
    connector = (
        BlockingAccessControl(AsyncAccessControl(fake, clock=clock))
        if asynchronous
        else AccessControl(fake, clock=clock)
    )
    with connector as acs:
        grants = activate_at_once(acs, [order(name) for name in "abc"])
    assert [grant.reference for grant in grants] == ["a", "b", "c"]
    assert len(fake.grants_now()) == 3
