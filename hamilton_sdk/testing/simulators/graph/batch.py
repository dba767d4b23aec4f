"""$batch: up to twenty requests in one, each throttled by itself, and dependants of the failed refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast
from urllib.parse import urlsplit

from hamilton_sdk.flow import Request, Safety
from hamilton_sdk.testing.simulators.graph.errors import Refused

if TYPE_CHECKING:
    from hamilton_sdk.flow import Response
    from hamilton_sdk.testing.simulators.graph.wire import Call, Document

__all__ = ["Item", "item_document", "read_batch"]

_MOST: Final = 20


class Item:
    """One request of a batch.

    Attributes:
        id: Unique in the batch.
        request: As if it had come alone.
        depends_on: Ids of those that must have succeeded.
    """

    def __init__(self, id: str, request: Request, depends_on: tuple[str, ...]) -> None:  # noqa: A002
        self.id = id
        self.request = request
        self.depends_on = depends_on


def read_batch(call: Call) -> list[Item]:
    """The requests of a batch.

    Raises:
        Refused: It is not one.
    """
    requests = call.document().get("requests")
    if not isinstance(requests, list) or not requests:
        _refuse("Invalid batch payload format.")
    entries = cast("list[object]", requests)
    if len(entries) > _MOST:
        _refuse(f"Number of batch request steps exceeds the maximum value of {_MOST}.")
    items = [_item(call, each) for each in entries]
    seen: set[str] = set()
    for item in items:
        if item.id.lower() in seen:
            _refuse("Request ids of a batch must be unique.")
        if not {each.lower() for each in item.depends_on} <= seen:
            _refuse("A request depends on an unknown or later one.")
        seen.add(item.id.lower())
    dependent = sum(bool(item.depends_on) for item in items)
    # Either wholly sequential, each on the one before it, or wholly parallel.
    if dependent not in (0, len(items) - 1):
        _refuse("A batch must be either wholly sequential or wholly parallel.")
    return items


def _item(call: Call, given: object) -> Item:
    document = cast("Document", given) if isinstance(given, dict) else {}
    key, method, url = (document.get(name) for name in ("id", "method", "url"))
    if not (isinstance(key, str) and key and isinstance(method, str) and isinstance(url, str)):
        _refuse("A request of a batch needs id, method and url.")
    parts = urlsplit(url)
    if parts.scheme or parts.netloc:
        _refuse("The url of a request of a batch must be relative.")
    headers: dict[str, str] = {
        name.lower(): str(value) for name, value in cast("Document", document.get("headers") or {}).items()
    }
    body = document.get("body")
    if body is not None and "content-type" not in headers:
        _refuse("A request of a batch with a body needs a Content-Type header.")
    request = Request(
        method=method.upper(),
        url=f"{call.base}/v1.0/{url.lstrip('/')}",
        operation="batch",
        safety=Safety.UNSAFE,
        headers={"authorization": call.headers.get("authorization", ""), **headers},
        body=b"" if body is None else json.dumps(body).encode(),
    )
    return Item(key, request, tuple(str(each) for each in document.get("dependsOn") or ()))


def item_document(item: Item, response: Response) -> Document:
    """One of the responses of a batch; a body that is no JSON comes as text."""
    found: dict[str, Any] = {"id": item.id, "status": response.status, "headers": _shown(response)}
    if response.body:
        try:
            found["body"] = json.loads(response.body)
        except ValueError:
            found["body"] = response.body.decode("utf-8", "replace")
    return found


def _shown(response: Response) -> dict[str, str]:
    return {
        "-".join(part.capitalize() for part in name.split("-")): value
        for name, value in response.headers.items()
    }


def _refuse(message: str) -> NoReturn:
    raise Refused(400, "BadRequest", message)
