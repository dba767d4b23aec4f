"""Webhooks in Django: a decorator for views, sync and async."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar, cast, overload

from asgiref.sync import iscoroutinefunction
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from hamilton_sdk.serving.incoming import LARGEST_BODY
from hamilton_sdk.serving.incoming.django import read_request
from hamilton_sdk.webhooks.receiving.verifying import REFUSALS, check_method, noted_refusal, verify

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from hamilton_sdk.errors import RequestRefused, WebhookError
    from hamilton_sdk.webhooks.receiving.verifying import Verifier

__all__ = ["Decorator", "answer_webhook_error", "verified", "verify_request"]

M = TypeVar("M")
M_co = TypeVar("M_co", covariant=True)
P = ParamSpec("P")


def verify_request(request: HttpRequest, hook: Verifier[M], *, largest_body: int = LARGEST_BODY) -> M:
    """The message of a request, if it is genuine; in sync and async views alike.

    Most views want `verified`, which answers refusals too. Where this is called instead, exempt the view from
    CSRF checks, which look for a form in the body first. Django joins headers that were sent twice, with a
    comma, and a value so joined is refused, also where both were the same.

    Args:
        request: Django's, or Django REST framework's.
        hook: Who verifies.
        largest_body: Bytes of the body that are taken, whatever ``DATA_UPLOAD_MAX_MEMORY_SIZE`` says.

    Returns:
        What `hook` makes of it: a `VerifiedMessage`, where that is a `Webhook`.

    Raises:
        WebhookVerificationError: It cannot be trusted.
        RequestRefused: It is too large or not whole; `answer_webhook_error` makes the answer of both.
        ConfigurationError: The body was read before, as a form with files or a stream.
    """
    return verify(read_request(request, largest_body=largest_body), hook)


def answer_webhook_error(error: WebhookError | RequestRefused) -> HttpResponse:
    """The answer to a refused message; logged."""
    told = noted_refusal(error).response()
    return HttpResponse(told.body, status=told.status, headers=dict(told.headers))


class Decorator(Protocol[M_co]):
    """What `verified` gives: it takes a sync or an async view, and gives one of the same kind."""

    @overload
    def __call__(
        self, view: Callable[Concatenate[HttpRequest, M_co, P], Awaitable[HttpResponseBase | None]], /
    ) -> Callable[Concatenate[HttpRequest, P], Coroutine[object, object, HttpResponseBase]]: ...
    @overload
    def __call__(
        self, view: Callable[Concatenate[HttpRequest, M_co, P], HttpResponseBase | None], /
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]: ...


def verified(hook: Verifier[M], *, largest_body: int = LARGEST_BODY) -> Decorator[M]:
    """A decorator: the view gets the message after the request, and only if it is genuine.

    Refused messages are answered by the table of `hamilton_sdk.webhooks.receiving.answers`, and logged;
    `WebhookPayloadError`, when the view raises it, among them. A view that returns None answers 204. The view
    is exempt from CSRF checks: the signature does their work, and they would read the body first. Class-based
    views are decorated as a whole, where their address is: ``verified(hook)(Receiver.as_view())``.

    Args:
        hook: Who verifies.
        largest_body: Bytes of a body that are taken, whatever ``DATA_UPLOAD_MAX_MEMORY_SIZE`` says.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        def opened(request: HttpRequest, *args: object, **kwargs: object) -> Any:  # noqa: ANN401 (what the view gives)
            check_method(request.method)
            return view(request, verify_request(request, hook, largest_body=largest_body), *args, **kwargs)

        @functools.wraps(view)
        def blocking(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            try:
                return _answer(opened(request, *args, **kwargs))
            except REFUSALS as error:
                return answer_webhook_error(error)

        @functools.wraps(view)
        async def awaiting(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            try:
                return _answer(await opened(request, *args, **kwargs))
            except REFUSALS as error:
                return answer_webhook_error(error)

        # As Django itself asks: before Python 3.12, `inspect` does not know the views of async classes.
        is_async = iscoroutinefunction(view)  # pyright: ignore[reportDeprecated] (from 3.12 on it is inspect's)
        return csrf_exempt(awaiting if is_async else blocking)

    return cast("Decorator[M]", decorate)


def _answer(returned: HttpResponseBase | None) -> HttpResponseBase:
    return HttpResponse(status=204) if returned is None else returned
