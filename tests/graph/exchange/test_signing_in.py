"""Getting in at the simulated tenant, by secret and by certificate, and what is told where that fails."""

from __future__ import annotations

import asyncio

import pytest

from hamilton_sdk.clock import SystemClock
from hamilton_sdk.errors import Unauthorized
from hamilton_sdk.graph import AsyncCalendar, Calendar, ClientCertificate, ClientSecret, Graph
from hamilton_sdk.testing.faults import Fault
from hamilton_sdk.testing.simulators.graph import GraphSimulator
from tests.graph.exchange.entra import Changing, certificate_pem, key_pem

CERTIFICATE = ClientCertificate(key_pem(), certificate_pem())


def graph(simulator, credential=None, **more):
    entra = simulator.entra
    given = {"tenant_id": entra.tenant_id, "client_id": entra.client_id, **more}
    return Graph(credential=credential or ClientSecret(entra.client_secret), **given)


def rooms(simulator, credential=None, **more):
    with Calendar(graph(simulator, credential, **more), transport=simulator, clock=SystemClock()) as calendar:
        return [room.name for room in calendar.rooms()]


@pytest.mark.parametrize("credential", [None, CERTIFICATE])
@pytest.mark.parametrize("where", [{}, {"url": "http://127.0.0.1:1", "login_url": "http://127.0.0.1:1"}])
def test_an_application_gets_in(credential, where):
    simulator = GraphSimulator(certificates=[CERTIFICATE.thumbprint_sha256])
    assert "Ampere" in rooms(simulator, credential, **where)


@pytest.mark.parametrize(
    ("more", "credential", "code"),
    [
        ({}, ClientSecret("wrong"), "AADSTS7000215"),
        ({"client_id": "another"}, None, "AADSTS700016"),
        ({"tenant_id": "another.example"}, None, "AADSTS90002"),
        ({}, ClientCertificate(key_pem("second"), certificate_pem("second")), "AADSTS700027"),
    ],
)
def test_what_is_wrong_is_told(more, credential, code):
    simulator = GraphSimulator(certificates=[CERTIFICATE.thumbprint])
    with pytest.raises(Unauthorized) as caught:
        rooms(simulator, credential, **more)
    assert caught.value.code == code
    assert caught.value.hint


def test_an_expired_secret_is_replaced_while_it_runs():
    simulator, source = GraphSimulator(), Changing("simulated-secret")
    simulator.entra.secret_expired = True
    with Calendar(graph(simulator, ClientSecret(source)), transport=simulator) as calendar:
        with pytest.raises(Unauthorized) as caught:
            list(calendar.rooms())
        assert caught.value.code == "AADSTS7000222"
        simulator.entra.secret_expired = False
        simulator.entra.client_secret = source.value = "the new one"
        assert list(calendar.rooms())


async def test_many_callers_get_in_by_one_token():
    simulator = GraphSimulator()
    async with AsyncCalendar(graph(simulator), transport=simulator) as calendar:

        async def look() -> int:
            return len([room async for room in calendar.rooms()])

        assert await asyncio.gather(*(look() for _ in range(8))) == [3] * 8
        simulator.entra.revoke()
        assert await asyncio.gather(*(look() for _ in range(8))) == [3] * 8
    assert len(simulator.entra._issued) == 2


def test_a_log_in_that_fails_once_is_tried_again():
    simulator = GraphSimulator()
    simulator.faults.add(Fault("status", status=503), "token")
    assert "Ampere" in rooms(simulator)
