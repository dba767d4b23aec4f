"""Notifications in Django: views, sync and async."""

from __future__ import annotations

import pytest
from django.test import AsyncRequestFactory, Client, RequestFactory, override_settings
from django.urls import path

from hamilton_sdk.graph.notifications.receiving.django import async_notifications_view, notifications_view
from tests.graph.notifications.receiving.receivers import (
    HANDSHAKE,
    POSTED,
    REFUSED,
    TOKEN,
    TROUBLES,
    AsyncKeeper,
    Keeper,
    async_receiver,
    receiver,
)
from tests.serving.incoming.django_site import ready

ready()
JSON = "application/json"


def request(factory, posted=b"", query="", method="POST"):
    return factory.generic(method, f"/graph?{query}", posted, JSON)


def call(posted=b"", query="", method="POST", trouble=None, keeper=None):
    with receiver(trouble) as gate:
        return notifications_view(gate, keeper or Keeper())(request(RequestFactory(), posted, query, method))


async def acall(posted=b"", query="", method="POST", trouble=None, keeper=None):
    async with async_receiver(trouble) as gate:
        view = async_notifications_view(gate, keeper or AsyncKeeper())
        return await view(request(AsyncRequestFactory(), posted, query, method))


async def test_the_handshake_is_answered():
    for told in (call(query=HANDSHAKE), await acall(query=HANDSHAKE)):
        assert (told.status_code, told.content) == (200, TOKEN)
        assert told.headers["content-type"] == "text/plain; charset=utf-8"
        assert told.headers["x-content-type-options"] == "nosniff"


async def test_notifications_are_handed_over_and_answered_with_202():
    keeper, waiting = Keeper(), AsyncKeeper()
    for told in (call(POSTED, keeper=keeper), await acall(POSTED, keeper=waiting)):
        assert (told.status_code, told.content) == (202, b"")
    assert [len(each.changes) for each in (*keeper.got, *waiting.got)] == [1, 1]


async def test_what_was_kept_is_not_handed_over_again():
    keeper, waiting = Keeper(), AsyncKeeper()
    with receiver() as gate:
        view = notifications_view(gate, keeper)
        for _ in range(2):
            view(request(RequestFactory(), POSTED))
    async with async_receiver() as gate:
        aview = async_notifications_view(gate, waiting)
        for _ in range(2):
            await aview(request(AsyncRequestFactory(), POSTED))
    assert [len(each.changes) for each in (*keeper.got, *waiting.got)] == [1, 0, 1, 0]


@REFUSED
async def test_what_is_not_taken_is_refused(query, posted, status):
    keeper, waiting = Keeper(), AsyncKeeper()
    assert call(posted, query, keeper=keeper).status_code == status
    assert (await acall(posted, query, keeper=waiting)).status_code == status
    assert keeper.got == waiting.got == []


async def test_another_method_is_refused():
    for told in (call(method="GET"), await acall(method="GET")):
        assert (told.status_code, told.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_what_cannot_be_judged_is_answered_with_503(trouble):
    assert call(POSTED, trouble=trouble).status_code == 503
    assert (await acall(POSTED, trouble=trouble)).status_code == 503


@pytest.mark.parametrize("does", [OSError("full"), 202])
async def test_what_could_not_be_kept_is_djangos_500(does):
    with pytest.raises((OSError, TypeError)):
        call(POSTED, keeper=Keeper(does))
    with pytest.raises((OSError, TypeError)):
        await acall(POSTED, keeper=AsyncKeeper(does))


class Site:
    """Addresses of one view."""

    def __init__(self, view) -> None:
        self.urlpatterns = [path("graph", view)]


def test_it_is_exempt_from_csrf_checks():
    with receiver() as gate, override_settings(ROOT_URLCONF=Site(notifications_view(gate, Keeper()))):
        client = Client(enforce_csrf_checks=True)
        assert client.post(f"/graph?{HANDSHAKE}", b"", content_type="text/plain").content == TOKEN
        assert client.post("/graph", POSTED, content_type=JSON).status_code == 202
