"""Deliver webhooks over TLS on loopback: kept in the outbox, refused once, tried again, and verified."""

from __future__ import annotations

import ssl
import threading
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from wsgiref.simple_server import WSGIRequestHandler, make_server

from hamilton_sdk import Http
from hamilton_sdk.clock import SettableClock
from hamilton_sdk.flow import Response
from hamilton_sdk.secrets import SecretBox, StaticSecret
from hamilton_sdk.testing.authority import Authority
from hamilton_sdk.webhooks import Dispatcher, Outbox, VerifiedMessage, Webhook
from hamilton_sdk.webhooks.events import VisitCheckedIn, VisitData
from hamilton_sdk.webhooks.receiving.wsgi import webhook_wsgi

QUIET = type("Quiet", (WSGIRequestHandler,), {"log_message": lambda *_: None})


def main() -> None:
    """Be the sender and the receiver; the clock is set by hand, so that nobody has to wait."""
    clock, secret = SettableClock(datetime.now(UTC)), Webhook.generate_secret()
    answers = [Response(503), Response(204)]

    def handle(message: VerifiedMessage) -> Response:
        print("received: ", message.event().type)
        return answers.pop(0)

    with TemporaryDirectory() as folder:
        authority = Authority(Path(folder))
        identity = authority.issue_server()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(identity.certificate, identity.key)
        receiver = webhook_wsgi(Webhook(secret, clock=clock), handle)
        key = StaticSecret(SecretBox.new_key())  # in production: EnvironmentSecret("HAMILTON_KEY")
        with (
            make_server("127.0.0.1", 0, receiver, handler_class=QUIET) as server,
            Outbox.open(Path(folder) / "hooks.db", key=key, clock=clock) as outbox,
            Dispatcher(outbox, transport=Http(ca=authority.ca)) as dispatcher,
        ):
            server.socket = context.wrap_socket(server.socket, server_side=True)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            # Loopback is no place to deliver to, unless the endpoint is allowed to lie there.
            url, here = f"https://127.0.0.1:{server.server_port}/hooks", ["127.0.0.0/8"]
            outbox.add_endpoint(url, secret=secret, private_networks=here)
            outbox.publish(VisitCheckedIn(timestamp=clock.now(), data=VisitData(visit_id="HV-2026-1")))
            for seconds in (0, 30, 60):  # after a 503 a minute passes at least
                clock.advance(seconds)
                print("tried:    ", dispatcher.deliver_due())
            print("delivered:", outbox.counters().delivered)
            server.shutdown()


if __name__ == "__main__":
    main()
