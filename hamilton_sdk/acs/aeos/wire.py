"""How a message becomes a request and its answer a result: the only place that knows address and password."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from hamilton_sdk.acs.aeos import faults
from hamilton_sdk.acs.aeos.soap import Broken, read_envelope, tag, write_envelope
from hamilton_sdk.flow import Flow, Request, Response, Together, create

if TYPE_CHECKING:
    from collections.abc import Callable

    from hamilton_sdk.acs.aeos.messages import Batch, Message
    from hamilton_sdk.acs.aeos.soap import Reply

__all__ = ["Wire", "both", "several"]

T = TypeVar("T")
U = TypeVar("U")


class _HasId(Protocol):
    @property
    def id(self) -> int: ...


Found = TypeVar("Found", bound=_HasId)


@dataclass(frozen=True, slots=True, repr=False)
class Wire:
    """Sends messages and reads their answers.

    Attributes:
        url: The configured address; the one inside the server's WSDL may be internal.
        authorization: The Basic header, sent with each request.
        largest_answer: Bytes.
        page_size: Records asked for at once.
        undo: Whether requests are marked as compensation.
    """

    url: str
    authorization: str
    largest_answer: int
    page_size: int
    undo: bool = False

    def undoing(self) -> Wire:
        """The same, for compensation."""
        return replace(self, undo=True)

    def call(self, message: Message[T]) -> Flow[T]:
        """Send a message.

        Raises:
            ConnectorError: It failed, or the answer is not what the interface describes.
        """
        request = self._request(message)
        answer: Response = yield request
        return self._result(message, request, answer)

    def create(self, message: Message[T], lookup: Callable[[], Flow[T | None]]) -> Flow[T]:
        """Send a message that makes something, and heal an unknown outcome as `hamilton_sdk.flow.create`."""
        request = self._request(message)
        return (yield from create(request, lookup, lambda answer: self._result(message, request, answer)))

    def every(self, page: Callable[[int, int], Message[Batch[Found]]]) -> Flow[list[Found]]:
        """Everything that a search finds, past the server's cap of 1000 records an answer.

        Args:
            page: Makes the message for an offset and a size. The offset counts records from 0.
        """
        found: dict[int, Found] = {}
        offset = 0
        while True:
            batch = yield from self.call(page(offset, self.page_size))
            new = {each.id: each for each in batch.items if each.id not in found}
            found |= new
            # A server that ignores the offset gives the same records again; one repeated record alone is a
            # new one before it that moved the rest.
            if not new or batch.is_last(offset, self.page_size):
                return list(found.values())
            offset += len(batch.items)

    def _request(self, message: Message[T]) -> Request:
        return Request(
            method="POST",
            url=self.url,
            operation=message.operation,
            safety=message.safety,
            headers={
                "content-type": "text/xml; charset=utf-8",
                "soapaction": '""',
                "authorization": self.authorization,
            },
            body=write_envelope(message.root, message.content),
            judge=faults.judge,
            undo=self.undo,
            authenticate=False,
            largest_response=self.largest_answer,
        )

    def _result(self, message: Message[T], request: Request, answer: Response) -> T:
        try:
            reply = read_envelope(answer.body, self.largest_answer)
        except Broken as error:
            if answer.ok:
                raise faults.broken(request, answer, str(error)) from None
            raise faults.failed(request, answer, None, message.refused) from None
        if reply.fault is not None or not answer.ok:
            raise faults.failed(request, answer, reply.fault, message.refused)
        try:
            return _read(message, reply)
        except Broken as error:
            raise faults.broken(request, answer, str(error)) from None


def basic(username: str, password: str) -> str:
    """The header of Basic authentication (RFC 7617), in UTF-8."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")


def _read(message: Message[T], reply: Reply) -> T:
    if reply.root is None:
        if message.done is None:
            raise Broken(_EMPTY)
        return message.done()
    if reply.root.tag != tag(message.reply):
        text = f"another message than <{message.reply}>"
        raise Broken(text)
    return message.read(reply.root)


_EMPTY: Final = "an empty Body"


def both(first: Flow[T], second: Flow[U]) -> Flow[tuple[T, U]]:
    """Two flows at once."""
    results: tuple[T, U] = yield Together((first, second))
    return results[0], results[1]


def several(flows: tuple[Flow[T], ...]) -> Flow[list[T]]:
    """Flows of one kind at once."""
    results: list[T] = yield Together(flows)
    return results
