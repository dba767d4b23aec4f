"""One attempt over real TLS, to where it may go and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hamilton_sdk.cli.receiver import Arrival, Receiver
from hamilton_sdk.cli.webhooks.sending import Sent, id_of, send
from hamilton_sdk.errors import AddressRefused, CertificateRejected, ConfigurationError, Invalid
from hamilton_sdk.flow import Response
from hamilton_sdk.testing.authority import Authority
from hamilton_sdk.testing.faults import Fault, FaultScript
from hamilton_sdk.testing.server import LoopbackServer
from hamilton_sdk.transport import Http
from hamilton_sdk.webhooks import Webhook
from hamilton_sdk.webhooks.events import RoomReleased, RoomReleaseData

HOOK = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
EVENT = RoomReleased(timestamp=datetime(2026, 3, 27, tzinfo=UTC), data=RoomReleaseData(room_id="R-1"))
BODY = EVENT.to_bytes()
HERE = ("127.0.0.0/8",)


@dataclass
class _Peer:
    url: str
    http: Http
    told: list[Arrival]
    faults: FaultScript


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[_Peer]:
    authority = Authority(tmp_path)
    told: list[Arrival] = []
    faults = FaultScript()
    with LoopbackServer(Receiver(HOOK, told.append, faults=faults), tls=authority.issue_server()) as server:
        yield _Peer(f"{server.url}/webhooks", Http(ca=authority.ca), told, faults)


def test_a_receiver_verifies_what_is_sent(peer: _Peer) -> None:
    sent = send(HOOK, peer.url, BODY, EVENT.id, http=peer.http, networks=HERE)
    assert sent.is_delivered
    assert sent.answer is not None
    assert (sent.id, sent.answer.status, sent.error, sent.hint) == (EVENT.id, 204, None, None)
    assert sent.milliseconds >= 0
    assert [arrival.event for arrival in peer.told] == [EVENT]


@pytest.mark.parametrize("status", [302, 410, 500])
def test_any_other_answer_is_no_delivery(peer: _Peer, status: int) -> None:
    peer.faults.add(Fault("status", status=status))
    sent = send(HOOK, peer.url, BODY, EVENT.id, http=peer.http, networks=HERE)
    assert sent.answer is not None
    assert (sent.answer.status, sent.is_delivered, sent.hint) == (status, False, None)


def test_a_cut_connection_is_told_with_its_hint(peer: _Peer) -> None:
    peer.faults.add(Fault("reset"))
    sent = send(HOOK, peer.url, BODY, EVENT.id, http=peer.http, networks=HERE)
    assert sent.error is not None
    assert (sent.answer, sent.is_delivered, sent.hint) == (None, False, sent.error.hint)


def test_a_private_address_is_refused_with_the_option_that_allows_it(peer: _Peer) -> None:
    sent = send(HOOK, peer.url, BODY, EVENT.id, http=peer.http)
    assert isinstance(sent.error, AddressRefused)
    assert sent.hint is not None
    assert "--allow 127.0.0.0/8" in sent.hint
    assert peer.told == []


def test_an_authority_that_is_not_trusted_is_refused_with_the_option_that_trusts_it(peer: _Peer) -> None:
    sent = send(HOOK, peer.url, BODY, EVENT.id, http=Http(), networks=HERE)
    assert isinstance(sent.error, CertificateRejected)
    assert sent.hint is not None
    assert sent.hint.endswith("--ca FILE")


@pytest.mark.parametrize("url", ["http://127.0.0.1/x", "https://a b/", "https://user:secret@127.0.0.1/"])
def test_what_is_no_address_of_an_endpoint_is_wrong_input(url: str) -> None:
    with pytest.raises(Invalid) as caught:
        send(HOOK, url, BODY, EVENT.id, http=Http(), networks=HERE)
    assert "secret" not in str(caught.value)


def test_what_is_no_network_is_wrong_input() -> None:
    with pytest.raises(ConfigurationError, match="--allow"):
        send(HOOK, "https://customer.example/", BODY, EVENT.id, http=Http(), networks=["10.0.0.1/8"])


def test_the_id_is_the_event_s_own_or_a_new_one() -> None:
    assert id_of(BODY) == EVENT.id
    assert id_of(b"hello").startswith("msg_")
    assert id_of(b"hello") != id_of(b"hello")


def test_without_an_answer_nothing_was_delivered() -> None:
    assert Sent("a", 1, None, None).is_delivered is False
    assert Sent("a", 1, Response(status=299), None).is_delivered is True
