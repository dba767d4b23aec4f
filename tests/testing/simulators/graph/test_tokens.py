"""The token endpoint: MSAL gets tokens by secret and by certificate, or is told precisely why not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msal
import pytest

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.flow import Request, Safety
from hamilton_sdk.serving import answer
from hamilton_sdk.testing.simulators.graph import GraphSimulator
from tests.testing.simulators.graph.certificate import pem, thumbprint
from tests.testing.simulators.graph.client import NOW, ROOM, Client

LOGIN = "https://login.microsoftonline.com"
SCOPE = "https://graph.microsoft.com/.default"


class _Answer:
    def __init__(self, status: int, text: str, headers: Any) -> None:
        self.status_code, self.text, self.headers = status, text, headers

    def raise_for_status(self) -> None:
        if self.status_code >= 400:
            raise RuntimeError(self.text)


class _Http:
    """MSAL's own seam for HTTP, straight into the simulator."""

    def __init__(self, simulator: GraphSimulator) -> None:
        self.simulator = simulator
        self.calls = 0

    def _send(self, method: str, url: str, body: bytes) -> _Answer:
        self.calls += 1
        request = Request(method=method, url=url, operation="?", safety=Safety.UNSAFE, body=body)
        # MSAL signs its assertions with the machine's own time.
        found = answer(self.simulator, request, SettableClock(datetime.now(UTC)))
        return _Answer(found.status, found.text(), found.headers)

    def post(self, url: str, data: Any = None, **_: Any) -> _Answer:
        return self._send("POST", url, urlencode(data).encode())

    def get(self, url: str, **_: Any) -> _Answer:
        return self._send("GET", url, b"")

    def close(self) -> None:
        """Nothing to give back."""


def _acquire(simulator: GraphSimulator, credential: Any, client_id: str | None = None) -> dict[str, Any]:
    application = msal.ConfidentialClientApplication(
        client_id or simulator.entra.client_id,
        client_credential=credential,
        authority=f"{LOGIN}/{simulator.entra.tenant_id}",
        instance_discovery=False,
        http_client=_Http(simulator),
    )
    return application.acquire_token_for_client([SCOPE])


def _certificate() -> dict[str, str]:
    return {"private_key": pem(), "thumbprint": thumbprint()}


def test_msal_gets_a_token_by_secret_that_graph_takes():
    simulator = GraphSimulator()
    client = Client(simulator, datetime.now(UTC))
    client.token = _acquire(simulator, simulator.entra.client_secret)["access_token"]

    assert client.get(f"users/{ROOM}/events").status == 200


@pytest.mark.parametrize("known", [None, [thumbprint()]])
def test_msal_gets_a_token_by_certificate(known):
    found = _acquire(GraphSimulator(certificates=known), _certificate())

    assert (found["token_type"], found["expires_in"]) == ("Bearer", 3599)


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        (lambda one: _acquire(one, "wrong"), [7000215]),
        (lambda one: _acquire(one, one.entra.client_secret, "another"), [700016]),
    ],
)
def test_msal_is_told_why_not(make, codes):
    assert make(GraphSimulator())["error_codes"] == codes


def test_an_unknown_certificate_is_refused():
    assert _acquire(GraphSimulator(certificates=["00" * 20]), _certificate())["error_codes"] == [700027]


def test_an_expired_secret_is_refused():
    simulator = GraphSimulator()
    simulator.entra.secret_expired = True

    found = _acquire(simulator, simulator.entra.client_secret)

    assert (found["error"], found["error_codes"]) == ("invalid_client", [7000222])


def _ask(tenant: str | None = None, **form: str) -> tuple[int, int]:
    simulator = GraphSimulator()
    entra = simulator.entra
    whole = {
        "grant_type": "client_credentials",
        "client_id": entra.client_id,
        "client_secret": entra.client_secret,
        "scope": SCOPE,
        **form,
    }
    url = f"{LOGIN}/{tenant or entra.tenant_id}/oauth2/v2.0/token"
    reply = Client(simulator).ask("POST", url, urlencode(whole).encode())
    return reply.status, reply.json["error_codes"][0]


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ({"grant_type": "password"}, 400, 70003),
        ({"scope": "User.Read"}, 400, 1002012),
        ({"tenant": "other"}, 400, 90002),
        ({"client_assertion": "no.such"}, 401, 50027),
        ({"client_assertion": "e30.e30.e30", "client_assertion_type": "x"}, 401, 700023),
    ],
)
def test_requests_that_are_wrong_are_told_apart(form, status, code):
    assert _ask(**form) == (status, code)


def test_an_assertion_must_be_for_this_endpoint_and_in_time():
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

    from hamilton_sdk.testing.simulators.graph.tokens import sign

    simulator = GraphSimulator()
    entra = simulator.entra
    key = generate_private_key(public_exponent=65537, key_size=2048)
    audience = f"{LOGIN}/{entra.tenant_id}/oauth2/v2.0/token"
    good = {"aud": audience, "iss": entra.client_id, "sub": entra.client_id, "exp": NOW.timestamp() + 60}
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    for claims, code in (({"aud": "x"}, 700023), ({"iss": "x"}, 700023), ({"exp": 1}, 700024)):
        text = sign(key, "k", {**good, **claims})
        assert _ask(client_assertion=text, client_assertion_type=kind) == (401, code)


def test_discovery_names_this_host_for_the_tenant_and_for_all():
    client = Client(GraphSimulator())
    tenant = client.simulator.entra.tenant_id
    own = client.get(f"{LOGIN}/{tenant}/v2.0/.well-known/openid-configuration").json
    common = client.get(f"{LOGIN}/common/.well-known/openid-configuration").json

    assert own["token_endpoint"] == f"{LOGIN}/{tenant}/oauth2/v2.0/token"
    assert own["issuer"] == f"{LOGIN}/{tenant}/v2.0"
    assert common["issuer"] == f"{LOGIN}/{{tenantid}}/v2.0"
    assert client.get(f"{LOGIN}/other/v2.0/.well-known/openid-configuration").status == 400
    assert client.get(f"{LOGIN}/common/discovery/instance").status == 200
    assert client.get(f"{LOGIN}/common/discovery/nothing").status == 404


@pytest.mark.parametrize("spoil", ["absent", "unknown", "revoked", "over"])
def test_a_bad_token_is_not_let_in(spoil):
    client = Client(GraphSimulator())
    headers = {}
    if spoil == "absent":
        headers["authorization"] = ""
    elif spoil == "unknown":
        headers["authorization"] = "Bearer x"
    elif spoil == "revoked":
        client.simulator.entra.revoke()
    else:
        client.clock.advance(timedelta(hours=1).total_seconds())

    reply = client.get(f"users/{ROOM}/events", **headers)

    assert (reply.status, reply.code) == (401, "InvalidAuthenticationToken")
