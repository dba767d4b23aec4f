"""What was signed is verified; any change, and anything that was not signed, is the one error."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.clock import SettableClock
from hamilton_sdk.errors import ConfigurationError, WebhookVerificationError
from hamilton_sdk.webhooks.signing import Webhook
from hamilton_sdk.webhooks.verified import VerifiedMessage
from tests.webhooks.refused import refused
from tests.webhooks.vectors import ED25519_PAIR, SECRET

NOW = datetime(2026, 3, 27, 9, 30, tzinfo=UTC)
BODY = b'{"type":"visit.created"}'
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
WHSK, WHPK = ED25519_PAIR

IDS = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters=".,"), min_size=1, max_size=256
)
# Seconds of 1970 to 9999, all of which a timestamp can be.
TIMES = st.integers(0, 253_402_300_799).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
SETS = [(SECRET,), (WHSK,), (OTHER, WHSK, SECRET)]


def hook(*secrets: str) -> Webhook:
    return Webhook(secrets or (SECRET,), clock=SettableClock(NOW))


@pytest.mark.parametrize("secrets", SETS)
@given(id_=IDS, body=st.binary(), at=TIMES)
def test_what_was_signed_is_verified(secrets: tuple[str, ...], id_: str, body: bytes, at: datetime) -> None:
    made = Webhook(secrets)
    message = made.verify(body, made.sign(id_, body, at), received_at=at)
    assert message == VerifiedMessage(id_, at, body)


def changed_at(text: str, place: int, character: str) -> str:
    return text[:place] + character + text[place + 1 :]


@pytest.mark.parametrize("secrets", SETS)
@pytest.mark.parametrize("part", ["body", "webhook-id", "webhook-timestamp", "webhook-signature"])
@given(data=st.data())
def test_any_changed_byte_is_the_one_error(secrets: tuple[str, ...], part: str, data: st.DataObject) -> None:
    made = hook(*secrets)
    headers = made.sign("msg_1", BODY)
    if part == "webhook-signature":  # of several, each is enough: leave one
        headers[part] = headers[part].partition(" ")[0]
    text = BODY.decode("latin-1") if part == "body" else headers[part]
    place = data.draw(st.integers(0, len(text) - 1))
    changed = changed_at(text, place, data.draw(st.characters(max_codepoint=255).filter(text[place].__ne__)))
    body = changed.encode("latin-1") if part == "body" else BODY
    with pytest.raises(WebhookVerificationError):
        made.verify(body, headers if part == "body" else {**headers, part: changed})


NAMES = ["webhook-id", "Webhook-Timestamp", "webhook-signature", "x"]
VALUES = ["1774603800", "v1," + "A" * 43 + "=", "v1a," + "A" * 86 + "==", "v1a,x", "msg_1"]


@given(
    st.binary(max_size=50),
    st.dictionaries(
        st.sampled_from(NAMES) | st.text(max_size=9), st.text(max_size=60) | st.sampled_from(VALUES)
    )
    | st.lists(
        st.tuples(
            st.sampled_from([name.encode() for name in NAMES]) | st.binary(max_size=9),
            st.binary(max_size=60) | st.sampled_from([value.encode() for value in VALUES]),
        )
    ),
)
def test_arbitrary_bodies_and_headers_are_never_more_than_refused(body: bytes, headers: object) -> None:
    for made in (hook(), hook(WHPK), hook(SECRET, OTHER)):
        with pytest.raises(WebhookVerificationError):
            made.verify(body, headers)  # type: ignore[arg-type]  # of either shape


@given(
    st.binary(max_size=50),
    st.one_of(*[st.tuples(st.just(name), st.text(max_size=60) | st.sampled_from(VALUES)) for name in NAMES]),
)
def test_one_arbitrary_header_beside_good_ones_is_never_more_than_refused(
    body: bytes, changed: tuple[str, str]
) -> None:
    for made in (hook(), hook(WHSK), hook(SECRET, OTHER)):
        good = made.sign("msg_1", body)
        try:
            message = made.verify(body, {**good, **dict([changed])})
        except WebhookVerificationError:
            continue
        assert changed[0] == "x" or good[changed[0].lower()] == changed[1]
        assert message.body == body


@given(st.text(max_size=300) | IDS)
def test_an_id_is_signed_exactly_if_it_is_verified(id_: str) -> None:
    headers = {**hook().sign("msg_1", BODY), "webhook-id": id_}
    try:
        signed = hook().sign(id_, BODY)
    except ConfigurationError:
        with refused("malformed_header"):
            hook().verify(BODY, headers)
    else:
        assert hook().verify(BODY, signed).id == id_
