"""What a delivery may reach, and what it may say: judged before anything is dialled, and as it is dialled."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from ipaddress import ip_network

import pytest

from hamilton_sdk.clock import SystemClock
from hamilton_sdk.errors import (
    AddressRefused,
    ConfigurationError,
    ConnectionFailed,
    Invalid,
    NameNotResolved,
    Outcome,
)
from hamilton_sdk.flow import Response
from hamilton_sdk.testing.authority import Identity
from hamilton_sdk.transport import Http, Timeouts
from hamilton_sdk.transport.guarded import (
    AsyncGuardedTransport,
    GuardedTransport,
    open_guarded_async_transport,
    open_guarded_transport,
)
from tests.transport.conftest import post
from tests.transport.delivering import HERE, NAME, DeliveryWay, resolving
from tests.transport.servers import (
    listening,
    ok,
    replying,
    server_context,
)

Answering = Callable[[socket.socket], None]


class TestWhatIsSent:
    def test_a_delivery_arrives_as_it_was_given(self, delivery: DeliveryWay, receiving, ca: str) -> None:
        requests: list[bytes] = []
        with receiving(replying(ok(b"fine", b"X-Kind: a", b"x-kind: b"), requests=requests)) as port:
            answer = delivery.send(
                post(f"https://{NAME}:{port}/in?x=a%20b", b'{"id": 1}', headers={"webhook-id": "msg_1"}),
                ca=ca,
            )
        assert answer == Response(200, {"content-length": "4", "x-kind": "a, b"}, b"fine")
        head, _, body = requests[0].partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        assert body == b'{"id": 1}'
        assert lines[:2] == [b"POST /in?x=a%20b HTTP/1.1", b"Host: %s:%d" % (NAME.encode(), port)]
        assert {b"webhook-id: msg_1", b"Content-Length: 9", b"Accept: */*"} <= set(lines)
        assert any(line.startswith(b"User-Agent: hamilton-apps-sdk/") for line in lines)

    def test_nothing_packed_is_asked_for(self, delivery: DeliveryWay, receiving, ca: str) -> None:
        requests: list[bytes] = []
        with receiving(replying(ok(), requests=requests)) as port:
            delivery.send(post(f"https://{NAME}:{port}/"), ca=ca)
        assert [line for line in requests[0].split(b"\r\n") if b"ncoding" in line] == [
            b"Accept-Encoding: identity"
        ]

    def test_the_name_is_asked_of_the_certificate_and_sent_as_server_name(
        self, delivery: DeliveryWay, receiver: Identity, ca: str
    ) -> None:
        names: list[str | None] = []
        context = server_context(receiver)
        context.sni_callback = lambda _socket, name, _context: names.append(name)
        requests: list[bytes] = []
        with listening(replying(ok(), requests=requests), context) as port:
            delivery.send(post(f"https://{NAME}.:{port}/"), ca=ca)
        assert names == [NAME]  # a name's last dot is none of a certificate's
        assert b"Host: %s.:%d\r\n" % (NAME.encode(), port) in requests[0]

    def test_the_users_agent_wins(self, delivery: DeliveryWay, receiving, ca: str) -> None:
        requests: list[bytes] = []
        with receiving(replying(ok(), requests=requests)) as port:
            delivery.send(post(f"https://{NAME}:{port}/", headers={"user-agent": "mine"}), ca=ca)
        assert requests[0].lower().count(b"user-agent") == 1

    @pytest.mark.parametrize(
        "headers",
        [
            {"X-Token": "secret\r\nX-Injected: 1"},
            {"X-Token\r\nX-Injected": "secret"},
            {"X-Token": "s\u00e9cret"},
            {"Transfer-Encoding": "chunked"},
            {"Host": "localhost"},
        ],
        ids=["value", "name", "accent", "framing", "host"],
    )
    def test_a_header_that_injects_or_frames_is_invalid_before_anything_is_dialled(
        self, delivery: DeliveryWay, watched, headers: dict[str, str]
    ) -> None:
        port, connections = watched
        with pytest.raises(Invalid) as caught:
            delivery.send(post(f"https://127.0.0.1:{port}/", headers=headers))
        assert "cret" not in f"{caught.value}{caught.value.hint}{caught.value.__cause__}"
        assert connections == []


class TestWhatIsReached:
    @pytest.mark.parametrize(
        ("answers", "what"),
        [
            (["127.0.0.1"], "loopback"),
            (["::1"], "loopback"),
            (["169.254.169.254"], "the metadata service of a cloud"),
            (["93.184.216.34", "127.0.0.1"], "loopback"),
            (["127.0.0.1", "93.184.216.34"], "loopback"),
            (["2606:4700::1111", "10.0.0.1"], "private"),
            (["::ffff:127.0.0.1"], "an IPv4 address mapped into IPv6"),
            (["64:ff9b::7f00:1"], "an IPv4 address behind NAT64"),
            (["2002:7f00:1::"], "an IPv4 address tunnelled by 6to4"),
            (["fe80::1%lo"], "link-local"),
        ],
        ids=",".join,
    )
    def test_a_name_with_any_address_that_is_not_public_is_refused(
        self, delivery: DeliveryWay, watched, answers: list[str], what: str
    ) -> None:
        port, connections = watched
        resolve, asked = resolving(answers)
        with pytest.raises(AddressRefused) as caught:
            delivery.send(post(f"https://{NAME}:{port}/in?token=secret"), networks=(), resolve=resolve)
        error = caught.value
        assert str(error) == f"write at https://{NAME}:{port}/in: the host has an address that is {what}"
        assert error.outcome is Outcome.FINAL
        assert "private_networks" in (error.hint or "")
        assert asked == [NAME]
        assert connections == []

    def test_what_was_judged_is_what_is_dialled(self, delivery: DeliveryWay, dialled: list[str]) -> None:
        """A name that is public when asked and loopback when asked again: it is not asked again."""
        resolve, asked = resolving(["93.184.216.34"], ["127.0.0.1"])
        with pytest.raises(ConnectionFailed):
            delivery.send(post(f"https://{NAME}/"), networks=(), resolve=resolve)
        assert dialled == ["93.184.216.34"]
        assert asked == [NAME]

    def test_a_name_that_turns_inward_is_refused_the_next_time(
        self, delivery: DeliveryWay, receiving, ca: str
    ) -> None:
        resolve, _ = resolving(["127.0.0.1"], ["10.0.0.1"])
        with receiving(replying(ok(b"", b"Connection: close"))) as port:
            request = (post(f"https://{NAME}:{port}/"), HERE)
            first, second = delivery.send_all([request, request], resolve=resolve, ca=ca)
        assert isinstance(first, Response)
        assert isinstance(second, AddressRefused)

    @pytest.mark.parametrize(
        ("host", "kind"),
        [
            ("127.0.0.1", AddressRefused),
            ("[::1]", AddressRefused),
            ("[::ffff:127.0.0.1]", AddressRefused),
            ("localhost", AddressRefused),
            ("localhost.", AddressRefused),
            ("169.254.169.254", AddressRefused),
            ("127\u30020\u30020\u30021", AddressRefused),
            ("127.1", Invalid),
            ("2130706433", Invalid),
            ("0x7f.1", Invalid),
            ("0177.0.0.1", Invalid),
            ("127.0.0.1.", Invalid),
            ("127.000.000.001", Invalid),
            ("\u2460\u2461\u2466.0.0.1", Invalid),
            ("127%2e0%2e0%2e1", Invalid),
            ("[fe80::1%25lo]", Invalid),
        ],
    )
    def test_no_spelling_of_an_inner_address_gets_in(
        self, delivery: DeliveryWay, watched, host: str, kind: type[Exception]
    ) -> None:
        port, connections = watched
        resolve, asked = resolving(["127.0.0.1"])
        with pytest.raises(kind):
            delivery.send(post(f"https://{host}:{port}/"), networks=(), resolve=resolve)
        assert asked == []
        assert connections == []

    @pytest.mark.parametrize(
        "url",
        [
            "http://{name}:{port}/",
            "ftp://{name}:{port}/",
            "/in",
            "https://user:secret@{name}:{port}/",
            "https://{name}@127.0.0.1:{port}/",
            "https://{name}:{port}\\@127.0.0.1/",
            "https://{name}:0/",
            "https:///in",
            "https://{name}:{port}/a b",
        ],
    )
    def test_only_plain_https_addresses_are_delivered_to(
        self, delivery: DeliveryWay, watched, url: str
    ) -> None:
        port, connections = watched
        with pytest.raises(Invalid) as caught:
            delivery.send(post(url.format(name=NAME, port=port)))
        assert "secret" not in f"{caught.value}{caught.value.hint}"
        assert connections == []

    def test_an_allowed_network_opens_the_addresses_in_it_alone(
        self, delivery: DeliveryWay, receiving, ca: str
    ) -> None:
        with receiving(replying(ok())) as port:
            url = f"https://127.0.0.1:{port}/"
            opened = delivery.send(post(url), networks=[ip_network("127.0.0.1/32")], ca=ca)
            with pytest.raises(AddressRefused):
                delivery.send(post(url), networks=[ip_network("127.0.0.2/32")], ca=ca)
        assert opened.ok

    def test_every_address_has_to_be_allowed(self, delivery: DeliveryWay, watched) -> None:
        port, connections = watched
        resolve, _ = resolving(["127.0.0.1", "10.0.0.1"])
        with pytest.raises(AddressRefused, match="private"):
            delivery.send(post(f"https://{NAME}:{port}/"), networks=HERE, resolve=resolve)
        assert connections == []

    def test_the_next_address_is_tried_where_one_is_dead(
        self, delivery: DeliveryWay, receiving, ca: str
    ) -> None:
        resolve, _ = resolving(["::1", "127.0.0.1"])
        allowed = [*HERE, ip_network("::1/128")]
        with receiving(replying(ok())) as port:
            assert delivery.send(post(f"https://{NAME}:{port}/"), None, allowed, resolve, ca=ca).ok

    def test_all_of_a_names_addresses_are_tried(self, delivery: DeliveryWay, dialled: list[str]) -> None:
        resolve, _ = resolving(["2606:4700::1111", "1.1.1.1", "8.8.8.8"])
        with pytest.raises(ConnectionFailed):
            delivery.send(post(f"https://{NAME}/"), networks=(), resolve=resolve)
        assert dialled == ["2606:4700::1111", "1.1.1.1", "8.8.8.8"]

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_redirect_is_not_followed(
        self, delivery: DeliveryWay, receiving, watched, ca: str, status: int
    ) -> None:
        port, connections = watched
        reply = b"HTTP/1.1 %d Go\r\nLocation: https://127.0.0.1:%d/\r\nContent-Length: 0\r\n\r\n" % (
            status,
            port,
        )
        with receiving(replying(reply)) as own:
            answer = delivery.send(post(f"https://{NAME}:{own}/"), ca=ca)
        assert (answer.status, answer.headers["location"]) == (status, f"https://127.0.0.1:{port}/")
        assert connections == []

    def test_a_name_that_leads_nowhere_is_told(self, delivery: DeliveryWay) -> None:
        def resolve(_host: str, _port: int) -> list[str]:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")

        with pytest.raises(NameNotResolved) as caught:
            delivery.send(post(f"https://{NAME}/"), resolve=resolve)
        assert caught.value.outcome is Outcome.NOT_SENT

    def test_a_resolver_that_does_not_answer_does_not_outlast_the_limit(self, delivery: DeliveryWay) -> None:
        release = threading.Event()

        def resolve(_host: str, _port: int) -> list[str]:
            release.wait()
            return ["127.0.0.1"]

        with pytest.raises(NameNotResolved):
            delivery.send(post(f"https://{NAME}/"), resolve=resolve, timeouts=Timeouts(connect=0.1))
        release.set()

    def test_proxies_of_the_environment_are_not_used(
        self, delivery: DeliveryWay, receiving, watched, ca: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        port, connections = watched
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        with receiving(replying(ok())) as own:
            assert delivery.send(post(f"https://{NAME}:{own}/"), ca=ca).ok
        assert connections == []


@pytest.mark.parametrize("opened", [open_guarded_transport, open_guarded_async_transport])
class TestOpening:
    def test_the_defaults_will_do(self, opened: Callable[..., object]) -> None:
        kind = GuardedTransport if opened is open_guarded_transport else AsyncGuardedTransport
        assert isinstance(opened(None, SystemClock()), kind)

    @pytest.mark.parametrize(
        "make", ["httpx.Client", "httpx.AsyncClient", "httpx2.Client", "httpx2.AsyncClient"]
    )
    def test_a_client_of_ones_own_is_refused(self, opened: Callable[..., object], make: str) -> None:
        library, _, kind = make.partition(".")
        client = getattr(pytest.importorskip(library), kind)()
        with pytest.raises(ConfigurationError, match=f"{library}.{kind}") as caught:
            opened(client, SystemClock())
        assert "Http(...)" in (caught.value.hint or "")
        close = client.close if kind == "Client" else lambda: asyncio.run(client.aclose())
        close()

    @pytest.mark.parametrize("given", ["https://proxy.example", object(), GuardedTransport])
    def test_anything_else_is_refused_too(self, opened: Callable[..., object], given: object) -> None:
        with pytest.raises(ConfigurationError, match="not used for deliveries"):
            opened(given, SystemClock())

    def test_the_environments_proxies_are_refused(self, opened: Callable[..., object]) -> None:
        with pytest.raises(ConfigurationError, match="from the environment") as caught:
            opened(Http(proxy_from_environment=True), SystemClock())
        assert "Http(proxy=...)" in (caught.value.hint or "")
