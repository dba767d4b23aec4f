"""What the README and the how-to show for a customer's server works, tried on a simulated one."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hamilton_sdk.flow import Flow, Now, Request, Response
from hamilton_sdk.model import TimeWindow
from hamilton_sdk.secrets import SecretBox
from hamilton_sdk.testing.simulators import AeosSimulator, GraphSimulator
from hamilton_sdk.webhooks import Webhook
from hamilton_sdk.webhooks.events import Event

ROOT = Path(__file__).parent.parent
CUSTOMERS = 'Http(ca="customer-authority.pem")'


def blocks(page: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def simulator() -> AeosSimulator:
    made = AeosSimulator(username="hamilton", password="...")
    made.add_employee("Host", personnel_number="10042")
    return made


@pytest.fixture
def tenant() -> GraphSimulator:
    people = ["zoe.durand@customer.example"]
    return GraphSimulator(rooms=["blue@customer.example"], people=people, room_lists={})


def run(code: str, simulator: AeosSimulator, **names: object) -> dict[str, object]:
    """Run a page's code with the simulator in the place of the customer's server."""
    assert CUSTOMERS in code or "Http" not in code
    space: dict[str, object] = {"simulator": simulator, **names}
    exec(code.replace(CUSTOMERS, "simulator"), space)  # noqa: S102 (our own page)
    return space


def test_the_readmes_visitor_comes_and_goes(simulator):
    code = next(block for block in blocks("README.md") if "Aeos(" in block)
    arrival, departure = re.split(r"(?=    acs\.revoke)", code)
    assert "acs.revoke" in departure
    run(arrival, simulator)
    assert [each.number for each in simulator.open_credentials(_now())] == ["48213377"]
    run(code, simulator)
    assert simulator.open_credentials(_now()) == []


class _Customer:
    """Verifies what comes with the secret that the README's program got."""

    def __init__(self, space: dict[str, object]) -> None:
        self.arrived: list[Event] = []
        self._space = space

    def respond(self, request: Request) -> Flow[Response]:
        now: datetime = yield Now()
        hook = Webhook(self._space["endpoint"].secret)
        self.arrived.append(hook.verify(request.body, request.headers, now).event())
        return Response(status=204)


def test_the_readmes_webhook_is_verified(capsys):
    code = next(block for block in blocks("README.md") if "hook.verify" in block)
    exec(code, {})  # noqa: S102 (our own page)
    assert capsys.readouterr().out == "HV-2026-000123\n"


def test_the_readmes_event_is_delivered(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HAMILTON_KEY", SecretBox.new_key())
    code = next(block for block in blocks("README.md") if "Dispatcher(outbox)" in block)
    space: dict[str, object] = {}
    space["customer"] = customer = _Customer(space)
    exec(code.replace("Dispatcher(outbox)", "Dispatcher(outbox, transport=customer)"), space)  # noqa: S102
    space["connection"].close()
    assert customer.arrived == [space["event"]]


def _with_tenant(code: str, tenant: GraphSimulator) -> dict[str, object]:
    """Run a page's code with a simulated tenant in the place of the customer's."""
    for name, value in (
        ("tenant_id=", tenant.entra.tenant_id),
        ("client_id=", tenant.entra.client_id),
        ("ClientSecret(", tenant.entra.client_secret),
    ):
        assert f'{name}"..."' in code
        code = code.replace(f'{name}"..."', f'{name}"{value}"')
    space: dict[str, object] = {"tenant": tenant}
    exec(code.replace("Calendar(graph)", "Calendar(graph, transport=tenant)"), space)  # noqa: S102 (our own page)
    return space


def test_the_readmes_room_is_booked_and_freed(tenant, capsys):
    code = next(block for block in blocks("README.md") if "Graph(" in block)
    space = _with_tenant(code, tenant)
    assert space["booking"].state == "confirmed"
    assert space["cursor"]
    assert tenant.outlook.events("blue@customer.example") == []
    assert capsys.readouterr().out.startswith("changed reference='HM-2026-000042'")


def test_the_readmes_room_may_be_taken(tenant, capsys):
    code = next(block for block in blocks("README.md") if "Graph(" in block)
    asking, _ = re.split(r"(?=    changes = )", code)
    month = TimeWindow(_now(), _now() + timedelta(days=30))
    tenant.outlook.book("blue@customer.example", month.start, month.end)
    _with_tenant(asking, tenant)
    assert repr(month) in capsys.readouterr().out


def test_the_how_tos_connector_finds_its_way(simulator, capsys):
    connect, look = [
        block for block in blocks("docs/how-to/access-control.md") if "Aeos" in block or "check()" in block
    ]
    space = run(connect, simulator)
    run(look, simulator, acs=space["acs"])
    space["acs"].close()
    assert "Visitors" in capsys.readouterr().out


def _now() -> datetime:
    return datetime.now(UTC)
