"""Notifications in Django: decorators for views, sync and async."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from hamilton_sdk.graph.notifications.receiving.answers import (
    FAILURES,
    LARGEST_POST,
    check_method,
    failed,
    hand_over,
    hand_over_async,
)
from hamilton_sdk.serving.incoming.django import read_request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from django.http import HttpRequest

    from hamilton_sdk.flow import Response
    from hamilton_sdk.graph.notifications.models import Received
    from hamilton_sdk.graph.notifications.receiving.answers import AsyncReceives, Receives

__all__ = ["async_notifications_view", "notifications_view"]


def notifications_view(
    receiver: Receives, handle: Callable[[Received], None], *, largest_body: int = LARGEST_POST
) -> Callable[[HttpRequest], HttpResponse]:
    """A view that answers handshakes and hands notifications over; exempt from CSRF checks.

    Failures are answered by the table of `hamilton_sdk.graph.notifications.receiving.answers`, and logged. An
    error of `handle` goes on to Django, which answers 500, so that Graph sends the notifications again.

    Args:
        receiver: Who judges.
        handle: Keeps what was received, within Graph's ten seconds; not called for a handshake.
        largest_body: Bytes of a body that are taken, whatever ``DATA_UPLOAD_MAX_MEMORY_SIZE`` says.
    """

    @functools.wraps(handle)
    def view(request: HttpRequest) -> HttpResponse:
        try:
            received = receiver.receive(*_read(request, largest_body))
        except FAILURES as error:
            return _answer(failed(error))
        return _answer(hand_over(receiver, handle, received))

    return csrf_exempt(view)


def async_notifications_view(
    receiver: AsyncReceives,
    handle: Callable[[Received], Awaitable[None]],
    *,
    largest_body: int = LARGEST_POST,
) -> Callable[[HttpRequest], Coroutine[object, object, HttpResponse]]:
    """The async twin of `notifications_view`, for Django under ASGI.

    Args:
        receiver: Who judges.
        handle: Keeps what was received, within Graph's ten seconds; not called for a handshake.
        largest_body: Bytes of a body that are taken, whatever ``DATA_UPLOAD_MAX_MEMORY_SIZE`` says.
    """

    @functools.wraps(handle)
    async def view(request: HttpRequest) -> HttpResponse:
        try:
            received = await receiver.receive(*_read(request, largest_body))
        except FAILURES as error:
            return _answer(failed(error))
        return _answer(await hand_over_async(receiver, handle, received))

    return csrf_exempt(view)


def _read(request: HttpRequest, largest_body: int) -> tuple[str, bytes]:
    check_method(request.method)
    incoming = read_request(request, largest_body=largest_body)
    return request.META.get("QUERY_STRING", ""), incoming.body


def _answer(told: Response) -> HttpResponse:
    return HttpResponse(told.body, status=told.status, headers=dict(told.headers))
