"""Several reads in one request: $batch. Flows.

At most 20 a request, and four for one mailbox, which is what Outlook works on at the same time: a fifth is
answered 429 (microsoft-graph-docs issue 8760). Each item is throttled by itself, inside a 200.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from hamilton_sdk.flow import Now, Request, Response, Safety
from hamilton_sdk.graph.exchange import faults
from hamilton_sdk.graph.exchange.nodes import Node, node, nodes, text, whole
from hamilton_sdk.graph.exchange.wire import Call
from hamilton_sdk.retry_after import retry_after_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hamilton_sdk.errors import ConnectorError
    from hamilton_sdk.flow import Flow
    from hamilton_sdk.graph.exchange.tenant import Tenant

__all__ = ["batch"]

_ITEMS: Final = 20
_OF_ONE_MAILBOX: Final = 4
_UNSERVED: Final = frozenset({412, 424, 429, 500, 502, 503, 504})
"""What is asked again: too many, the failure of another item, or none that says anything of a read."""


def batch(tenant: Tenant, calls: Sequence[Call]) -> Flow[list[Node | ConnectorError]]:
    """Perform reads together.

    Returns:
        The answer of each call or its error, in the order of the calls.

    Raises:
        ConnectorError: A batch as a whole failed, or some of its items were not served in time.
    """
    results: dict[int, Node | ConnectorError] = {}
    # One after the other: at once they would be more than four for a mailbox again.
    for chunk in _chunks(calls):
        results |= yield from _perform(tenant, chunk)
    return [results[place] for place in range(len(calls))]


def _chunks(calls: Sequence[Call]) -> list[dict[int, Call]]:
    """Calls by their place, in as few requests as the limits allow."""
    chunks: list[dict[int, Call]] = []
    counts: list[Counter[str]] = []
    for place, call in enumerate(calls):
        mailbox = (call.mailbox or "").lower()
        fitting = (
            number
            for number, chunk in enumerate(chunks)
            if len(chunk) < _ITEMS and counts[number][mailbox] < _OF_ONE_MAILBOX
        )
        number = next(fitting, len(chunks))
        if number == len(chunks):
            chunks.append({})
            counts.append(Counter[str]())
        chunks[number][place] = call
        counts[number][mailbox] += 1
    return chunks


def _perform(tenant: Tenant, calls: Mapping[int, Call]) -> Flow[dict[int, Node | ConnectorError]]:
    left, answer = dict(calls), None
    results: dict[int, Node | ConnectorError] = {}
    while left:
        # What was not served is asked again: delay, attempts and budget go on from that answer.
        request = replace(_request(tenant, left), retry_of=answer)
        answer = yield request
        assert isinstance(answer, Response)  # noqa: S101 (what a request is answered with)
        served = {whole(each, "id"): each for each in tenant.wire.read(request, answer, _responses)}
        waits: list[float | None] = []
        for place in list(left):
            item = served.get(place)
            status = None if item is None else whole(item, "status")
            if item is None or status is None or status in _UNSERVED:
                now: datetime = yield Now()
                waits.append(None if item is None else retry_after_seconds(_headers(item), now))
                continue
            results[place] = _result(tenant, left.pop(place), item, status, answer)
        answer = replace(answer, retry_after=max((each for each in waits if each is not None), default=None))
    return results


def _responses(answer: Node) -> list[Node]:
    return nodes(answer, "responses")


def _request(tenant: Tenant, calls: Mapping[int, Call]) -> Request:
    items = [_item(tenant, place, call) for place, call in calls.items()]
    whole_batch = Call(
        operation="batch", path="/$batch", method="POST", safety=Safety.SAFE, body={"requests": items}
    )
    return tenant.wire.request(whole_batch)


def _item(tenant: Tenant, place: int, call: Call) -> Node:
    request = tenant.wire.request(call)
    prefix = tenant.wire.prefix
    return {
        "id": str(place),
        "method": request.method,
        "url": request.url.removeprefix(prefix),
        "headers": dict(request.headers),
    }


def _headers(item: Node) -> dict[str, str]:
    return {name.lower(): str(value) for name, value in node(item, "headers").items()}


def _result(
    tenant: Tenant, call: Call, item: Node, status: int, whole_answer: Response
) -> Node | ConnectorError:
    body = node(item, "body")
    # What is no JSON comes as text, for example a gateway's page.
    content = json.dumps(body) if body else text(item, "body") or ""
    answer = replace(
        whole_answer, status=status, headers=_headers(item), body=content.encode(), retry_after=None
    )
    request = tenant.wire.request(call)
    return body if answer.ok else faults.failed(request, answer)
